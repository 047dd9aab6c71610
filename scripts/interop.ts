/**
 * The product against other implementations: `npm run interop -- [NAME…]`; without a name, all. Prints a line for each
 * comparison and the sums; exits 1 on any disagreement, 2 where a program is missing.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#platform/postgres/embedded';
import type { Interop } from './interop/interop.ts';
import { smppTshark } from './interop/smpp-tshark.ts';
import { kannelAgency } from './interop/kannel-agency.ts';
import { kannelSimulator } from './interop/kannel-simulator.ts';
import { smppReassembly } from './interop/smpp-reassembly.ts';
import { trail } from './interop/trail.ts';

const all: Readonly<Record<string, Interop>> = {
  trail,
  'smpp-tshark': smppTshark,
  'smpp-reassembly': smppReassembly,
  'kannel-simulator': kannelSimulator,
  'kannel-agency': kannelAgency,
};
/** The Debian package of a program that is not called like it. */
const packageOf: Readonly<Record<string, string>> = { bearerbox: 'kannel', smsbox: 'kannel' };
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all);
for (const name of names) {
  if (all[name] === undefined) {
    console.error(`no comparison ${name}; there are ${Object.keys(all).join(', ')}`);
    process.exit(2);
  }
  const missing = all[name].needs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) {
    const packages = new Set(missing.map((program) => packageOf[program] ?? program));
    console.error(`${name} needs ${missing.join(', ')}: apt-get install ${[...packages].join(' ')}`);
    process.exit(2);
  }
}

const base = mkdtempSync(join(tmpdir(), 'xinlai-interop-'));
const postgres = await startEmbeddedPostgres(join(base, 'database'));
let passed = 0;
let failed = 0;
try {
  for (const name of names) await compare(name);
} finally {
  await postgres.stop();
  rmSync(base, { recursive: true, force: true });
}
console.log(`ℹ pass ${passed}\nℹ fail ${failed}`);
process.exitCode = failed === 0 ? 0 : 1;

async function compare(name: string): Promise<void> {
  const interop = all[name];
  if (interop === undefined) return;
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database "interop_${name}"`);
  await client.end();
  const folder = join(base, name);
  mkdirSync(folder);
  console.log(`${name}: ${interop.about}`);
  await interop.run({
    url: postgres.url.replace(/\/postgres$/, `/interop_${name}`),
    folder,
    agree: (what, ours, theirs) => {
      if (ours === theirs) passed += 1;
      else failed += 1;
      console.log(`  ${ours === theirs ? 'agree' : 'DISAGREE'}  ours=${ours} theirs=${theirs}  ${what}`);
    },
  });
}
