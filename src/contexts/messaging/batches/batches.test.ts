import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { freshApp, type TestApp, type TestKey } from '#test/app';
import type { Caller } from '#platform/access';
import { newId } from '#platform/id';
import { approvedVersion, type ApprovedVersion } from '../rig.ts';
import type { MessagingTables } from '../tables.ts';

let app: TestApp;
let agency: TestKey;
let second: TestKey;
let version: ApprovedVersion;
const db = () => app.app.database.of<MessagingTables>('messaging');

before(async () => {
  app = await freshApp();
  agency = await app.keyOf('agency');
  second = await keyOf({ ...agency.caller, actorId: newId('usr') });
  version = await approvedVersion(app.app.database, agency.caller, {
    class: 'batch',
    body: '{{姓名}}您好，您的補助已核定。如有疑問請洽',
    fields: [{ name: '姓名', type: 'text', maxLength: 20 }],
  });
  await sql`update messaging.service set send_from = '00:00', send_until = '00:00'`.execute(db());
  await sql`update messaging.agency_policy set four_eyes_rows = 3`.execute(db());
  // No link sends here: what these tests look at comes before.
  await sql`update messaging.link set state = 'disabled'`.execute(db());
});
after(async () => {
  await app[Symbol.asyncDispose]();
});

/** A key of its own for a person of the agency. */
async function keyOf(caller: Caller): Promise<TestKey> {
  const { secret } = await app.app.auth.keys.create(caller, {
    name: 'another',
    space: 'test',
    scopes: [...caller.permissions],
  });
  return {
    caller,
    authorization: `Bearer ${secret}`,
    send: (method, url, body, headers = {}) =>
      app.app.http.inject({
        method,
        url,
        headers: { authorization: `Bearer ${secret}`, ...headers },
        ...(body !== undefined && { payload: body as object }),
      }),
  };
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly contentHash: string | null;
  readonly rows: number;
  readonly badRows: number;
  readonly duplicates: number;
  readonly problem: { readonly zh: string } | null;
}

const base = '/api/v1/messaging/batches';
const get = async (id: string): Promise<Shown> => (await agency.send('GET', `${base}/${id}`)).json<Shown>();

async function until(id: string, ...states: string[]): Promise<Shown> {
  for (let tries = 0; tries < 400; tries += 1) {
    const { state } = await db()
      .selectFrom('batch')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (states.includes(state)) return get(id);
    await sleep(50);
  }
  throw new Error(`${id} never became ${states.join(' or ')}: ${JSON.stringify(await get(id))}`);
}

async function put(id: string, path: string, csv: string | Buffer, query = '?again=true') {
  const head = '--B\r\ncontent-disposition: form-data; name="file"; filename="list.csv"\r\n\r\n';
  return app.app.http.inject({
    method: 'PUT',
    url: `${base}/${id}/${path}${query}`,
    headers: { authorization: agency.authorization, 'content-type': 'multipart/form-data; boundary=B' },
    payload: Buffer.concat([Buffer.from(head), Buffer.from(csv), Buffer.from('\r\n--B--\r\n')]),
  });
}

async function draft(more: object = {}): Promise<string> {
  const made = await agency.send('POST', base, {
    name: '補助',
    templateVersionId: version.versionId,
    ...more,
  });
  assert.equal(made.statusCode, 201, made.body);
  return made.json<Shown>().id;
}

async function checked(csv: string, more: object = {}): Promise<string> {
  const id = await draft(more);
  const answer = await put(id, 'file', csv);
  assert.equal(answer.statusCode, 202, answer.body);
  await until(id, 'checked');
  return id;
}

async function sealed(csv: string, more: object = {}): Promise<Shown> {
  const id = await checked(csv, more);
  assert.equal((await agency.send('POST', `${base}/${id}/seal`)).statusCode, 200);
  return until(id, 'sealed');
}

const people = (count: number, from = 10_000_000): string =>
  `手機,姓名\n${Array.from({ length: count }, (_, at) => `09${from + at},王小明`).join('\n')}\n`;

const approve = (key: TestKey, { id, contentHash }: Shown) =>
  key.send('POST', `${base}/${id}/approve`, { contentHash });

