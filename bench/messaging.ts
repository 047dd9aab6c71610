/**
 * Government texts against Kannel, in one run on one machine, before the same simulated telecom: batches, single texts over
 * HTTP, CPU, one-time passwords and citizens' questions beside a full batch; then files and the codec by themselves.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVersion, report, type Figure } from './harness.ts';
import { bestShape, defaultShape } from './kannel/configuration.ts';
import { startSimulatorProcess } from './kannel/simulator-process.ts';
import { run as runCodec } from './messaging-codec.ts';
import { measureCsv } from './messaging-csv.ts';
import { batchFigures } from './messaging/batch.ts';
import { startProduct, WINDOW } from './messaging/product.ts';
import type { Bench } from './messaging/rounds.ts';
import { singleFigures } from './messaging/single.ts';
import { urgentFigures } from './messaging/urgent.ts';

// On the disk of the product, not in a memory file system: Kannel writes its store here, PostgreSQL syncs here.
const folder = fileURLToPath(new URL('../.cache/bench-messaging', import.meta.url));
const parts: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  batch: batchFigures,
  single: singleFigures,
  urgent: urgentFigures,
};

/** `--only=batch`, `single`, `urgent`, `csv` or `codec` runs that part alone. */
export async function run({ full }: { full: boolean }): Promise<void> {
  const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice(7);
  const chosen = Object.entries(parts).filter(([name]) => only === undefined || name === only);
  const figures = chosen.length === 0 ? [] : await againstKannel(full, chosen);
  if (only === undefined || only === 'csv') figures.push(await measureCsv(full ? 15 : 3));
  if (only === undefined || only === 'codec') await runCodec({ full });
  report(figures);
}

async function againstKannel(
  full: boolean,
  chosen: readonly (readonly [string, (bench: Bench) => Promise<Figure[]>])[],
): Promise<Figure[]> {
  console.log(`peer: ${kannelVersion()}; no fsync in any store of Kannel`);
  console.log(`peer, best: ${JSON.stringify(bestShape)}; as it comes: ${JSON.stringify(defaultShape)}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const interrupted = (): void => process.exit(130);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const simulator = await startSimulatorProcess({ receiptMs: 200 }, [
    '--keep-phones',
    '0',
    '--no-duplicates',
  ]);
  const product = await startProduct(join(folder, 'product'));
  try {
    for (const line of product.settings) console.log(line);
    console.log(
      `fastify ${packageVersion('fastify')}, pg ${packageVersion('pg')}; window of each link ${WINDOW}`,
    );
    console.log('texts of 70 Han characters (mtbatch: 140 octets) with receipts 200 ms after the answer');
    await product.linkTo(simulator.port, 1_000_000);
    const figures: Figure[] = [];
    for (const [, part] of chosen)
      figures.push(...(await part({ product, simulator, folder: join(folder, 'kannel'), full })));
    return figures;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await product.stop();
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function kannelVersion(): string {
  const missing = ['bearerbox', 'smsbox', 'mtbatch'].filter((one) => spawnSync('which', [one]).status !== 0);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} missing: apt-get install kannel`);
  try {
    return `Kannel ${execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'kannel'], { encoding: 'utf8' })}`;
  } catch {
    return 'Kannel of an unknown version';
  }
}
