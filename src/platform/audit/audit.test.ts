import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { systemCaller } from '#platform/access';
import type { Database } from '#platform/database';
import { freshDatabase } from '#test/database';
import { auditMigrations, createAudit, openAuditKeys, type Audit } from './audit.ts';
import { exportChain, verifyFile } from './export.ts';
import { verifyChain } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinlai-audit-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const keys = openAuditKeys(folder, { create: true });
const caller = systemCaller('test');

/** Records `count` acts in one transaction. */
async function recordMany(
  database: Database,
  audit: Audit,
  count: number,
  action = 'test.done',
): Promise<void> {
  await database
    .of('audit')
    .transaction()
    .execute(async (trx) => {
      for (let index = 0; index < count; index++) {
        const subject = { kind: 'thing', id: `thing_${index}` };
        await audit.record(trx, { caller, action, subject, details: { index, text: '信賴' } });
      }
    });
}

/** Runs SQL as a superuser who turns the triggers off. */
async function tamper(database: Database, ...statements: string[]): Promise<void> {
  const client = await database.pool.connect();
  await client.query('set session_replication_role = replica');
  for (const statement of statements) await client.query(statement);
  client.release(true);
}

test('what is recorded is sealed into a chain that verifies', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  assert.deepEqual((await audit.verify()).entries, 0);
  await recordMany(fresh.database, audit, 2500);
  assert.equal(await audit.seal(), 2500);
  const report = await audit.verify();
  assert.deepEqual(
    { ...report, head: '' },
    { ok: true, entries: 2500, checkpoints: 3, firstBroken: null, warnings: [], head: '' },
  );
});

test('an act that is rolled back leaves no record', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  const work = fresh.database
    .of('audit')
    .transaction()
    .execute(async (trx) => {
      await audit.record(trx, { caller, action: 'test.done', subject: { kind: 'thing', id: '1' } });
      throw new Error('no');
    });
  await assert.rejects(work, /no/);
  assert.equal(await audit.seal(), 0);
});

test('the database refuses to change, delete or empty what was recorded, sealed or not', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const { pool } = fresh.database;
  const audit = createAudit({ database: fresh.database, keys });
  await recordMany(fresh.database, audit, 3);
  const attempts = [
    `update audit.entry set action = 'test.other'`,
    `update audit.entry set seq = 7, hash = '\\x00', action = 'test.other'`,
    'delete from audit.entry',
    'truncate audit.entry',
  ];
  const sealedAttempts = [
    ...attempts,
    'update audit.entry set seq = seq + 10',
    `insert into audit.entry select 'aud_x', at, space, actor_kind, actor_id, organisation_id, action, subject_kind, subject_id,
       legal_basis, details, request_id, 99, hash from audit.entry limit 1`,
    `update audit.checkpoint set note = ''`,
    'delete from audit.checkpoint',
    'truncate audit.checkpoint',
    'delete from audit.signer',
    'update audit.log set origin = origin',
  ];
  for (const attempt of attempts) await assert.rejects(pool.query(attempt), { code: '42501' }, attempt);
  await audit.seal();
  for (const attempt of sealedAttempts) await assert.rejects(pool.query(attempt), { code: '42501' }, attempt);
  assert.ok((await audit.verify()).ok);
});

