import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, beforeEach, test, type TestContext } from 'node:test';
import { createLog } from '#platform/log';
import { listen, statuses, writeReceipt, type Session } from '#protocols/smpp';
import { allMigrations, freshDatabase } from '#test/database';
import type { Dials } from '../simulator/dials.ts';
import { createTelecom, type Telecom } from '../simulator/telecom.ts';
import { readLedger } from './ledger.ts';
import { numbersFrom, openRig, type RigLink } from './rig.ts';

const fresh = await freshDatabase(allMigrations);
const { database } = fresh;
const { pool } = database;
const folder = mkdtempSync(join(tmpdir(), 'xinlai-dispatch-'));
let moved = 0;
const now = (): Temporal.Instant => Temporal.Now.instant().add({ milliseconds: moved });
const rig = await openRig(database, folder, {
  now,
  today: () => now().toZonedDateTimeISO('Asia/Taipei').toPlainDate(),
});
after(async () => {
  await fresh[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  moved = 0;
  await pool.query(`truncate messaging.chunk_queue, messaging.chunk, messaging.batch, messaging.link_lease, messaging.link_health,
    messaging.link, messaging.intent, messaging.submission, messaging.receipt, messaging.outcome, messaging.tally,
    messaging.check_fresh, messaging.check_run cascade`);
});

const quiet = createLog('silent');

async function telecomOf(t: TestContext, dials: Partial<Dials> = {}): Promise<Telecom> {
  const telecom = await createTelecom({ name: 't', port: 0, seed: 1, dials: { receiptMs: 5, ...dials } });
  t.after(() => telecom.close());
  return telecom;
}

async function startSending(t: TestContext, options: { holdMs?: number; graceMs?: number } = {}) {
  const dispatcher = rig.dispatcher({ log: quiet, ...options });
  await dispatcher.start();
  t.after(() => dispatcher.stop());
  return dispatcher;
}

/** Waits for something that is to come true; fails after fifteen seconds. */
async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 750; look++) {
    if (await isTrue()) return;
    await sleep(20);
  }
  assert.fail(`${what}: ${JSON.stringify(await readLedger(database))}`);
}

async function outcomes(): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ what: string; count: number }>(
    `select state || coalesce(' ' || cause, '') as what, count(*)::int as count from messaging.outcome group by 1`,
  );
  return Object.fromEntries(rows.map(({ what, count }) => [what, count]));
}

const ended = (count: number) => async (): Promise<boolean> => (await readLedger(database)).ended === count;

async function assertAccount(): Promise<void> {
  const {
    accepted,
    waiting,
    sending,
    submitted,
    ended: done,
    lost,
    twice,
    miscounted,
  } = await readLedger(database);
  assert.equal(waiting + sending + submitted + done, accepted);
  assert.deepEqual({ lost, twice, miscounted }, { lost: 0, twice: 0, miscounted: 0 });
}

/** A message centre in the hands of the test. */
async function bareTelecom(
  t: TestContext,
  submit: (id: string, number: string, session: Session) => void | Promise<void>,
  link: Partial<RigLink> = {},
) {
  let next = 1;
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'SMSC',
    authenticate: () => 0,
    handlers: {
      submit_sm: async (incoming, session) => {
        const messageId = String(next++);
        await submit(messageId, incoming.pdu.destinationAddr, session);
        incoming.reply({ messageId });
      },
    },
  });
  t.after(async () => {
    for (const session of server.sessions) session.close();
    await server.close();
  });
  await rig.addLink({ port: server.port, mode: 'transceiver', ...link });
  return server;
}

const receiptOf = (id: string, number: string, state: 'delivered' | 'undeliverable' = 'delivered') => ({
  command: 'deliver_sm' as const,
  esmClass: 4,
  sourceAddr: number,
  destinationAddr: '111',
  shortMessage: writeReceipt({ id, state, submittedAt: new Date(), doneAt: new Date(), error: '012' }),
});