test('bad rows are listed, downloaded, corrected and added; what is sealed is the good rows of both files', async () => {
  const id = await checked(
    '手機,姓名\n0912345678,王小明\n02-23808411,李四\n0912-345-678,重複\n912345670,張三\n',
  );
  const first = await get(id);
  assert.deepEqual([first.rows, first.badRows, first.duplicates], [2, 1, 1]);
  const bad = await agency.send('GET', `${base}/${id}/rows?which=bad`);
  const [row] = bad.json<{
    items: { row: number; problems: { column: string; zh: string; value: string }[] }[];
  }>().items;
  assert.deepEqual([row?.row, row?.problems[0]?.column, row?.problems[0]?.value], [3, '手機', '02-23808411']);
  const file = await agency.send('GET', `${base}/${id}/rows/export`);
  assert.match(file.body, /^\uFEFF手機,姓名,原列號,錯誤欄位,原因,reason\r\n02-23808411,李四,3,手機,/u);
  const workbook = await agency.send('GET', `${base}/${id}/rows/export?format=xlsx`);
  assert.equal(workbook.rawPayload.subarray(0, 2).toString(), 'PK');
  const preview = await agency.send('GET', `${base}/${id}/preview`);
  assert.match(preview.json<{ preview: { text: string }[] }>().preview[0]?.text ?? '', /王小明您好/u);

  const corrected = file.body.replace('02-23808411', '0922333444');
  assert.equal((await put(id, 'corrections', corrected)).statusCode, 202);
  await until(id, 'checked');
  assert.equal((await get(id)).rows, 3);
  assert.equal((await agency.send('POST', `${base}/${id}/seal`)).statusCode, 200);
  const batch = await until(id, 'sealed');
  const { rows } = await sql<{ rows: number; chunks: number; queued: number }>`
    select sum(row_count)::int as rows, count(*)::int as chunks,
      (select count(*)::int from messaging.chunk_queue where batch_id = ${id}) as queued
    from messaging.chunk where batch_id = ${id}`.execute(db());
  assert.deepEqual([rows[0]?.rows, rows[0]?.queued, batch.contentHash?.length], [3, 0, 64]);
});

test('no number stands on the disk or in the tables as it was uploaded', async () => {
  const id = await checked(people(3, 87_654_321));
  const folder = join(app.folder, 'messaging', 'staged', 'batches', id);
  const files = readdirSync(folder);
  assert.deepEqual(files.toSorted(), ['1-good', '1-listed', '1-preview', '1-upload']);
  for (const file of files) assert.equal(readFileSync(join(folder, file)).includes('0987654321'), false);
  const { rows } = await sql<{ text: string }>`
    select row_to_json(b)::text || (select json_agg(f)::text from messaging.batch_file f where f.batch_id = b.id) as text
    from messaging.batch b where id = ${id}`.execute(db());
  assert.doesNotMatch(rows[0]?.text ?? '', /87654321/u);
});

test('a file without its columns says so, and is read again with the columns that the agency names', async () => {
  const id = await draft();
  await put(id, 'file', '手機,全名\n0912345678,王小明\n');
  const refused = await until(id, 'draft');
  assert.match(refused.problem?.zh ?? '', /範本欄位 姓名/u);
  await agency.send('POST', `${base}/${id}/read`, { columns: { fields: { 姓名: '全名' } } });
  assert.equal((await until(id, 'checked')).rows, 1);
  // What was said of the columns holds for the corrected rows of the file.
  assert.equal((await put(id, 'corrections', '手機,全名\n0912345679,李四\n')).statusCode, 202);
  assert.equal((await until(id, 'checked')).rows, 2);
});

test('above the threshold somebody else approves, with the hash that was sealed', async () => {
  const batch = await sealed(people(4, 11_000_000));
  const own = await approve(agency, batch);
  assert.equal(own.json<{ code: string }>().code, 'messaging.batch_four_eyes');
  const otherKey = await approve(await keyOf(agency.caller), batch);
  assert.equal(
    otherKey.json<{ code: string }>().code,
    'messaging.batch_four_eyes',
    'a second key of the same person is not a second person',
  );
  const wrong = await approve(second, { ...batch, contentHash: '0'.repeat(64) });
  assert.equal(wrong.json<{ code: string }>().code, 'messaging.batch_hash_differs');
  assert.equal((await approve(second, batch)).statusCode, 200);
  await until(batch.id, 'sending');
  const { rows } = await sql<{ queued: number }>`
    select count(*)::int as queued from messaging.chunk_queue where batch_id = ${batch.id}`.execute(db());
  assert.equal(rows[0]?.queued, 1);
});

test('what was changed after the sealing is not sent', async () => {
  const soon = { sendAt: new Date(Date.now() + 3_600_000).toISOString() };
  const one = await sealed(people(2, 12_000_000), soon);
  const other = await sealed(people(2, 13_000_000), soon);
  await sql`update messaging.chunk set vault_id = (select vault_id from messaging.chunk where batch_id = ${other.id})
    where batch_id = ${one.id}`.execute(db());
  await sql`update messaging.batch set send_at = now() where id = ${one.id}`.execute(db());
  assert.equal((await approve(second, one)).statusCode, 200);
  const failed = await until(one.id, 'failed', 'sending');
  assert.equal(failed.state, 'failed');
  assert.match(failed.problem?.zh ?? '', /雜湊不符/u);
});