const attacks: readonly { name: string; sql: string[]; seq: number; code: string }[] = [
  {
    name: 'one changed byte',
    sql: [`update audit.entry set details = '{"index":41,"text":"信頼"}' where seq = 42`],
    seq: 42,
    code: 'changed',
  },
  {
    name: 'a moved instant',
    sql: [`update audit.entry set at = at + interval '1 microsecond' where seq = 700`],
    seq: 700,
    code: 'changed',
  },
  {
    name: 'a changed hash',
    sql: [`update audit.entry set hash = sha256('x') where seq = 1`],
    seq: 1,
    code: 'changed',
  },
  { name: 'a deleted row', sql: ['delete from audit.entry where seq = 1100'], seq: 1100, code: 'missing' },
  {
    name: 'a deleted last row',
    sql: ['delete from audit.entry where seq = 1200'],
    seq: 1200,
    code: 'missing',
  },
  {
    name: "two rows in each other's place",
    sql: [
      'update audit.entry set seq = -seq where seq in (300, 301)',
      'update audit.entry set seq = 601 + seq where seq < 0',
    ],
    seq: 300,
    code: 'changed',
  },
  {
    name: 'an inserted row',
    sql: [
      'update audit.entry set seq = -seq - 1 where seq >= 500',
      'update audit.entry set seq = -seq where seq < 0',
      `insert into audit.entry (id, space, actor_kind, actor_id, organisation_id, action, subject_kind, subject_id, seq, hash)
       values ('aud_forged', 'live', 'system', 'x', 'x', 'x', 'x', 'x', 500, sha256('y'))`,
    ],
    seq: 500,
    code: 'changed',
  },
  {
    name: 'a forged checkpoint',
    sql: [`update audit.checkpoint set note = replace(note, E'\\n1000\\n', E'\\n1001\\n')`],
    seq: 1000,
    code: 'bad-signature',
  },
  {
    name: 'a checkpoint of another key',
    sql: [`update audit.checkpoint set note = regexp_replace(note, '— \\S+', '— someone')`],
    seq: 1000,
    code: 'unknown-key',
  },
  {
    name: 'a spoilt frontier',
    sql: [`update audit.checkpoint set frontier = array[sha256('x')] where tree_size = 1000`],
    seq: 1000,
    code: 'malformed',
  },
];

test('the verifier names the first broken record', async (t) => {
  for (const attack of attacks) {
    await t.test(attack.name, async () => {
      await using fresh = await freshDatabase([auditMigrations]);
      const audit = createAudit({ database: fresh.database, keys });
      await recordMany(fresh.database, audit, 1200);
      await audit.seal();
      await tamper(fresh.database, ...attack.sql);
      const report = await audit.verify();
      assert.deepEqual(
        { ok: report.ok, seq: report.firstBroken?.seq, code: report.firstBroken?.code },
        { ok: false, seq: attack.seq, code: attack.code },
      );
    });
  }
});

test('a chain recomputed by someone without the signing key does not match its checkpoints', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  await recordMany(fresh.database, audit, 1500);
  await audit.seal();
  await tamper(
    fresh.database,
    'create temp table kept as select * from audit.checkpoint',
    'update audit.entry set seq = null, hash = null',
    `update audit.entry set action = 'test.rewritten' where subject_id = 'thing_1200'`,
    'delete from audit.checkpoint',
  );
  const forger = openAuditKeys(mkdtempSync(join(folder, 'forger-')), { create: true });
  await createAudit({ database: fresh.database, keys: forger }).seal();
  const report = await audit.verify();
  assert.equal(report.firstBroken?.code, 'unknown-key');
});

test('a tail cut off together with its checkpoints is noticed by the checkpoint kept outside', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const checkpointFile = join(folder, 'newest-checkpoint');
  const audit = createAudit({ database: fresh.database, keys, checkpointFile });
  await recordMany(fresh.database, audit, 20);
  await audit.seal();
  await recordMany(fresh.database, audit, 5);
  await audit.seal();
  assert.ok((await audit.verify()).ok);
  await tamper(
    fresh.database,
    'delete from audit.entry where seq > 20',
    'delete from audit.checkpoint where tree_size > 20',
  );
  assert.ok((await verifyChain(fresh.database.pool, keys.trusted)).ok);
  assert.deepEqual((await audit.verify()).firstBroken?.seq, 21);
});

test('a record whose transaction commits after later ones were sealed is sealed too', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  const started = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = fresh.database
    .of('audit')
    .transaction()
    .execute(async (trx) => {
      await audit.record(trx, { caller, action: 'test.slow', subject: { kind: 'thing', id: '1' } });
      started.resolve();
      await goOn.promise;
    });
  await started.promise;
  await recordMany(fresh.database, audit, 10);
  assert.equal(await audit.seal(), 10);
  goOn.resolve();
  await slow;
  assert.equal(await audit.seal(), 1);
  const { rows } = await fresh.database.pool.query<{ seq: number }>(
    `select seq::int from audit.entry where action = 'test.slow'`,
  );
  assert.deepEqual(rows, [{ seq: 11 }]);
  assert.ok((await audit.verify()).ok);
});

