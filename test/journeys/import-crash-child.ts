/**
 * A process that imports and is killed: `node import-crash-child.ts FOLDER SOURCES AS_OF`. With `-` as SOURCES it imports
 * nothing new and only finishes the jobs that a killed one left. Prints `importing` when the job is asked for, `settled`
 * when no job is left.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../src/app.ts';
import { systemCaller } from '#platform/access';
import { loadConfig } from '#platform/config';
import { createLog } from '#platform/log';

const [folder = '', sources = '-', asOf = ''] = process.argv.slice(2);
const app = await createApp(loadConfig({ ...process.env, XINLAI_DATA: folder }), createLog('silent'));
await app.start();
if (sources !== '-') {
  const names = (await readdir(sources)).sort();
  await app.operators.importFiles(
    names.map((name) => ({ name, path: join(sources, name) })),
    asOf,
    systemCaller('crash-test'),
  );
  process.stdout.write('importing\n');
}
for (;;) {
  const { waiting, running } = await app.jobs.status();
  if (waiting + running === 0) break;
  await sleep(50);
}
process.stdout.write('settled\n');
await app.close();
