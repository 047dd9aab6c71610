/**
 * Long campaigns of kills: `npm run soak -- NAME [--rounds N] [--seed N]`; without a name, all of them. `npm test` runs
 * some rounds of each. Exits 1 at the first promise that is broken, naming round and seed. The trial `smpp-fuzz` kills
 * nothing: it sends mutated PDUs, 2,000 a round.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#platform/postgres/embedded';
import { campaigns } from './soak/campaigns.ts';
import { runCampaign } from './soak/run-campaign.ts';
import { fuzzSmpp } from './soak/smpp-fuzz.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
});
const FUZZ = 'smpp-fuzz';
const known = [...Object.keys(campaigns), FUZZ];
const names = positionals.length > 0 ? positionals : known;
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`no campaign ${unknown}; there are ${known.join(', ')}`);
  process.exit(2);
}
if (names.includes(FUZZ)) await fuzz();
if (names.every((name) => name === FUZZ)) process.exit();

const folder = mkdtempSync(join(tmpdir(), 'xinlai-soak-postgres-'));
const postgres = await startEmbeddedPostgres(folder);
try {
  for (const name of names) await soak(name);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function fuzz(): Promise<void> {
  console.log(`${FUZZ}: mutated PDUs hang, crash and leak nothing`);
  const seed = Number(values.seed);
  const told = (sent: number): void => {
    if (sent % 50_000 === 0) console.log(`${FUZZ}: ${sent} PDUs`);
  };
  try {
    const sent = await fuzzSmpp({ pdus: Number(values.rounds) * 2000, seed, onProgress: told });
    console.log(`${FUZZ}: held over ${sent} PDUs, seed ${values.seed}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

async function soak(name: string): Promise<void> {
  const campaign = campaigns[name];
  if (campaign === undefined) return;
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database soak_${name}`);
  await client.end();
  console.log(`${name}: ${campaign.promise}`);
  const rounds = Number(values.rounds);
  const units = await runCampaign({
    name,
    campaign,
    url: postgres.url.replace(/\/postgres$/, `/soak_${name}`),
    rounds,
    seed: Number(values.seed),
    onRound: (round, told) => {
      if (round % 50 === 0 || round === rounds) console.log(`${name}: ${round} kills, ${told} units`);
    },
  });
  console.log(`${name}: held over ${rounds} kills and ${units} units, seed ${values.seed}`);
}
