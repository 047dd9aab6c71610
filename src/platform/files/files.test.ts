import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { zipSync } from 'fflate';
import { auditMigrations, createAudit, openAuditKeys } from '#platform/audit/audit';
import { fixedClock } from '#platform/clock';
import { AppError } from '#platform/errors';
import { freshDatabase, type FreshDatabase } from '#test/database';
import { listen, testCaller, testHttp } from '#test/http';
import {
  createFiles,
  fileKinds,
  filesMigrations,
  type FileKind,
  type Files,
  type StoredFile,
} from './files.ts';
import { registerMultipart } from './multipart.ts';
import { registerFilesRoutes } from './routes.ts';
import { scanFile } from './scan.ts';

const base = mkdtempSync(join(tmpdir(), 'xinlai-files-'));
after(() => rmSync(base, { recursive: true, force: true }));
const keys = openAuditKeys(base, { create: true });
const caller = testCaller('org_a', 'agency', ['officer']);
const accept = Object.keys(fileKinds) as FileKind[];
const LIMIT = 4 * 1024 * 1024;
const text = new TextEncoder();
const odf = (type: string): Uint8Array =>
  zipSync({ mimetype: [text.encode(type), { level: 0 }], 'content.xml': text.encode('<x/>') });
const samples: Readonly<Record<FileKind, Uint8Array>> = {
  pdf: text.encode('%PDF-1.7\n…'),
  png: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  jpeg: Buffer.from('ffd8ffe000104a464946', 'hex'),
  csv: text.encode('統一編號,名稱\n62118503,信賴\n'),
  text: text.encode('信賴'),
  json: text.encode('\ufeff {"a":1}'),
  xlsx: zipSync({ '[Content_Types].xml': text.encode('<x/>'), 'xl/workbook.xml': text.encode('<x/>') }),
  docx: zipSync({ '[Content_Types].xml': text.encode('<x/>'), 'word/document.xml': text.encode('<x/>') }),
  ods: odf(fileKinds.ods.type),
  odt: odf(fileKinds.odt.type),
  zip: zipSync({ 'a.txt': text.encode('a') }),
};

function open(fresh: FreshDatabase, folder: string, scanCommand?: string): Files {
  const audit = createAudit({ database: fresh.database, keys });
  const clock = fixedClock('2026-11-20T04:00:00Z');
  return createFiles({ database: fresh.database, audit, clock, folder, limitBytes: LIMIT, scanCommand });
}

function store(
  files: Files,
  bytes: Uint8Array,
  name: string,
  declaredType = 'application/octet-stream',
): Promise<StoredFile> {
  const stream = Readable.from(Buffer.from(bytes).length > 0 ? [Buffer.from(bytes)] : []);
  return files.store({ stream, name, declaredType, caller, purpose: 'evidence', accept });
}