test('a batch of another organisation is not there', async () => {
  const id = await draft();
  const stranger = await app.keyOf('agency');
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/preview'],
    ['GET', '/report'],
    ['GET', '/rows?which=bad'],
    ['POST', '/seal'],
    ['POST', '/cancel'],
  ] as const) {
    assert.equal((await stranger.send(method, `${base}/${id}${path}`)).statusCode, 404, path);
  }
});

interface Told {
  readonly accepted: number;
  readonly waiting: number;
  readonly sending: number;
  readonly submitted: number;
  readonly outcomes: Record<string, number>;
}
const sumOf = (told: Told): number =>
  told.waiting +
  told.sending +
  told.submitted +
  Object.values(told.outcomes).reduce((sum, count) => sum + count, 0);

test('paused, resumed and cancelled: the sum of states is what was accepted, and quota goes back', async () => {
  const used = async (): Promise<number> =>
    (await db().selectFrom('quota_use').select('parts').executeTakeFirstOrThrow()).parts;
  const before = await used();
  const batch = await sealed(people(2, 14_000_000));
  assert.equal(await used(), before + 2);
  await approve(second, batch);
  await until(batch.id, 'sending');
  const report = async (): Promise<Told> =>
    (await agency.send('GET', `${base}/${batch.id}/report`)).json<Told>();
  const running = await report();
  assert.deepEqual([running.accepted, sumOf(running)], [2, 2]);
  for (const [act, state] of [
    ['pause', 'paused'],
    ['resume', 'sending'],
    ['cancel', 'cancelled'],
  ] as const) {
    const answer = await agency.send('POST', `${base}/${batch.id}/${act}`);
    assert.equal(answer.json<Shown>().state, state, answer.body);
  }
  assert.equal((await agency.send('POST', `${base}/${batch.id}/resume`)).statusCode, 409);
  for (let tries = 0; tries < 100 && (await used()) !== before; tries += 1) await sleep(50);
  assert.equal(await used(), before);
  const cancelled = await report();
  assert.deepEqual([cancelled.outcomes['cancelled'], sumOf(cancelled)], [2, 2]);
  const csv = await agency.send('GET', `${base}/${batch.id}/report/export`);
  assert.match(csv.body, /結果 outcome,cancelled,2/u);
});

test('at night nobody resumes a batch, and who pauses it keeps it paused in the morning', async () => {
  const batch = await sealed(people(2, 20_000_000));
  await approve(second, batch);
  await until(batch.id, 'sending');
  const act = async (what: string) => {
    const answer = await agency.send('POST', `${base}/${batch.id}/${what}`);
    const { state, pauseReason } = answer.json<{ state: string; pauseReason: string | null }>();
    return [state, pauseReason];
  };
  const hour = Temporal.Now.zonedDateTimeISO('Asia/Taipei').hour;
  const hours = (from: string, until: string) =>
    sql`update messaging.service set send_from = ${from}, send_until = ${until}`.execute(db());
  // An hour of the day that is not this one.
  await hours(`${(hour + 12) % 24}:00`, `${(hour + 12) % 24}:30`);
  try {
    await until(batch.id, 'paused');
    assert.deepEqual(await act('resume'), ['paused', 'quiet-hours']);
    assert.deepEqual(await act('pause'), ['paused', 'person']);
    assert.deepEqual(await act('resume'), ['paused', 'quiet-hours']);
  } finally {
    await hours('00:00', '00:00');
  }
  await until(batch.id, 'sending');
  assert.equal((await agency.send('POST', `${base}/${batch.id}/cancel`)).statusCode, 200);
});

test('of two uploads at once one counts, and it is the one that is read', async () => {
  const id = await draft();
  const answers = await Promise.all([
    put(id, 'file', people(300, 21_000_000)),
    put(id, 'file', people(500, 22_000_000)),
  ]);
  const codes = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
  assert.deepEqual(codes, [202, 409], answers.map(({ body }) => body).join(' '));
  const won = answers.findIndex(({ statusCode }) => statusCode === 202);
  assert.equal((await until(id, 'checked', 'draft')).rows, won === 0 ? 300 : 500);
});