test('a batch is sent once, every receipt becomes an outcome, and the queue is empty', async (t) => {
  const telecom = await telecomOf(t, {
    duplicateReceipts: 0.2,
    receiptFirst: 0.2,
    reorder: 0.2,
    undeliverable: 0.1,
  });
  await rig.addLink({ port: telecom.port });
  await rig.send({ numbers: numbersFrom(0, 2500) });
  await rig.send({ numbers: numbersFrom(5000, 300), item: '案件資料'.repeat(20), parts: 3, chunkRows: 100 });
  await startSending(t);
  await until('all have ended', ended(2800));
  assert.equal(telecom.counters.duplicates, 0);
  assert.equal(telecom.counters.distinct, 3400);
  assert.match(telecom.textsOf('0912000678')[0]?.text ?? '', /^678數位發展部：.+0800-009-868$/u);
  assert.equal((await pool.query('select from messaging.chunk_queue')).rowCount, 0);
  await assertAccount();
});

test('no byte is written before its intent is committed, and no receipt acknowledged before its outcome', async (t) => {
  const early: string[] = [];
  await bareTelecom(t, async (id, number, session) => {
    const { rows } = await pool.query<{ covered: number }>(
      `select count(*)::int as covered from messaging.intent where $1 between from_row and to_row`,
      [Number(number.slice(-3))],
    );
    if (rows[0]?.covered !== 1) early.push(`${number} came before its intent`);
    const report = async (): Promise<void> => {
      await sleep(10);
      await session.ask(receiptOf(id, number));
      const stored = await pool.query('select from messaging.outcome where row = $1', [
        Number(number.slice(-3)),
      ]);
      if (stored.rowCount !== 1) early.push(`${number} was acknowledged before its outcome`);
    };
    void report();
  });
  await rig.send({ numbers: numbersFrom(0, 300) });
  await startSending(t);
  await until('all have ended', ended(300));
  await sleep(50);
  assert.deepEqual(early, []);
});

test('a window slot is free only after the answer is recorded', async (t) => {
  const over: number[] = [];
  await bareTelecom(
    t,
    async () => {
      const { rows } = await pool.query<{ open: number }>(`select count(*)::int as open from messaging.intent
        cross join generate_series(from_row, to_row) as place
        where not exists (select from messaging.submission s where s.intent_id = intent.id and place = any (s.rows))`);
      if ((rows[0]?.open ?? 0) > 20) over.push(rows[0]!.open);
    },
    { window: 20 },
  );
  await rig.send({ numbers: numbersFrom(0, 300) });
  await startSending(t);
  await until('all are submitted', async () => (await readLedger(database)).submitted === 300);
  assert.deepEqual(over, []);
});

test('who lost the lease writes nothing more, and what was open is unknown once', async (t) => {
  const telecom = await telecomOf(t, { responseMs: 40, noReceipt: 1 });
  await rig.addLink({ port: telecom.port, rate: 400 });
  await rig.send({ numbers: numbersFrom(0, 400) });
  const first = await startSending(t, { holdMs: 60_000 });
  await until('some were sent', () => telecom.counters.parts > 60);
  await pool.query(`update messaging.link_lease set token = token + 1, expires_at = now()`);
  await startSending(t, { holdMs: 60_000 });
  await until('the first is fenced off', () => [...first.desks.values()].every((desk) => desk.isFenced));
  await until('all are sent', async () => {
    const { waiting, sending } = await readLedger(database);
    return waiting + sending === 0;
  });
  assert.equal(telecom.counters.duplicates, 0);
  const unknown = (await outcomes())['unknown answer_lost'] ?? 0;
  assert.ok(unknown > 0 && unknown <= 100, `${unknown}`);
  await assertAccount();
});

test('a broken connection leaves unknown texts under once, and sends again under at-least-once', async (t) => {
  const once = await telecomOf(t, { disconnectEvery: 150, disconnectUnanswered: 10, noReceipt: 1 });
  const again = await telecomOf(t, { disconnectEvery: 150, disconnectUnanswered: 10, noReceipt: 1 });
  await rig.addLink({ id: 'lnk_once', port: once.port });
  await rig.addLink({ id: 'lnk_again', telecom: 'fet', port: again.port });
  await rig.send({ numbers: numbersFrom(0, 200) });
  await rig.send({ numbers: numbersFrom(0, 200), telecom: 'fet', policy: 'at-least-once' });
  await startSending(t);
  await until('all are sent', async () => {
    const { waiting, sending } = await readLedger(database);
    return waiting + sending === 0;
  });
  assert.equal(once.counters.duplicates, 0);
  assert.ok(again.counters.duplicates > 0);
  assert.equal(again.counters.distinct, 200);
  const { rows } = await pool.query<{ link_id: string }>(
    `select distinct link_id from messaging.outcome where state = 'unknown'`,
  );
  assert.deepEqual(rows, [{ link_id: 'lnk_once' }]);
});

