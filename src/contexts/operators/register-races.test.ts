import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freshApp, type TestApp, type TestKey } from '#test/app';
import { executeRun } from './runs.ts';
import { generateSources } from './synthetic/generate-sources.ts';

let product: TestApp;
let ministry: TestKey;

before(async () => {
  product = await freshApp();
  ministry = await product.keyOf('ministry');
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-races-'));
  try {
    await generateSources({ seed: 11, out: folder, size: 'small' });
    const files = await Promise.all(
      (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name))] as const),
    );
    const { id } = (await upload(files)).json<{ id: string }>();
    await ministry.send('POST', `/api/v1/operators/imports/${id}/confirm`, { asOf: '2023-11-30' });
    await product.settle();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
after(() => product[Symbol.asyncDispose]());

async function upload(files: readonly (readonly [name: string, content: string | Buffer])[]) {
  const form = new FormData();
  for (const [name, content] of files) form.append('files', new Blob([Buffer.from(content)]), name);
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  return send(request.headers.get('content-type') ?? '', Buffer.from(await request.arrayBuffer()));
}

function send(type: string, payload: Buffer) {
  return product.app.http.inject({
    method: 'POST',
    url: '/api/v1/operators/imports',
    headers: { authorization: ministry.authorization, 'content-type': type },
    payload,
  });
}

interface Judged {
  readonly matchKey: string | null;
  readonly ubn: string | null;
  readonly verdict: string;
  readonly undoneAt: string | null;
}

async function inForce(): Promise<Judged[]> {
  const page = await ministry.send('GET', '/api/v1/operators/judgements?limit=200');
  return page.json<{ items: Judged[] }>().items.filter((one) => one.undoneAt === null);
}

async function matchToJudge() {
  const page = await ministry.send('GET', '/api/v1/operators/matches?toJudge=true&limit=200');
  const { items } = page.json<{
    items: { key: string; ubn: string | null; candidates: { ubn: string }[] }[];
  }>();
  const found = items.find((match) => match.ubn !== null || match.candidates.length > 0);
  assert.ok(found);
  return { ...found, first: found.ubn ?? found.candidates[0]?.ubn };
}

const fields = ({ body }: { readonly body: string }): string[] =>
  (JSON.parse(body) as { errors: { pointer: string }[] }).errors.map((problem) => problem.pointer);

test('of judgements of one row made at once, one alone is in force', async () => {
  const { key } = await matchToJudge();
  const judge = (verdict: string) =>
    ministry.send('POST', '/api/v1/operators/judgements', { matchKey: key, verdict, reason: 'at once' });
  const answers = await Promise.all(['same', 'not-same', 'unsure', 'same'].map(judge));
  assert.deepEqual(
    answers.map((answer) => answer.statusCode),
    [201, 201, 201, 201],
  );
  assert.equal((await inForce()).filter((one) => one.matchKey === key).length, 1);
  await product.settle();
});

test('of declarations about one firm made at once, one alone is in force', async () => {
  const { items } = (await ministry.send('GET', '/api/v1/operators?limit=1')).json<{
    items: { ubn: string }[];
  }>();
  const ubn = items[0]?.ubn ?? '';
  const declare = (operating: boolean) =>
    ministry.send('POST', `/api/v1/operators/${ubn}/declaration`, { operating, reason: 'at once' });
  await Promise.all([true, false, true].map(declare));
  assert.equal((await inForce()).filter((one) => one.matchKey === null && one.ubn === ubn).length, 1);
  await product.settle();
});

test('a row is judged the same as one firm at most, and as none that no source knows', async () => {
  const { key, first } = await matchToJudge();
  const { items } = (await ministry.send('GET', '/api/v1/operators?limit=20')).json<{
    items: { ubn: string }[];
  }>();
  const other = items.find(({ ubn }) => ubn !== first)?.ubn;
  const judge = (ubn: string | undefined) =>
    ministry.send('POST', '/api/v1/operators/judgements', {
      matchKey: key,
      verdict: 'same',
      ubn,
      reason: 'this one',
    });
  assert.equal((await judge('00000000')).statusCode, 404);
  for (const ubn of [first, other]) assert.equal((await judge(ubn)).statusCode, 201);
  const same = (await inForce()).filter((one) => one.matchKey === key && one.verdict === 'same');
  assert.deepEqual(
    same.map((one) => one.ubn),
    [other],
  );
  await product.settle();
});

test('nothing is reconciled as of a day ahead of the clock, which would close the findings to later runs', async () => {
  const run = await ministry.send('POST', '/api/v1/operators/runs', { asOf: '2999-12-31' });
  assert.equal(run.statusCode, 422);
  assert.deepEqual(fields(run), ['/asOf']);
  const { id } = (await upload([['a.csv', '統一編號,名稱,年度,代理收付日均餘額\n']])).json<{ id: string }>();
  const confirm = (body: object) => ministry.send('POST', `/api/v1/operators/imports/${id}/confirm`, body);
  assert.deepEqual(fields(await confirm({ asOf: '2999-12-31' })), ['/asOf']);
  const wrong = await confirm({ files: [{ id: 1, kind: 'nonsense' }, { id: 1e12 }] });
  assert.deepEqual(fields(wrong), ['/files/0/kind', '/files/1/id']);
});

test('a run whose result is written is not computed again where its job comes a second time', async () => {
  const latest = (await ministry.send('GET', '/api/v1/operators/runs/latest')).json<{
    id: string;
    operating: number;
    findings: number;
  }>();
  const { database, jobs, outbox } = product.app;
  const again = await executeRun(
    {
      database,
      jobs,
      outbox,
      workFolder: tmpdir(),
      cacheFolder: tmpdir(),
      restoreSnapshots: () => Promise.reject(new Error('computed again')),
    },
    latest.id,
    { signal: new AbortController().signal, progress: () => Promise.resolve() },
  );
  assert.deepEqual(again, { operating: latest.operating, findings: latest.findings });
});

test('an upload keeps a name that can be shown, and a broken one is refused as such', async () => {
  const part = (name: string, end = '\r\n--B--\r\n') =>
    Buffer.from(
      `--B\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n統一編號,名稱\r\n1,2${end}`,
    );
  for (const [given, kept] of [
    ['a\0b.csv', 'ab.csv'],
    ['../../etc/\u202egpj.csv', 'gpj.csv'],
    [`${'x'.repeat(400)}.csv`, 'x'.repeat(200)],
    ['..', 'file'],
  ] as const) {
    const answer = await send('multipart/form-data; boundary=B', part(given));
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal(answer.json<{ files: { name: string }[] }>().files[0]?.name, kept);
  }
  for (const [type, body] of [
    ['multipart/form-data; boundary=B', part('a.csv', '')],
    ['multipart/form-data; boundary=B', Buffer.from('garbage')],
    ['multipart/form-data', part('a.csv')],
  ] as const) {
    const answer = await send(type, body);
    assert.equal(answer.statusCode, 400, answer.body);
    assert.equal(answer.json<{ code: string }>().code, 'http.malformed');
  }
});
