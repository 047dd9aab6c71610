/** What a sandbox holds at its first start: invented sources with a planted truth, organisations, people and keys. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateSources } from '#contexts/operators';
import { systemCaller } from '#platform/access';
import type { Config } from '#platform/config';
import type { App } from './app.ts';

/** The day of the audit that the sandbox reproduces. */
const AS_OF = '2023-11-30';
const SEED = 1;

/** Fills an empty sandbox, waits until its first result stands, and writes `sandbox.json`. */
export async function prepareSandbox(app: App, config: Config, url: string): Promise<void> {
  if (!(await app.operators.hasRun())) {
    const folder = join(config.dataFolder, 'sandbox', 'sources');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await generateSources({ seed: SEED, out: folder });
    const names = (await readdir(folder)).sort();
    await app.operators.importFiles(
      names.map((name) => ({ name, path: join(folder, name) })),
      AS_OF,
      systemCaller('sandbox'),
    );
    for (let waited = 0; !(await app.operators.hasRun()) && waited < 120_000; waited += 200) await sleep(200);
  }
  process.stdout.write(
    `  公開頁面 public pages  ${url}/\n  工作台 console         ${url}/console/\n  API 參考 reference     ${url}/docs\n`,
  );
}