test('a late receipt resolves an unknown text by number and reference', async (t) => {
  const told: { number: string; reference: number }[] = [];
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'SMSC',
    authenticate: () => 0,
    handlers: {
      submit_sm: ({ pdu }, session) => {
        told.push({ number: pdu.destinationAddr, reference: pdu.tlvs.userMessageReference ?? -1 });
        // Taken, but the answer never arrives.
        if (told.length === 3) session.close();
      },
    },
  });
  t.after(async () => {
    for (const session of server.sessions) session.close();
    await server.close();
  });
  await rig.addLink({ port: server.port, mode: 'transceiver' });
  await rig.send({ numbers: numbersFrom(0, 3) });
  await startSending(t);
  await until('all are unknown', async () => ((await outcomes())['unknown answer_lost'] ?? 0) === 3);
  await until('the bind is back', () => server.sessions.size === 1);
  const [session] = server.sessions;
  for (const { number, reference } of told.slice(0, 2))
    await session!.ask({ ...receiptOf('never-told', number), tlvs: { userMessageReference: reference } });
  await session!.ask({
    ...receiptOf('other', told[2]!.number),
    tlvs: { userMessageReference: (told[2]!.reference + 1) & 0xffff },
  });
  await until('two are resolved', async () => (await outcomes())['delivered'] === 2);
  assert.deepEqual(await outcomes(), { delivered: 2, 'unknown answer_lost': 1 });
  assert.equal((await pool.query('select from messaging.receipt where settled_at is null')).rowCount, 1);
  await assertAccount();
});

test('receipts after a restart, when nothing is in memory, find their text by its id', async (t) => {
  const telecom = await telecomOf(t, { receiptMs: 1500 });
  await rig.addLink({ port: telecom.port });
  await rig.send({ numbers: numbersFrom(0, 50) });
  const first = await startSending(t);
  await until('all are submitted', async () => (await readLedger(database)).submitted === 50);
  await first.stop();
  await startSending(t);
  await until('all have ended', ended(50));
  assert.deepEqual(await outcomes(), { delivered: 50 });
  await assertAccount();
});

test('a throttled text goes first when the rate is halved, a full queue gets five tries, a refusal is final', async (t) => {
  const answers = new Map<string, number[]>();
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'SMSC',
    authenticate: () => 0,
    handlers: {
      submit_sm: (incoming) => {
        const number = incoming.pdu.destinationAddr.slice(-1);
        const tries = answers.get(number) ?? [];
        answers.set(number, [...tries, performance.now()]);
        if (number === '1' && tries.length < 2) incoming.refuse(statuses.ESME_RTHROTTLED);
        else if (number === '2' && tries.length < 1) incoming.refuse(statuses.ESME_RMSGQFUL);
        else if (number === '3') incoming.refuse(statuses.ESME_RINVDSTADR);
        else incoming.reply({ messageId: `${number}-${tries.length}` });
      },
    },
  });
  t.after(async () => {
    for (const session of server.sessions) session.close();
    await server.close();
  });
  await rig.addLink({ port: server.port, mode: 'transceiver' });
  await rig.send({ numbers: numbersFrom(0, 4) });
  await startSending(t);
  await until('all are settled', async () => {
    const { submitted, ended: done } = await readLedger(database);
    return submitted + done === 4;
  });
  assert.deepEqual(await outcomes(), { 'rejected number_invalid': 1 });
  assert.deepEqual(
    [...answers].map(([number, tries]) => `${number}: ${tries.length}`).sort((a, b) => (a < b ? -1 : 1)),
    ['0: 1', '1: 3', '2: 2', '3: 1'],
  );
  await assertAccount();
});

test('a one-time password overtakes a batch that is under way', async (t) => {
  const telecom = await telecomOf(t, { noReceipt: 1 });
  await rig.addLink({ port: telecom.port, rate: 200 });
  const dispatcher = await startSending(t);
  await rig.send({ numbers: numbersFrom(0, 3000) });
  dispatcher.wake();
  await until('the batch is under way', () => telecom.counters.parts > 50);
  await rig.send({ numbers: ['987654321'], class: 'otp' });
  dispatcher.wake();
  await until('it arrives', () => telecom.textsOf('0987654321').length === 1);
  assert.ok(telecom.counters.parts < 1500, `${telecom.counters.parts} of the batch went before it`);
});