/** Every file below a folder, by path. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

test('each kind of file is taken, kept under its hash, and comes back as it was', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'kinds');
  const files = open(fresh, folder);
  for (const kind of accept) {
    const bytes = samples[kind];
    const stored = await store(files, bytes, `證據${fileKinds[kind].extensions[0]}`, fileKinds[kind].type);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual([stored.sha256, stored.kind, stored.size], [sha256, kind, bytes.length]);
    assert.ok(existsSync(join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256)));
    assert.deepEqual(await buffer((await files.open(stored.id)).stream), Buffer.from(bytes));
    assert.match(stored.receipt, /^20261120-\d{6}$/);
  }
  assert.deepEqual(await files.verifyAll(), { checked: accept.length, missing: [], changed: [] });
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
  const { rows } = await fresh.database.pool.query(
    `select count(*) from audit.entry where action = 'files.stored'`,
  );
  assert.equal(Number(rows[0].count), accept.length);
});

test('content of another kind than its name says is refused and leaves nothing behind', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'mismatch');
  const files = open(fresh, folder);
  for (const [name, bytes] of [
    ['a.pdf', samples.png],
    ['a.xlsx', samples.docx],
    ['a.ods', samples.odt],
    ['a.csv', Buffer.concat([samples.csv, Buffer.from([0])])],
    ['a.json', text.encode('<html>')],
    ['a.docx', samples.zip],
    ['a.zip', text.encode('PK')],
  ] as const) {
    await assert.rejects(store(files, bytes, name), { code: 'files.type_mismatch' }, name);
  }
  await assert.rejects(store(files, samples.png, 'a.pdf', 'image/png'), { code: 'files.type_mismatch' });
  await assert.rejects(store(files, text.encode('MZ'), 'a.exe'), { code: 'files.unknown_type' });
  await assert.rejects(store(files, new Uint8Array(), 'a.txt'), { code: 'files.empty' });
  await assert.rejects(store(files, new Uint8Array(LIMIT + 1).fill(65), 'a.txt'), {
    code: 'files.too_large',
  });
  assert.equal((await store(files, samples.csv, 'a.csv', 'application/vnd.ms-excel')).kind, 'csv');
  assert.equal(filesBelow(folder).length, 1);
});

test('equal bytes are kept once, with a receipt for each time', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'dedupe');
  const files = open(fresh, folder);
  const all = await Promise.all(
    Array.from({ length: 5 }, (_, index) => store(files, samples.csv, `第${index}份.csv`)),
  );
  assert.equal(filesBelow(folder).length, 1);
  assert.equal(new Set(all.map((file) => file.receipt)).size, 5);
  assert.equal(new Set(all.map((file) => file.sha256)).size, 1);
});

test('a changed or lost file is found by the check, and reading it fails before its last bytes', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'integrity');
  const files = open(fresh, folder);
  const bytes = randomBytes(300_000).toString('base64');
  const changed = await store(files, text.encode(bytes), 'a.txt');
  const lost = await store(files, samples.text, 'b.txt');
  const pathOf = (file: StoredFile): string =>
    join(folder, file.sha256.slice(0, 2), file.sha256.slice(2, 4), file.sha256);
  chmodSync(pathOf(changed), 0o600);
  writeFileSync(pathOf(changed), `${bytes.slice(0, -1)}!`);
  rmSync(pathOf(lost));
  assert.deepEqual(await files.verifyAll(), {
    checked: 2,
    missing: [lost.sha256],
    changed: [changed.sha256],
  });
  await assert.rejects(buffer((await files.open(changed.id)).stream), { code: 'files.corrupt' });
  await assert.rejects(buffer((await files.open(lost.id)).stream), { code: 'files.corrupt' });
});

test('a full disk refuses the file and leaves nothing half-stored', async (t) => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'small');
  mkdirSync(folder);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (mounted) t.after(() => spawnSync('umount', [folder]));
  const files = open(fresh, folder);
  const big = async function* (): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < 2 * 1024 * 1024; sent += 65_536) yield Buffer.alloc(65_536, 65);
    // Where no file system of 1 MiB can be mounted, the write fails as it would there.
    if (!mounted) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const stream = Readable.from(big());
  await assert.rejects(
    files.store({ stream, name: 'a.txt', declaredType: 'text/plain', caller, purpose: 'evidence', accept }),
    {
      code: 'files.disk_full',
    },
  );
  assert.deepEqual(filesBelow(folder), []);
  const { rows } = await fresh.database.pool.query('select from files.file');
  assert.equal(rows.length, 0);
  assert.equal((await store(files, samples.csv, 'a.csv')).kind, 'csv');
});

test('an upload that breaks off is not taken', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'broken-off');
  const files = open(fresh, folder);
  const stream = new Readable({ read() {} });
  stream.push('half');
  setImmediate(() => stream.destroy());
  await assert.rejects(
    files.store({ stream, name: 'a.txt', declaredType: 'text/plain', caller, purpose: 'evidence', accept }),
    {
      code: 'files.interrupted',
    },
  );
  assert.deepEqual(filesBelow(folder), []);
});

test('the malware scan decides: clean is taken, infected is quarantined, an unsure scan is to be tried again', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const script = join(base, 'scan it.sh');
  writeFileSync(script, '#!/bin/sh\ngrep -q EVIL "$1" && exit 1\ngrep -q ODD "$1" && exit 2\nexit 0\n', {
    mode: 0o755,
  });
  const folder = join(base, 'scan');
  const files = open(fresh, folder, `"${script}"`);
  await store(files, text.encode('good'), 'a.txt');
  await assert.rejects(store(files, text.encode('EVIL'), 'a.txt'), { code: 'files.infected' });
  await assert.rejects(
    store(files, text.encode('ODD'), 'a.txt'),
    (error: AppError) => error.code === 'files.scan_failed' && error.retryable,
  );
  const evil = createHash('sha256').update('EVIL').digest('hex');
  assert.deepEqual(readdirSync(join(folder, 'quarantine')), [evil]);
  const { rows } = await fresh.database.pool.query('select sha256 from files.quarantine');
  assert.deepEqual(rows, [{ sha256: Buffer.from(evil, 'hex') }]);
  assert.equal((await fresh.database.pool.query('select from files.file')).rows.length, 1);
  await assert.rejects(store(open(fresh, folder, '/nowhere/scanner'), text.encode('x'), 'a.txt'), {
    code: 'files.scan_failed',
  });
  assert.deepEqual(await scanFile('sh -c "sleep 60"', 'path', 0.2), {
    verdict: 'failed',
    problem: 'no answer in 0.2 s',
  });
  assert.deepEqual(readdirSync(join(folder, 'incoming')), []);
});

test('what a stopped process left is swept after a day', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'sweep');
  const files = open(fresh, folder);
  mkdirSync(join(folder, 'incoming'), { recursive: true });
  for (const name of ['old.part', 'new.part']) writeFileSync(join(folder, 'incoming', name), 'x');
  const yesterday = new Date(Date.now() - 2 * 86_400_000);
  utimesSync(join(folder, 'incoming', 'old.part'), yesterday, yesterday);
  assert.equal(await files.sweep(), 1);
  assert.deepEqual(readdirSync(join(folder, 'incoming')), ['new.part']);
});

test('over HTTP a file is handed in, and only its organisation gets it back, as an attachment', async () => {
  await using fresh = await freshDatabase([auditMigrations, filesMigrations]);
  const folder = join(base, 'http');
  const app = await testHttp({
    a: caller,
    other: testCaller('org_b', 'agency', ['officer']),
    live: testCaller('org_a', 'agency', ['officer'], { space: 'live' }),
    viewer: testCaller('org_a', 'agency', ['viewer']),
  });
  await registerMultipart(app, LIMIT);
  registerFilesRoutes(app, { files: open(fresh, folder) });
  const address = await listen(app);
  const post = (who: string, bytes: Uint8Array, name: string): Promise<Response> => {
    const body = new FormData();
    body.append('file', new Blob([Buffer.from(bytes)]), name);
    return fetch(`${address}/api/v1/files?purpose=evidence`, {
      method: 'POST',
      body,
      headers: { 'x-test-caller': who },
    });
  };
  const get = (who: string, path: string): Promise<Response> =>
    fetch(`${address}/api/v1/files/${path}`, { headers: { 'x-test-caller': who } });
  try {
    const made = await post('a', samples.csv, '../../證 據(1).csv');
    assert.equal(made.status, 201);
    const receipt = (await made.json()) as { id: string; name: string };
    assert.equal(receipt.name, '證 據(1).csv');
    const sent = await get('a', `${receipt.id}/content`);
    assert.equal(
      sent.headers.get('content-disposition'),
      `attachment; filename="_ _(1).csv"; filename*=UTF-8''%E8%AD%89%20%E6%93%9A%281%29.csv`,
    );
    assert.equal(sent.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(sent.headers.get('content-type'), 'text/csv');
    assert.deepEqual(Buffer.from(await sent.arrayBuffer()), Buffer.from(samples.csv));
    assert.equal((await get('viewer', receipt.id)).status, 200);
    for (const who of ['other', 'live']) {
      assert.equal((await get(who, receipt.id)).status, 404);
      assert.equal((await get(who, `${receipt.id}/content`)).status, 404);
    }
    assert.equal((await post('viewer', samples.csv, 'a.csv')).status, 403);
    const refused = await post('a', new Uint8Array(LIMIT + 10).fill(65), 'a.txt');
    assert.deepEqual(
      [refused.status, ((await refused.json()) as { code: string }).code],
      [413, 'files.too_large'],
    );
    const unknown = await post('a', new Uint8Array(LIMIT).fill(65), 'a.exe');
    assert.deepEqual(
      [unknown.status, ((await unknown.json()) as { code: string }).code],
      [415, 'files.unknown_type'],
    );
    const json = await fetch(`${address}/api/v1/files`, {
      method: 'POST',
      body: '{}',
      headers: { 'x-test-caller': 'a', 'content-type': 'application/json' },
    });
    assert.equal(json.status, 415);
    assert.equal(filesBelow(folder).length, 1);
    assert.equal(statSync(filesBelow(folder)[0]!).mode & 0o777, 0o400);
  } finally {
    await app.close();
  }
});