test('many writers and two sealers at once leave every record sealed once', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const [one, two] = [
    createAudit({ database: fresh.database, keys }),
    createAudit({ database: fresh.database, keys }),
  ];
  one.start();
  two.start();
  await Promise.all(
    Array.from({ length: 30 }, (_, index) => recordMany(fresh.database, one, 5 + (index % 7))),
  );
  await Promise.all([one.stop(), two.stop()]);
  await one.seal();
  const { rows } = await fresh.database.pool.query<{ written: string; sealed: string; last: string }>(
    'select count(*) as written, count(seq) as sealed, max(seq) as last from audit.entry',
  );
  assert.equal(rows[0]?.sealed, rows[0]?.written);
  assert.equal(rows[0]?.last, rows[0]?.written);
  assert.ok((await one.verify()).ok);
});

test('a sealer killed in the middle of its work leaves a chain that verifies and can go on', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  await recordMany(fresh.database, audit, 6000);
  const program = `
    const { connect } = await import(${JSON.stringify(import.meta.resolve('#platform/database'))});
    const { createAudit, openAuditKeys } = await import(${JSON.stringify(import.meta.resolve('./audit.ts'))});
    const audit = createAudit({ database: connect(${JSON.stringify(fresh.url)}), keys: openAuditKeys(${JSON.stringify(folder)}, { create: false }) });
    await audit.seal();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  for (let sealed = 0; sealed === 0;) {
    const { rows } = await fresh.database.pool.query<{ sealed: number }>(
      'select count(seq)::int as sealed from audit.entry',
    );
    sealed = rows[0]?.sealed ?? 0;
  }
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  const midway = await audit.verify();
  assert.ok(midway.ok && midway.entries > 0, JSON.stringify(midway));
  while ((await audit.verify()).entries < 6000) await audit.seal();
  assert.ok((await audit.verify()).ok);
});

test('rows that wait for the sealer for more than five minutes are a warning', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  await recordMany(fresh.database, audit, 2);
  assert.equal((await audit.verify()).warnings.length, 0);
  await tamper(fresh.database, `update audit.entry set at = at - interval '6 minutes'`);
  const report = await audit.verify();
  assert.equal(report.ok, true);
  assert.match(report.warnings[0]?.en ?? '', /2 record\(s\) older than 5 minutes/);
});

test('an export verifies without a database, and any changed character in it does not', async () => {
  await using fresh = await freshDatabase([auditMigrations]);
  const audit = createAudit({ database: fresh.database, keys });
  await recordMany(fresh.database, audit, 50);
  await audit.seal();
  const file = join(folder, 'export.jsonl');
  assert.deepEqual(await exportChain(fresh.database.pool, file), { entries: 50, checkpoints: 1 });
  const whole = await verifyFile(file, keys.trusted);
  assert.deepEqual([whole.ok, whole.entries, whole.warnings.length], [true, 50, 0]);
  assert.equal((await verifyFile(file)).warnings.length, 1);

  const text = readFileSync(file, 'utf8');
  const firstEntry = text.indexOf('\n') + 1;
  const lastEntry = text.indexOf('{"checkpoint"');
  const broken = join(folder, 'broken.jsonl');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: firstEntry, max: lastEntry - 2 }), async (place) => {
      const character = text[place]!;
      if (/[\n"\\{}:,]/.test(character)) return;
      writeFileSync(broken, text.slice(0, place) + (character === '5' ? '6' : '5') + text.slice(place + 1));
      const outcome = await verifyFile(broken, keys.trusted).catch((error: Error) => error);
      assert.ok(outcome instanceof Error || !outcome.ok);
    }),
    { numRuns: 60 },
  );
  writeFileSync(broken, text.slice(0, lastEntry));
  await assert.rejects(verifyFile(broken, keys.trusted), /ends too early/);
});
