import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freshApp, type TestApp, type TestKey } from '#test/app';
import { approvedVersion, type ApprovedVersion } from '../rig.ts';

let product: TestApp;
let agency: TestKey;
let made: ApprovedVersion;
const URL = '/api/v1/messaging/messages';

before(async () => {
  product = await freshApp();
  agency = await product.keyOf('agency');
  made = await approvedVersion(product.app.database, agency.caller, {
    class: 'otp',
    body: '您的驗證碼是 {{code}}，十分鐘內有效，如非本人操作請洽',
    fields: [{ name: 'code', type: 'code', maxLength: 8 }],
  });
});
after(() => product[Symbol.asyncDispose]());

const message = (over: object = {}): object => ({
  templateVersionId: made.versionId,
  number: '0912-345-678',
  values: { code: '482913' },
  ...over,
});
const chunksOf = async (): Promise<{ row_count: number; class: string; vault_id: string }[]> =>
  (
    await product.app.database.pool.query(
      'select row_count, class, vault_id from messaging.chunk order by id',
    )
  ).rows;

test('a text is accepted, stored sealed, queued, counted and reserved in one commit', async () => {
  const answer = await agency.send('POST', URL, message());
  assert.equal(answer.statusCode, 202, answer.body);
  const { id, parts } = answer.json<{ id: string; parts: number }>();
  assert.equal(parts, 1);
  const { pool } = product.app.database;
  const [queued, tally, quota] = await Promise.all([
    pool.query('select class from messaging.chunk_queue'),
    pool.query("select messages, parts from messaging.tally where kind = 'accepted'"),
    pool.query('select parts from messaging.quota_use'),
  ]);
  assert.deepEqual(queued.rows, [{ class: 'otp' }]);
  assert.deepEqual(tally.rows, [{ messages: 1, parts: 1 }]);
  assert.deepEqual(quota.rows, [{ parts: 1 }]);
  const state = await agency.send('GET', `${URL}/${id}`);
  assert.equal(state.statusCode, 200, state.body);
  assert.equal(state.json<{ state: string }>().state, 'waiting');
});

test('a number, a value or a text is nowhere but in the vault', async () => {
  await agency.send('POST', URL, message({ number: '0987654321', values: { code: '774411' } }));
  const { pool } = product.app.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    for (const { row } of rows) {
      assert.ok(!/987654321|774411/u.test(row), `${name} holds it: ${row.slice(0, 200)}`);
      assert.ok(!row.includes(Buffer.from('987654321').toString('hex')), `${name} holds it in bytes`);
    }
  }
});

test('the same key and content answer the same id, other content is refused, at once or later', async () => {
  const before = (await chunksOf()).reduce((sum, { row_count }) => sum + row_count, 0);
  const key = { 'idempotency-key': 'order-1' };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => agency.send('POST', URL, message(), key)),
  );
  const ids = new Set(answers.map((answer) => answer.json<{ id: string }>().id));
  assert.equal(ids.size, 1);
  assert.equal(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined).length, 1);
  const later = await agency.send('POST', URL, message(), key);
  assert.ok(ids.has(later.json<{ id: string }>().id));
  const other = await agency.send('POST', URL, message({ values: { code: '111111' } }), key);
  assert.equal(other.statusCode, 422);
  assert.equal(other.json<{ code: string }>().code, 'messaging.idempotency_key_reused');
  const after = (await chunksOf()).reduce((sum, { row_count }) => sum + row_count, 0);
  assert.equal(after - before, 1, 'one text, whatever the number of requests');
});

test('what cannot be sent is refused with a reason and leaves nothing', async () => {
  const before = (await chunksOf()).length;
  const refused: readonly [object, number, string][] = [
    [message({ number: '02-2380-8411' }), 422, 'messaging.number_not_mobile'],
    [message({ values: {} }), 422, 'messaging.value_missing'],
    [message({ values: { code: '482913', name: 'x' } }), 422, 'messaging.value_unknown'],
    [message({ values: { code: 'https://evil.example' } }), 422, 'messaging.value_refused'],
    [message({ sendAt: '2020-01-01T00:00:00Z' }), 422, 'messaging.send_at_out_of_range'],
    [message({ templateVersionId: 'tpv_0000000000000000' }), 404, 'messaging.version_not_found'],
  ];
  for (const [body, status, code] of refused) {
    const answer = await agency.send('POST', URL, body);
    assert.equal(answer.json<{ code: string }>().code, code, answer.body);
    assert.equal(answer.statusCode, status, code);
    assert.ok(!/2380|evil/u.test(answer.body) || code === 'messaging.value_refused', answer.body);
  }
  assert.equal((await chunksOf()).length, before);
});

test('a template of another agency does not exist', async () => {
  const other = await product.keyOf('agency');
  const answer = await other.send('POST', URL, message());
  assert.equal(answer.statusCode, 404);
  const mine = (await agency.send('POST', URL, message())).json<{ id: string }>();
  assert.equal((await other.send('GET', `${URL}/${mine.id}`)).statusCode, 404);
  assert.deepEqual((await other.send('GET', URL)).json<{ items: unknown[] }>().items, []);
});

test('in a bulk call each text has its own answer, and the end of a quota refuses those beyond it alone', async () => {
  const { pool } = product.app.database;
  const { rows } = await pool.query<{ parts: number }>('select parts from messaging.quota_use');
  await pool.query('update messaging.agency_policy set month_parts = $1', [(rows[0]?.parts ?? 0) + 3]);
  const answer = await agency.send('POST', `${URL}/bulk`, {
    messages: [
      message({ number: 'nobody' }),
      ...Array.from({ length: 5 }, (_, index) => message({ number: `091200000${index}` })),
    ],
  });
  assert.equal(answer.statusCode, 200, answer.body);
  const { results } = answer.json<{ results: { accepted?: unknown; problem?: { code: string } }[] }>();
  assert.equal(results[0]?.problem?.code, 'messaging.number_not_mobile');
  assert.equal(results.filter(({ accepted }) => accepted !== undefined).length, 3);
  assert.equal(results.filter(({ problem }) => problem?.code === 'messaging.quota_exceeded').length, 2);
  await pool.query('update messaging.agency_policy set month_parts = 1000000');
});

test('many requests at once share commits, and every one is there', async () => {
  const before = await chunksOf();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      agency.send('POST', URL, message({ number: `0933${String(index).padStart(6, '0')}` })),
    ),
  );
  assert.ok(answers.every(({ statusCode }) => statusCode === 202));
  const fresh = (await chunksOf()).slice(before.length);
  assert.equal(
    fresh.reduce((sum, { row_count }) => sum + row_count, 0),
    200,
  );
  assert.ok(fresh.length < 200, `${fresh.length} chunks`);
  const { items, nextCursor } = (await agency.send('GET', `${URL}?limit=7`)).json<{
    items: { id: string }[];
    nextCursor: string;
  }>();
  const next = (await agency.send('GET', `${URL}?limit=200&cursor=${nextCursor}`)).json<{
    items: { id: string }[];
  }>();
  assert.equal(new Set([...items, ...next.items].map(({ id }) => id)).size, 207);
});
