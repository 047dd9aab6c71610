/** What a sandbox holds at its first start: invented sources with a planted truth, organisations, people and keys. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateSources } from '#contexts/operators';
import { systemCaller } from '#platform/access';
import { seedSandboxAccess } from '#platform/auth/sandbox-access';
import type { Config } from '#platform/config';
import { writeSandboxFile, type SandboxFile } from '#platform/sandbox-file';
import type { App } from './app.ts';

/** The day of the audit that the sandbox reproduces. */
const AS_OF = '2023-11-30';
const SEED = 1;
const LONGEST_WAIT_MS = 170_000;

/** Fills an empty sandbox, waits until its first result stands, and writes `sandbox.json`. */
export async function prepareSandbox(app: App, config: Config, baseUrl: string): Promise<SandboxFile> {
  if (!(await app.operators.hasRun()))
    await importSynthetic(app, join(config.dataFolder, 'sandbox', 'sources'));
  const path = join(config.dataFolder, 'sandbox.json');
  const operatorUbn = (await app.operators.firmWithFinding()) ?? '04595257';
  const smppPort = app.messaging.smppPort();
  const simulators = smppPort === null ? {} : { agencySmpp: `smpp://127.0.0.1:${smppPort}` };
  const content = await seedSandboxAccess(app.auth, { path, baseUrl, operatorUbn, simulators });
  await app.messaging.seedAgency({
    organisationId: 'org_sandbox_agency',
    name: '消費安心示範署',
    authorId: 'per_sandbox_agency',
    approverId: 'per_sandbox_agency-reviewer',
    ministryId: 'per_sandbox_reviewer',
  });
  await writeSandboxFile(path, content);
  app.offerSignIns(content);
  return content;
}

async function importSynthetic(app: App, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await generateSources({ seed: SEED, out: folder });
  const names = (await readdir(folder)).sort();
  const files = names.map((name) => ({ name, path: join(folder, name) }));
  await app.operators.importFiles(files, AS_OF, systemCaller('sandbox'));
  for (let waited = 0; !(await app.operators.hasRun()) && waited < LONGEST_WAIT_MS; waited += 200)
    await sleep(200);
}
