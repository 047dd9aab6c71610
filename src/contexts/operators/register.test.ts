import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freshApp, type TestApp, type TestKey } from '#test/app';
import { generateSources, type Truth } from './synthetic/generate-sources.ts';

interface Source {
  readonly name: string;
  readonly content: Buffer;
}

let product: TestApp;
let ministry: TestKey;
let folder: string;
let truth: Truth;

before(async () => {
  product = await freshApp();
  ministry = await product.keyOf('ministry');
  folder = mkdtempSync(join(tmpdir(), 'xinlai-register-'));
  truth = await generateSources({ seed: 7, out: folder, size: 'small' });
});
after(async () => {
  await product[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function sources(from = folder): Promise<Source[]> {
  const names = (await readdir(from)).sort();
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(join(from, name)) })));
}

/** Uploads files as a browser does and answers the preview. */
async function upload(files: readonly Source[]) {
  const form = new FormData();
  for (const { name, content } of files) form.append('files', new Blob([new Uint8Array(content)]), name);
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  const answer = await product.app.http.inject({
    method: 'POST',
    url: '/api/v1/operators/imports',
    headers: {
      authorization: ministry.authorization,
      'content-type': request.headers.get('content-type') ?? '',
    },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json<{
    id: string;
    files: { id: number; name: string; kind: string | null; problem: { code: string } | null }[];
  }>();
}

async function importAll(files: readonly Source[], asOf = '2023-11-30', more: object = {}) {
  const preview = await upload(files);
  const confirmed = await ministry.send('POST', `/api/v1/operators/imports/${preview.id}/confirm`, {
    asOf,
    ...more,
  });
  assert.equal(confirmed.statusCode, 202, confirmed.body);
  await product.settle();
  return (await ministry.send('GET', `/api/v1/operators/imports/${preview.id}`)).json();
}

async function all<T>(url: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await ministry.send(
      'GET',
      `${url}${url.includes('?') ? '&' : '?'}limit=200${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    assert.equal(page.statusCode, 200, page.body);
    const body: { items: T[]; nextCursor: string | null } = page.json();
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = body.nextCursor;
  }
}

test('an import over the API finds the planted truth, and every count of the funnel opens its list', async () => {
  const done = await importAll(await sources());
  assert.equal(done.state, 'done', JSON.stringify(done));
  const run = (await ministry.send('GET', '/api/v1/operators/runs/latest')).json();
  assert.equal(run.asOf, '2023-11-30');
  const operating = await all<{ ubn: string }>('/api/v1/operators?status=operating');
  assert.deepEqual(operating.map((row) => row.ubn).sort(), [...truth.operating].sort());
  for (const step of run.funnel.filter(
    (one: { opens: { list: string } | null }) => one.opens?.list === 'operators',
  )) {
    const listed = await all(`/api/v1/operators?step=${encodeURIComponent(step.opens.key)}`);
    assert.equal(listed.length, step.count, step.step);
  }
  const findings = await all<{ rule: string; state: string }>('/api/v1/operators/findings');
  assert.equal(findings.length, run.findings);
  assert.ok(findings.every((finding) => finding.state === 'open'));
});

test('findings come highest score first and can be narrowed, dismissed with a reason and reopened', async () => {
  const findings = await all<{ id: string; score: number; name: string; rule: string }>(
    '/api/v1/operators/findings',
  );
  assert.deepEqual(
    findings.map((row) => row.score),
    findings.map((row) => row.score).toSorted((a, b) => b - a),
  );
  const [first] = findings;
  assert.ok(first);
  const narrowed = await all<{ id: string }>(
    `/api/v1/operators/findings?rule=${first.rule}&q=${encodeURIComponent(first.name)}`,
  );
  assert.ok(narrowed.some((row) => row.id === first.id));
  const dismissed = await ministry.send('POST', `/api/v1/operators/findings/${first.id}/dismiss`, {
    reason: '已函文改善',
  });
  assert.equal(dismissed.json().state, 'dismissed');
  assert.equal(
    (await ministry.send('POST', `/api/v1/operators/findings/${first.id}/dismiss`, { reason: '再一次' }))
      .statusCode,
    409,
  );
  assert.equal(
    (await ministry.send('POST', `/api/v1/operators/findings/${first.id}/reopen`)).json().state,
    'open',
  );
  assert.deepEqual(
    (await ministry.send('GET', `/api/v1/operators/findings/${first.id}`))
      .json()
      .history.map((line: { what: string }) => line.what),
    ['opened', 'dismissed', 'reopened'],
  );
});

test('the same files again change nothing: no fact is added and no finding opens twice', async () => {
  const count = async (): Promise<unknown> =>
    (
      await product.app.database.pool
        .query(`select (select count(*) from operators.fact) as facts, (select count(*) from operators.fact where known_to is null) as open,
      (select count(*) from operators.finding) as findings, (select count(*) from operators.operator) as operators`)
    ).rows[0];
  const before = await count();
  const again = await importAll(await sources());
  assert.equal(again.state, 'done');
  for (const file of again.files)
    if (file.changes) assert.deepEqual(file.changes, { appeared: 0, changed: 0, vanished: 0 }, file.name);
  assert.deepEqual(await count(), before);
});

test('a judgement survives a later import, opens no finding again, and can be undone', async () => {
  const conflicts = await all<{ id: string; ubn: string; state: string }>(
    '/api/v1/operators/findings?rule=identifier-conflict&state=open',
  );
  const [conflict] = conflicts;
  assert.ok(conflict, 'the generator plants conflicts');
  const matches = await all<{ key: string; outcome: string; row: { values: { ubn?: string } } }>(
    '/api/v1/operators/matches?outcome=conflict',
  );
  const match = matches.find((one) => one.row.values.ubn === conflict.ubn);
  assert.ok(match);
  const judged = await ministry.send('POST', '/api/v1/operators/judgements', {
    matchKey: match.key,
    verdict: 'same',
    ubn: conflict.ubn,
    reason: '已改名，查證屬同一業者',
  });
  assert.equal(judged.statusCode, 201, judged.body);
  await product.settle();
  const stateOf = async (): Promise<string> =>
    (await ministry.send('GET', `/api/v1/operators/findings/${conflict.id}`)).json().state;
  assert.equal(await stateOf(), 'resolved');
  await importAll(await sources());
  assert.equal(await stateOf(), 'resolved');
  const undone = await ministry.send('POST', `/api/v1/operators/judgements/${judged.json().id}/undo`);
  assert.equal(undone.statusCode, 200, undone.body);
  await product.settle();
  assert.equal(await stateOf(), 'open');
  const acts = await product.app.database.pool.query(
    `select action from audit.entry where action like 'operators.%judge%' order by id`,
  );
  assert.deepEqual(
    acts.rows.map((row) => row.action),
    ['operators.match_judged', 'operators.judgement_undone'],
  );
});

test('a later list closes what vanished, keeps what was known, and says so', async () => {
  const list = (await sources()).find((source) => source.name.includes('公司登記-依營業項目別'));
  assert.ok(list);
  const lines = list.content.toString('utf8').replaceAll('2023-11-30', '2023-12-31').split('\n');
  const gone = lines[1]?.match(/\d{8}/)?.[0] ?? '';
  const later = Buffer.from([lines[0], ...lines.slice(2)].join('\n'));
  const done = await importAll(
    [{ name: '公司登記-依營業項目別-20231231.csv', content: later }],
    '2023-12-31',
  );
  assert.equal(done.state, 'done', JSON.stringify(done.problem));
  assert.deepEqual(done.files[0].changes, { appeared: 0, changed: 0, vanished: 1 });
  const changes = await all<{ ubn: string; change: string }>(`/api/v1/operators/imports/${done.id}/changes`);
  assert.deepEqual(
    changes.map(({ ubn, change }) => ({ ubn, change })),
    [{ ubn: gone, change: 'vanished' }],
  );
  const facts = async (query: string) =>
    (await ministry.send('GET', `/api/v1/operators/${gone}${query}`))
      .json()
      .facts.filter((fact: { source: string }) => fact.source === 'company_by_item');
  assert.notEqual((await facts(''))[0].knownTo, null);
  assert.equal((await facts(`?knownAt=${new Date().toISOString()}`)).length, 0);
});

test('a list that lost more than half of its rows is refused until an officer accepts it', async () => {
  const list = (await sources()).find((source) => source.name.includes('公司登記-依營業項目別'));
  assert.ok(list);
  const lines = list.content.toString('utf8').replaceAll('2023-11-30', '2024-01-31').split('\n');
  const cut = [
    { name: 'cut.csv', content: Buffer.from(lines.slice(0, Math.floor(lines.length / 4)).join('\n')) },
  ];
  const operators = async (): Promise<number> =>
    (
      await product.app.database.pool.query<{ n: number }>(
        'select count(*)::int as n from operators.operator',
      )
    ).rows[0]?.n ?? 0;
  const before = await operators();
  const refused = await importAll(cut, '2024-01-31');
  assert.equal(refused.state, 'failed');
  assert.match(refused.problem.en, /less than half/);
  assert.equal(await operators(), before);
});

test('a file that cannot be read is listed with its problem and takes nothing else down', async () => {
  const bad = join(folder, '..', 'unknown.csv');
  await writeFile(bad, 'a,b,c\n1,2,3\n');
  const preview = await upload([{ name: 'unknown.csv', content: await readFile(bad) }]);
  assert.equal(preview.files[0]?.problem?.code, 'unknown_headers');
  const confirmed = await ministry.send('POST', `/api/v1/operators/imports/${preview.id}/confirm`, {});
  assert.equal(confirmed.statusCode, 202);
  await product.settle();
  const failed = (await ministry.send('GET', `/api/v1/operators/imports/${preview.id}`)).json();
  assert.equal(failed.state, 'failed');
  assert.match(failed.problem.zh, /unknown\.csv/);
  rmSync(bad);
});

test('search finds by number, by two characters of a name and by brand, and never by what it should escape', async () => {
  const [ubn] = truth.operating;
  const hit = (await ministry.send('GET', `/api/v1/operators/search?q=${ubn}`)).json().items[0];
  assert.equal(hit.ubn, ubn);
  const two = [...hit.name].slice(0, 2).join('');
  const found = (
    await ministry.send('GET', `/api/v1/operators/search?q=${encodeURIComponent(two)}&limit=50`)
  ).json().items;
  assert.ok(
    found.some((item: { ubn: string }) => item.ubn === ubn),
    two,
  );
  for (const wild of ['%', '_', '\\', "'", '%25%25']) {
    const answer = await ministry.send('GET', `/api/v1/operators/search?q=${encodeURIComponent(wild)}`);
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.json().items, [], wild);
  }
});

test('an operator sees itself alone', async () => {
  const [ubn = '', other = ''] = truth.operating;
  const firm = await product.keyOf('operator', ubn);
  assert.equal((await firm.send('GET', '/api/v1/operators/own')).json().ubn, ubn);
  for (const url of [
    `/api/v1/operators/${ubn}`,
    `/api/v1/operators/${other}`,
    '/api/v1/operators/findings',
    `/api/v1/operators/search?q=${other}`,
    '/api/v1/operators/imports',
  ])
    assert.equal((await firm.send('GET', url)).statusCode, 403, url);
});

test('other agencies search the open register and see nothing of what closed uploads say', async () => {
  const [ubn = ''] = truth.operating;
  for (const kind of ['agency', 'police', 'verification-body', 'telecom', 'isac-member'] as const) {
    const other = await product.keyOf(kind);
    const found = (await other.send('GET', `/api/v1/operators/search?q=${ubn}`)).json().items;
    assert.deepEqual(
      found.map((hit: { ubn: string; status: string | null }) => [hit.ubn, hit.status]),
      [[ubn, null]],
      kind,
    );
    for (const url of [
      '/api/v1/operators',
      '/api/v1/operators/findings',
      `/api/v1/operators/${ubn}`,
      '/api/v1/operators/runs/latest',
    ])
      assert.equal((await other.send('GET', url)).statusCode, 403, `${kind} ${url}`);
  }
});

test('public pages show open data only', async () => {
  const { rows } = await product.app.database.pool.query<{ ubn: string; balance: string }>(
    `select ubn, payload ->> 'balance' as balance from operators.fact where kind = 'fsc_reply' and ubn is not null and (payload ->> 'balance')::bigint > 1000000 limit 5`,
  );
  assert.ok(rows.length > 0);
  for (const { ubn, balance } of rows) {
    const page = await product.app.http.inject({ url: `/register/${ubn}` });
    assert.equal(page.statusCode, 200);
    assert.ok(page.body.length < 20_000);
    assert.ok(!page.body.includes(balance) && !page.body.includes(Number(balance).toLocaleString('en')));
    assert.equal(page.headers['set-cookie'], undefined);
  }
  const csv = await product.app.http.inject({ url: '/open-data/operators.csv' });
  assert.ok(csv.body.split('\r\n').length > 100);
});
