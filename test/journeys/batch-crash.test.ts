import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { freshApp } from '#test/app';
import { createApp } from '../../src/app.ts';
import { approvedVersion } from '../../src/contexts/messaging/rig.ts';
import { systemCaller } from '#platform/access';
import { loadConfig } from '#platform/config';
import { createLog } from '#platform/log';

const child = fileURLToPath(new URL('./serving-child.ts', import.meta.url));
const ROWS = 15_000;
const BATCHES = '/api/v1/messaging/batches';

interface Served {
  readonly process: ChildProcess;
  call(method: string, path: string, body?: BodyInit): Promise<Record<string, unknown>>;
}

/** Starts a process on the database and folder that the one before left. */
async function serve(databaseUrl: string, folder: string, authorization: string): Promise<Served> {
  const running = spawn(process.execPath, [child, folder], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(running.stdout, 'data')) as [Buffer];
  const address = line.toString().trim();
  return {
    process: running,
    async call(method, path, body) {
      const answer = await fetch(`${address}${path}`, {
        method,
        headers: {
          authorization,
          ...(typeof body === 'string' && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
      });
      const answered = (await answer.json()) as Record<string, unknown>;
      assert.ok(answer.ok, JSON.stringify(answered));
      return answered;
    },
  };
}

async function kill(served: Served): Promise<void> {
  served.process.kill('SIGKILL');
  if (served.process.exitCode === null && served.process.signalCode === null)
    await once(served.process, 'exit');
}

async function until(served: Served, id: string, state: string): Promise<Record<string, unknown>> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const batch = await served.call('GET', `${BATCHES}/${id}`);
    if (batch['state'] === state) return batch;
    assert.ok(['reading', 'checked', 'sealing'].includes(String(batch['state'])), JSON.stringify(batch));
    await sleep(100);
  }
  throw new Error(`the batch never became ${state}`);
}

test('kill -9 while a file is read and while it is sealed loses no row and doubles none', async (t) => {
  const product = await freshApp();
  const { folder, databaseUrl } = product;
  const agency = await product.keyOf('agency');
  const { versionId } = await approvedVersion(product.app.database, agency.caller, {
    class: 'batch',
    body: '{{姓名}}您好，您的補助已核定，洽詢電話 ',
    fields: [{ name: '姓名', type: 'text', maxLength: 20 }],
  });
  await product.app.close();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const numbers = Array.from({ length: ROWS }, (_, place) => String(910_000_000 + place * 7));
  const csv = `手機,姓名\n${numbers.map((number) => `0${number},王小明`).join('\n')}\n`;

  let served = await serve(databaseUrl, folder, agency.authorization);
  const { id } = (await served.call(
    'POST',
    BATCHES,
    JSON.stringify({ name: '補助', templateVersionId: versionId }),
  )) as { id: string };
  const form = new FormData();
  form.set('file', new Blob([csv]), 'list.csv');
  await served.call('PUT', `${BATCHES}/${id}/file`, form);
  for (const pause of [60]) {
    await sleep(pause);
    await kill(served);
    served = await serve(databaseUrl, folder, agency.authorization);
  }
  const checked = await until(served, id, 'checked');
  assert.equal(checked['rows'], ROWS);
  await served.call('POST', `${BATCHES}/${id}/seal`);
  for (const pause of [20, 150]) {
    await sleep(pause);
    await kill(served);
    served = await serve(databaseUrl, folder, agency.authorization);
  }
  const sealed = await until(served, id, 'sealed');
  assert.equal(sealed['rows'], ROWS);
  await kill(served);

  const config = loadConfig({ XINLAI_DATA: folder, DATABASE_URL: databaseUrl, XINLAI_ROLES: 'web' });
  const after = await createApp(config, createLog('silent'));
  const { pool } = after.database;
  const { rows: chunks } = await pool.query<{ vault_id: string }>(
    'select vault_id from messaging.chunk where batch_id = $1',
    [id],
  );
  const { createKernel } = await import('../../src/kernel.ts');
  const kernel = await createKernel(config, createLog('silent'), 'test');
  const found = await kernel.database
    .of('vault')
    .transaction()
    .execute((trx) =>
      kernel.vault.readMany(
        trx,
        chunks.map(({ vault_id }) => vault_id),
        { caller: systemCaller('crash-test'), legalBasis: 'test' },
      ),
    );
  const kept = [...found.values()].flatMap((value) => (JSON.parse(value) as { numbers: string[] }).numbers);
  const digest = (list: readonly string[]): string =>
    createHash('sha256').update(list.toSorted().join()).digest('hex');
  assert.equal(kept.length, ROWS);
  assert.equal(digest(kept), digest(numbers));
  const { rows: tallies } = await pool.query<{ messages: number }>(
    "select sum(messages)::int as messages from messaging.tally where subject_id = $1 and kind = 'accepted'",
    [id],
  );
  const { rows: quota } = await pool.query<{ parts: number }>(
    'select parts::int as parts from messaging.quota_use where organisation_id = $1',
    [agency.caller.organisation.id],
  );
  assert.equal(tallies[0]?.messages, ROWS, 'counted once');
  assert.equal(quota[0]?.parts, ROWS, 'the quota is taken once');
  await kernel.stop();
  await after.close();
});
