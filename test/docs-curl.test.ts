import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seedSandboxAccess } from '#platform/auth/sandbox-access';
import { writeSandboxFile } from '#platform/sandbox-file';
import { freshApp, type TestApp } from './app.ts';

const run = promisify(execFile);

/** The commands of a guide, in their order: every block that is marked `sh`. */
function commandsOf(guide: string): string[] {
  const text = readFileSync(fileURLToPath(new URL(`../docs/guides/${guide}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
}

/** Listens on loopback with the people, keys and texts that a sandbox begins with; answers the folder to work in. */
async function openSandbox({ app, folder }: TestApp): Promise<string> {
  const baseUrl = await app.http.listen({ host: '127.0.0.1', port: 0 });
  const path = join(folder, 'data', 'sandbox.json');
  const content = await seedSandboxAccess(app.auth, {
    path,
    baseUrl,
    operatorUbn: '04595257',
    simulators: { agencySmpp: `smpp://127.0.0.1:${app.messaging.smppPort()}` },
  });
  await app.messaging.seedAgency({
    organisationId: 'org_sandbox_agency',
    name: '消費安心示範署',
    authorId: 'per_sandbox_agency',
    approverId: 'per_sandbox_agency-reviewer',
    ministryId: 'per_ministry',
  });
  await writeSandboxFile(path, content);
  return folder;
}

/** Batches go out by day: moves the sandbox to ten in the morning where it is night in Taipei. */
async function byDay(sandbox: TestApp): Promise<void> {
  const now = Temporal.Now.zonedDateTimeISO('Asia/Taipei');
  if (now.hour >= 8 && now.hour < 20) return;
  const morning = now.add({ days: now.hour < 8 ? 0 : 1 }).withPlainTime('10:00');
  const advance = now.until(morning, { largestUnit: 'minutes', smallestUnit: 'minutes' }).toString();
  const { authorization } = await sandbox.keyOf('ministry');
  const answer = await sandbox.app.http.inject({
    method: 'POST',
    url: '/api/v1/sandbox/clock',
    headers: { authorization },
    payload: { advance },
  });
  assert.equal(answer.statusCode, 200, answer.body);
}

/** Runs the commands of a guide in one shell, which ends at the first that fails; answers what they print. */
async function runGuide(guide: string, folder: string): Promise<string> {
  const blocks = commandsOf(guide);
  assert.ok(blocks.length >= 5, `${guide} has ${blocks.length} blocks`);
  // Each block says that it is over, so that a failure names the block.
  const script = blocks.map((block, place) => `${block}\necho "== ${guide} ${place + 1}"`).join('\n');
  const { stdout } = await run('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, HOME: folder },
    maxBuffer: 16 * 1024 * 1024,
  }).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout.slice(-1500)}\n${error.stderr.slice(-1500)}`);
  });
  return stdout;
}

const lacks = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).status !== 0);

test(
  'the commands of the guides to texts do what they say',
  { skip: lacks.length > 0 && `${lacks.join(', ')} missing`, timeout: 170_000 },
  async () => {
    await using sandbox = await freshApp({ XINLAI_ROLES: 'web,worker,smpp' });
    const folder = await openSandbox(sandbox);
    await byDay(sandbox);
    const stdout = await runGuide('agency.md', folder);
    // What the words around the commands promise.
    assert.match(stdout, /678示範市公共自行車：王小明您好/u);
    assert.match(stdout, /"state":"submitted"/u);
    assert.match(stdout, /"replayed":true/u);
    assert.match(stdout, /"state":"delivered"/u);
    assert.match(stdout, /"sent":true,"sender":"消費安心示範署"/u);
    assert.match(stdout, /8\.86912E\+11,林志豪,身障停車證,115\/12\/31,4,手機號碼,/u);
    assert.match(stdout, /"rows":3,"parts":3/u);
    assert.match(stdout, /"accepted":3,"parts":3,/u);
    assert.match(stdout, /受理 accepted,,3/u);
    assert.match(stdout, /"secret":"xk_test_/u);
    assert.match(stdout, /"systemId":"xl\w{10}"/u);

    const operators = await runGuide('messaging-operator.md', folder);
    assert.match(operators, /"name":"中華電信 板橋機房"[^\n]*"state":"disabled"/u);
    assert.match(operators, /"ok":true/u);
    assert.match(operators, /"state":"draining"/u);
    assert.match(operators, /"organisationId":"org_sandbox_agency","used":\d+,"limit":500000/u);
  },
);