test('failed rows are tried once more under new chunks, and the sum of states stays', async () => {
  const batch = await sealed(people(2, 15_000_000));
  await approve(second, batch);
  await until(batch.id, 'sending');
  await db()
    .transaction()
    .execute(async (trx) => {
      const { endRows } = await import('../dispatch/end-rows.ts');
      const [chunk] = await trx.selectFrom('chunk').select('id').where('batch_id', '=', batch.id).execute();
      const end = (row: number, state: 'delivered' | 'undelivered') => ({
        chunkId: chunk!.id,
        row,
        parts: 1,
        state,
        linkId: null,
        cause: state === 'delivered' ? null : 'undeliverable',
      });
      await endRows(trx, [end(0, 'delivered'), end(1, 'undelivered')]);
      await trx.deleteFrom('chunk_queue').where('batch_id', '=', batch.id).execute();
    });
  await until(batch.id, 'done');
  const failed = await agency.send('GET', `${base}/${batch.id}/failed/export`);
  assert.match(failed.body, /0915000001,王小明,undelivered/u);
  assert.equal((await agency.send('POST', `${base}/${batch.id}/retry`, {})).statusCode, 202);
  await until(batch.id, 'sending');
  const told = (await agency.send('GET', `${base}/${batch.id}/report`)).json<Told>();
  assert.deepEqual([told.accepted, told.waiting, told.outcomes['delivered'], sumOf(told)], [2, 1, 1, 2]);
  const { rows } = await sql<{ retry_rows: number[]; row_count: number }>`
    select retry_rows, row_count from messaging.chunk where batch_id = ${batch.id} and retry_of is not null`.execute(
    db(),
  );
  assert.deepEqual(rows, [{ retry_rows: [1], row_count: 1 }]);
});

test('a reading that died in the middle starts over from the staged file, and nothing half is taken for whole', async () => {
  const id = await checked(people(6, 18_000_000));
  const good = join(app.folder, 'messaging', 'staged', 'batches', id, '1-good');
  // What a kill leaves: a file without its end, and a batch that is still being read.
  writeFileSync(good, readFileSync(good).subarray(0, 60));
  const refused = await agency.send('POST', `${base}/${id}/seal`);
  assert.equal(refused.statusCode, 200);
  await until(id, 'checked');
  assert.equal((await agency.send('POST', `${base}/${id}/read`, {})).statusCode, 202);
  await until(id, 'checked');
  await agency.send('POST', `${base}/${id}/seal`);
  assert.equal((await until(id, 'sealed')).rows, 6);
});

test('a sealing that starts over leaves no chunk twice and no count twice', async () => {
  const id = await checked(people(5, 16_000_000));
  assert.equal((await agency.send('POST', `${base}/${id}/seal`)).statusCode, 200);
  await until(id, 'sealed');
  // As if the process had died after its chunks were written and before the last transaction.
  await sql`update messaging.batch set state = 'checked', sealed_at = null, content_hash = null where id = ${id}`.execute(
    db(),
  );
  await agency.send('POST', `${base}/${id}/seal`);
  await until(id, 'sealed');
  const { rows } = await sql<{ rows: number; accepted: number }>`
    select (select sum(row_count)::int from messaging.chunk where batch_id = ${id}) as rows,
      (select sum(messages)::int from messaging.tally where subject_id = ${id} and kind = 'accepted') as accepted`.execute(
    db(),
  );
  assert.deepEqual(rows, [{ rows: 5, accepted: 5 }]);
});

test('the rest of a batch waits for its canary, and is held where too many of the first fail', async () => {
  const batch = await sealed(people(2, 17_000_000), { canary: { rows: 1, stopAbovePercent: 10 } });
  await approve(second, batch);
  await until(batch.id, 'sending');
  const queued = await db()
    .selectFrom('chunk_queue')
    .select('chunk_id')
    .where('batch_id', '=', batch.id)
    .execute();
  assert.equal(queued.length, 1);
  await db()
    .transaction()
    .execute(async (trx) => {
      const { endRows } = await import('../dispatch/end-rows.ts');
      const chunkId = queued[0]!.chunk_id;
      await endRows(trx, [
        { chunkId, row: 0, parts: 1, state: 'rejected', cause: 'number_invalid', linkId: null },
      ]);
      await trx.deleteFrom('chunk_queue').where('chunk_id', '=', chunkId).execute();
    });
  await until(batch.id, 'paused');
  assert.equal((await agency.send('POST', `${base}/${batch.id}/resume`)).json<Shown>().state, 'sending');
  const rest = await db()
    .selectFrom('chunk_queue')
    .select('chunk_id')
    .where('batch_id', '=', batch.id)
    .execute();
  assert.equal(rest.length, 1);
});
