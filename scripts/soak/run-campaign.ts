import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect, type Database } from '#platform/database';
import { migrate } from '#platform/migrate';
import type { Campaign } from './campaign.ts';

export interface CampaignRun {
  readonly name: string;
  readonly campaign: Campaign;
  /** An empty database. */
  readonly url: string;
  readonly rounds: number;
  /** Decides when each kill falls; the same seed gives the same moments. */
  readonly seed: number;
  onRound?(round: number, acknowledged: number): void;
}

/** Milliseconds of work before a kill, counted from the first acknowledged unit. */
const LONGEST_MS = 400;
/** How PostgreSQL knows the connections of a process that is to be killed. */
const CHILD = 'xinlai_soak_child';

/** Runs a campaign; answers how many units were acknowledged. Throws at the first round that breaks the promise. */
export async function runCampaign(run: CampaignRun): Promise<number> {
  const { campaign, url } = run;
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-soak-'));
  const database = connect(url, 4);
  const acknowledged = new Set<string>();
  const random = generator(run.seed);
  let close: (() => Promise<void>) | undefined;
  try {
    await migrate(database.of('public'), campaign.migrations);
    if (campaign.sql !== undefined) await database.pool.query(campaign.sql);
    close = await campaign.open?.({ database, folder });
    for (let round = 1; round <= run.rounds; round++) {
      await killOne(run, folder, Math.floor(random() * LONGEST_MS), acknowledged);
      await settled(database);
      await campaign.check({ database, folder }, acknowledged).catch((cause: unknown) => {
        throw new Error(`${run.name}: round ${round} of seed ${run.seed}: ${(cause as Error).message}`, {
          cause,
        });
      });
      run.onRound?.(round, acknowledged.size);
    }
    return acknowledged.size;
  } finally {
    await close?.();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** PostgreSQL ends the transactions of a killed process when it notices; until then their locks hold. */
async function settled(database: Database): Promise<void> {
  for (let open = 1; open > 0; await sleep(5)) {
    const { rows } = await database.pool.query<{ open: number }>(
      `select count(*)::int as open from pg_stat_activity where application_name = '${CHILD}' and datname = current_database()`,
    );
    open = rows[0]?.open ?? 0;
  }
}

/** Starts a process, lets it work for a while after its first unit, and kills it. */
async function killOne(
  run: CampaignRun,
  folder: string,
  milliseconds: number,
  acknowledged: Set<string>,
): Promise<void> {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, run.name, `${run.url}?application_name=${CHILD}`, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const first = Promise.withResolvers<void>();
  lines.on('line', (id) => {
    acknowledged.add(id);
    first.resolve();
  });
  await Promise.race([first.promise, ended]);
  if (child.exitCode !== null)
    throw new Error(`${run.name}: the process ended by itself (exit ${child.exitCode})`);
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await ended;
}

/** mulberry32: numbers in 0..1 that follow from the seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
