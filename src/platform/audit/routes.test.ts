import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { freshDatabase } from '#test/database';
import { testCaller, testHttp } from '#test/http';
import { auditMigrations, createAudit, openAuditKeys } from './audit.ts';
import { registerAuditRoutes } from './routes.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinlai-audit-routes-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const callers = {
  ministry: testCaller('org_m', 'ministry', ['auditor']),
  ministryLive: testCaller('org_m', 'ministry', ['auditor'], { space: 'live' }),
  a: testCaller('org_a', 'agency', ['auditor']),
  b: testCaller('org_b', 'operator', ['auditor']),
  officer: testCaller('org_a', 'agency', ['officer']),
};
type Who = keyof typeof callers;

interface Page {
  readonly items: readonly {
    id: string;
    at: string;
    action: string;
    organisationId: string;
    seq: number | null;
    details: unknown;
  }[];
  readonly nextCursor: string | null;
}

async function bench() {
  const fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys: openAuditKeys(folder, { create: true }) });
  const record = (who: Who, action: string, id: string): Promise<void> =>
    fresh.database
      .of('public')
      .transaction()
      .execute((trx) =>
        audit.record(trx, {
          caller: callers[who],
          action,
          subject: { kind: 'thing', id },
          details: { n: [1, null] },
        }),
      );
  const app = await testHttp(callers);
  registerAuditRoutes(app, { database: fresh.database, audit });
  const get = (who: Who | '', query = '') =>
    app.inject({ url: `/api/v1/audit${query}`, headers: { 'x-test-caller': who } });
  const list = async (who: Who, query = ''): Promise<Page> => (await get(who, query)).json<Page>();
  return {
    audit,
    record,
    app,
    get,
    list,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

test('an organisation reads its own records only, the ministry all of its space', async () => {
  await using t = await bench();
  await t.record('a', 'test.one', '1');
  await t.record('b', 'test.two', '2');
  await t.record('ministryLive', 'test.live', '3');
  const seen = async (who: Who, query = ''): Promise<string[]> =>
    (await t.list(who, query)).items.map((item) => item.action);
  assert.deepEqual(await seen('a'), ['test.one']);
  assert.deepEqual(await seen('b'), ['test.two']);
  assert.deepEqual(await seen('a', '?organisation=org_b'), []);
  assert.deepEqual(await seen('ministry'), ['test.two', 'test.one']);
  assert.deepEqual(await seen('ministryLive'), ['test.live']);
  assert.equal((await t.get('officer')).statusCode, 403);
  assert.equal((await t.get('')).statusCode, 401);
});

test('records are filtered and paged, newest first, each once', async () => {
  await using t = await bench();
  for (let index = 0; index < 7; index++)
    await t.record('a', index % 2 === 0 ? 'test.even' : 'test.odd', `${index}`);
  // `from` and `to` tell milliseconds apart: the newest stands in one of its own.
  await sleep(3);
  await t.record('a', 'test.newest', '7');
  const all: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await t.list('a', `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    all.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  }
  assert.equal(new Set(all).size, 8);
  assert.deepEqual([...all].sort().reverse(), all);
  const count = async (query: string): Promise<number> => (await t.list('a', query)).items.length;
  assert.equal(await count('?action=test.even'), 4);
  assert.equal(await count('?subjectKind=thing&subjectId=3'), 1);
  assert.equal(await count('?actor=usr_of_org_a'), 8);
  assert.equal(await count('?actor=usr_other'), 0);
  const [newest] = (await t.list('a')).items;
  assert.equal(await count(`?from=${newest?.at}`), 1);
  assert.equal(await count(`?to=${newest?.at}`), 7);
  assert.deepEqual(newest?.details, { n: [1, null] });
  assert.equal((await t.get('a', '?cursor=bad')).statusCode, 400);
});

test('the chain is verified over HTTP and its newest checkpoint can be fetched', async () => {
  await using t = await bench();
  await t.record('a', 'test.one', '1');
  const before = await t.get('a', '/checkpoint');
  assert.deepEqual([before.statusCode, before.body], [200, '']);
  await t.audit.seal();
  assert.equal((await t.list('a')).items[0]?.seq, 1);
  const verified = await t.app.inject({
    method: 'POST',
    url: '/api/v1/audit/verify',
    headers: { 'x-test-caller': 'a' },
  });
  assert.equal(verified.statusCode, 200);
  const { ok, entries, checkpoints, firstBroken } = verified.json<Record<string, unknown>>();
  assert.deepEqual(
    { ok, entries, checkpoints, firstBroken },
    { ok: true, entries: 1, checkpoints: 1, firstBroken: null },
  );
  const note = await t.get('a', '/checkpoint');
  assert.match(note.body, /^xinlai\.audit\/\S+\n1\n[A-Za-z0-9+/]{43}=\n\n— xinlai-audit-[0-9a-f]{12} \S+\n$/);
});