test('a paused batch stops and goes on; a cancelled one ends what was not sent', async (t) => {
  const telecom = await telecomOf(t, { noReceipt: 1 });
  await rig.addLink({ port: telecom.port, rate: 300 });
  await rig.addBatch('bat_one');
  await rig.send({ numbers: numbersFrom(0, 900), batchId: 'bat_one', chunkRows: 300 });
  await startSending(t);
  await until('it is under way', () => telecom.counters.parts > 50);
  await pool.query(`update messaging.batch set state = 'paused'`);
  await until('it is given back', async () => {
    const { rows } = await pool.query('select from messaging.chunk_queue where link_id is not null');
    return rows.length === 0;
  });
  const paused = telecom.counters.parts;
  await sleep(300);
  assert.equal(telecom.counters.parts, paused);
  await pool.query(`update messaging.batch set state = 'sending'`);
  await until('it goes on', () => telecom.counters.parts > paused + 50);
  await pool.query(`update messaging.batch set state = 'cancelled'`);
  await until('nothing waits', async () => {
    const { waiting, sending } = await readLedger(database);
    return waiting + sending === 0;
  });
  const { cancelled } = (await outcomes()) as { cancelled?: number } & Record<string, number>;
  assert.equal(
    (cancelled ?? (await outcomes())['cancelled cancelled'] ?? 0) + telecom.counters.distinct,
    900,
  );
  assert.equal(telecom.counters.duplicates, 0);
  await assertAccount();
});

test('what a telecom cannot take goes over a link that takes its numbers', async (t) => {
  const telecom = await telecomOf(t);
  await rig.addLink({ id: 'lnk_dead', telecom: 'twm', port: 1 });
  await rig.addLink({ id: 'lnk_other', telecom: 'cht', port: telecom.port, options: { accepts: ['twm'] } });
  await rig.send({ numbers: numbersFrom(0, 100), telecom: 'twm' });
  await startSending(t, { graceMs: 300 });
  await until('all have ended', ended(100));
  assert.equal(telecom.counters.distinct, 100);
});

test('a text whose time is over is not sent, whether it waits in the queue or in a lane; the product’s clock counts', async (t) => {
  const telecom = await telecomOf(t, { noReceipt: 1 });
  await rig.addLink({ port: telecom.port, rate: 100 });
  await rig.send({ numbers: numbersFrom(0, 2000), validFor: { hours: 1 } });
  await rig.send({ numbers: numbersFrom(0, 5), telecom: 'fet', validFor: { hours: 1 } });
  const dispatcher = await startSending(t);
  await until('some are sent', () => telecom.counters.parts > 20);
  moved = 2 * 3_600_000;
  dispatcher.wake();
  await until('the rest is expired', async () => {
    const { waiting, sending } = await readLedger(database);
    return waiting + sending === 0;
  });
  assert.equal(telecom.counters.distinct + ((await outcomes())['expired not_sent_in_time'] ?? 0), 2005);
  await assertAccount();
});

test('a half-open connection is noticed, and what was under way on it is unknown, not sent twice', async (t) => {
  const telecom = await telecomOf(t, { halfOpenAfter: 40, noReceipt: 1 });
  await rig.addLink({ port: telecom.port, window: 20, options: { enquireSeconds: 1, responseSeconds: 2 } });
  await rig.send({ numbers: numbersFrom(0, 100) });
  await startSending(t);
  await until(
    'the silent bind is given up',
    async () => ((await outcomes())['unknown answer_lost'] ?? 0) > 0,
  );
  assert.equal(telecom.counters.duplicates, 0);
  await assertAccount();
});

test('agencies share a lane by parts, whoever came first', async (t) => {
  const telecom = await telecomOf(t, { noReceipt: 1 });
  await rig.addLink({ port: telecom.port, rate: 400 });
  await rig.send({ numbers: numbersFrom(0, 3000), organisation: 'org_big' });
  const dispatcher = await startSending(t);
  await until('the large one is under way', () => telecom.counters.parts > 50);
  await rig.send({ numbers: numbersFrom(50_000, 100), organisation: 'org_small' });
  dispatcher.wake();
  const before = telecom.counters.parts;
  await until('the small one is through', () => telecom.textsOf('0912050099').length === 1);
  assert.ok(telecom.counters.parts - before < 600, `${telecom.counters.parts - before} parts went meanwhile`);
});
