import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { freshDatabase } from '#test/database';
import { testCaller, testHttp } from '#test/http';
import { systemClock } from '../clock.ts';
import { createJobs, jobsMigrations } from '../jobs/jobs.ts';
import { createLog } from '../log.ts';
import { createMail, mailMigrations, type NewMail } from './mail.ts';
import { registerMailRoutes } from './routes.ts';

const invitation: NewMail = {
  to: 'amy@agency.example',
  subject: '邀請您加入',
  text: '請於 7 日內開啟連結。',
  kind: 'auth.invitation',
};

async function bench(smtpUrl?: string) {
  const fresh = await freshDatabase([jobsMigrations, mailMigrations]);
  const jobs = createJobs({
    database: fresh.database,
    log: createLog('silent'),
    clock: systemClock,
    pollMs: 50,
  });
  const secretBox = {
    seal: (text: string) => Buffer.from(text).toString('hex'),
    open: (text: string) => Buffer.from(text, 'hex').toString(),
  };
  const mail = createMail({
    database: fresh.database,
    jobs,
    secretBox,
    smtpUrl,
    from: 'no-reply@xinlai.example',
  });
  await jobs.start();
  const count = async (what: string): Promise<number> =>
    (await fresh.database.pool.query<{ n: number }>(`select count(*) n from ${what}`)).rows[0]?.n ?? -1;
  return {
    fresh,
    mail,
    send: (one: NewMail) =>
      fresh.database
        .of<never>('public')
        .transaction()
        .execute((trx) => mail.send(trx, one)),
    count,
    async until(what: string, wanted: number): Promise<void> {
      const end = Date.now() + 20_000;
      while ((await count(what)) !== wanted) {
        if (Date.now() > end) throw new Error(`${what} never came to ${wanted}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await jobs.stop();
      mail.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

/** An SMTP server on loopback; `answer` may throw what the server says to a recipient. */
async function smtp(answer: (address: string) => Error | null = () => null) {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (address, _session, callback) => callback(answer(address.address)),
    onData(stream, _session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('utf8'));
        callback();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    mails,
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const said = (text: string, responseCode: number): Error => Object.assign(new Error(text), { responseCode });

test('a mail goes out by SMTP once its transaction holds, and not before', async () => {
  await using server = await smtp();
  await using t = await bench(server.url);
  await assert.rejects(
    t.fresh.database
      .of<never>('public')
      .transaction()
      .execute(async (trx) => {
        await t.mail.send(trx, { ...invitation, to: 'nobody@agency.example' });
        throw new Error('undone');
      }),
  );
  await t.send(invitation);
  await t.until(`mail.message where state = 'sent'`, 1);
  assert.equal(server.mails.length, 1);
  assert.match(server.mails[0] ?? '', /^To: amy@agency\.example\r$/m);
  assert.match(server.mails[0] ?? '', /^Message-ID: <eml_\w+@xinlai\.example>\r$/m);
  await t.until('jobs.job', 0);
});

test('a server that is busy is asked again; a refusal ends it, and neither leaves the address in the tables', async () => {
  let busy = 1;
  await using server = await smtp((address) =>
    address.startsWith('wrong') ? said(`no ${address}`, 550) : busy-- > 0 ? said('later', 451) : null,
  );
  await using t = await bench(server.url);
  await t.send(invitation);
  await t.send({ ...invitation, to: 'wrong@agency.example' });
  await t.until(`mail.message where state = 'sent'`, 1);
  await t.until(`jobs.job where state = 'failed' and error_code = 'mail.refused'`, 1);
  assert.equal(server.mails.length, 1);
  for (const table of ['mail.message', 'jobs.job', 'graphile_worker.jobs']) {
    assert.equal(await t.count(`${table} as r where r::text like '%agency.example%'`), 0, table);
  }
});

test('without an SMTP server mails are in the inbox of the sandbox, for those who manage people', async () => {
  await using t = await bench();
  await t.send(invitation);
  await t.send({ ...invitation, subject: 'second\r\nBcc: x@y.example' });
  await t.until(`mail.message where state = 'kept'`, 2);
  await using app = await testHttp({
    admin: testCaller('org_m', 'ministry', ['administrator']),
    viewer: testCaller('org_m', 'ministry', ['viewer']),
  });
  registerMailRoutes(app, { mail: t.mail });
  const get = (who: string) =>
    app.inject({ url: '/api/v1/sandbox/inbox', headers: { 'x-test-caller': who } });
  assert.equal((await get('viewer')).statusCode, 403);
  const { items } = (await get('admin')).json<{ items: Record<string, string>[] }>();
  assert.deepEqual(
    items.map(({ to, subject, kind }) => [to, subject, kind]),
    [
      ['amy@agency.example', 'second Bcc: x@y.example', 'auth.invitation'],
      ['amy@agency.example', '邀請您加入', 'auth.invitation'],
    ],
  );
});

test('what is no single address is refused; what was sent goes after 30 days', async () => {
  await using t = await bench();
  for (const to of ['nobody', 'a@b, c@d', 'a@b\r\nBcc: c@d', '<a@b>', `${'x'.repeat(250)}@example`]) {
    await assert.rejects(t.send({ ...invitation, to }), { code: 'mail.recipient_invalid' });
  }
  await t.send(invitation);
  await t.send(invitation);
  await t.until(`mail.message where state = 'kept'`, 2);
  await t.fresh.database.pool.query(
    `update mail.message set sent_at = now() - interval '31 days' where id = (select min(id) from mail.message)`,
  );
  assert.equal(await t.mail.sweep(), 1);
  assert.equal(await t.count('mail.message'), 1);
});
