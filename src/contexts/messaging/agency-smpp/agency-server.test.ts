import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshApp, sending, type TestApp, type TestKey } from '#test/app';
import {
  connect,
  messageFields,
  parseReceipt,
  segment,
  SmppBindError,
  statuses,
  type Receipt,
  type Session,
} from '#protocols/smpp';
import { placeOf } from '../accept/message-id.ts';
import { approvedVersion } from '../rig.ts';

let product: TestApp;
let agency: TestKey;
let port: number;
let account: { id: string; systemId: string };
let password: string;
const ACCOUNTS = '/api/v1/messaging/smpp-accounts';

before(async () => {
  product = await freshApp(sending);
  agency = await product.keyOf('agency');
  const { versionId } = await approvedVersion(product.app.database, agency.caller, {
    class: 'single',
    body: '{{text}}，洽詢',
    fields: [{ name: 'text', type: 'text', maxLength: 500 }],
  });
  const made = await agency.send('POST', ACCOUNTS, { templateVersionId: versionId, networks: ['127.0.0.1'] });
  assert.equal(made.statusCode, 201, made.body);
  ({ account, password } = made.json());
  const listed = (await agency.send('GET', ACCOUNTS)).json<{ server: { port: number } }>();
  port = listed.server.port;
});
after(() => product[Symbol.asyncDispose]());

const bind = (over: { systemId?: string; password?: string; receipts?: Receipt[] } = {}): Promise<Session> =>
  connect({
    host: '127.0.0.1',
    port,
    mode: 'transceiver',
    systemId: over.systemId ?? account.systemId,
    password: over.password ?? password,
    handlers: {
      deliver_sm: (incoming) => {
        const receipt = parseReceipt(incoming.pdu);
        if (receipt !== null) over.receipts?.push(receipt);
        incoming.reply({});
      },
    },
  });

const count = async (table: string): Promise<number> =>
  (await product.app.database.pool.query<{ count: number }>(`select count(*) from messaging.${table}`))
    .rows[0]?.count ?? 0;

test('a wrong password, an unknown account and another network are refused alike', async () => {
  for (const wrong of [{ password: 'wrongpwd' }, { systemId: 'nobody' }]) {
    await assert.rejects(
      bind(wrong),
      (error) => error instanceof SmppBindError && error.status === statuses.ESME_RBINDFAIL,
    );
  }
});

test('the answer to a submit is the id of a message that is stored', async () => {
  const session = await bind();
  const answer = await session.ask({
    command: 'submit_sm',
    destinationAddr: '886912345678',
    ...(messageFields(segment('您的申請已受理'), { reference: 1 })[0] as object),
  });
  assert.equal(answer.status, 0);
  assert.notEqual(placeOf(answer.messageId), null);
  const state = await agency.send('GET', `/api/v1/messaging/messages/${answer.messageId}`);
  assert.equal(state.statusCode, 200, state.body);
  await session.unbind();
});

test('the parts of a long text are one message with one id', async () => {
  const session = await bind();
  const before = await count('chunk');
  const parts = messageFields(segment('本期房屋稅將於月底截止，'.repeat(9)), { reference: 7 });
  assert.ok(parts.length > 1);
  const answers = await Promise.all(
    parts.map((fields) => session.ask({ command: 'submit_sm', destinationAddr: '0912345678', ...fields })),
  );
  assert.equal(new Set(answers.map(({ messageId }) => messageId)).size, 1);
  assert.equal((await count('chunk')) - before, 1);
  await session.unbind();
});

test('what the rules refuse is refused by its status, and nothing is stored', async () => {
  const session = await bind();
  const before = await count('chunk');
  const submit = async (destinationAddr: string, text: string, over: object = {}): Promise<number> =>
    (
      await session.ask({
        command: 'submit_sm',
        destinationAddr,
        ...(messageFields(segment(text), { reference: 1 })[0] as object),
        ...over,
      })
    ).status;
  assert.equal(await submit('0223808411', '您好'), statuses.ESME_RINVDSTADR);
  assert.equal(await submit('0912345678', '請點 https://evil.example/x'), statuses.ESME_RSUBMITFAIL);
  assert.equal(
    await submit('0912345678', '您好', { scheduleDeliveryTime: '000001000000000R' }),
    statuses.ESME_RINVSCHED,
  );
  assert.equal(await count('chunk'), before);
  await session.unbind();
});

test('a receipt goes to the agency that asked for it until it is acknowledged, and once', async () => {
  const receipts: Receipt[] = [];
  const session = await bind({ receipts });
  const { messageId } = await session.ask({
    command: 'submit_sm',
    destinationAddr: '0912345679',
    registeredDelivery: 1,
    ...(messageFields(segment('您的申請已核准'), { reference: 1 })[0] as object),
  });
  assert.equal(await count('smpp_receipt_due'), 1);
  for (let waited = 0; receipts.length === 0 && waited < 15_000; waited += 50) await sleep(50);
  assert.equal(receipts[0]?.id, messageId);
  assert.equal(receipts[0].state, 'delivered');
  for (let waited = 0; (await count('smpp_receipt_due')) > 0 && waited < 5000; waited += 50) await sleep(50);
  await sleep(600);
  assert.equal(receipts.length, 1);
  await session.unbind();
});

test('an agency that acknowledges nothing delays the receipts of no other', async () => {
  const { versionId } = await approvedVersion(product.app.database, agency.caller, {
    class: 'single',
    body: '{{text}}，請洽',
    fields: [{ name: 'text', type: 'text', maxLength: 500 }],
  });
  const made = await agency.send('POST', ACCOUNTS, { templateVersionId: versionId, networks: ['127.0.0.1'] });
  const other = made.json<{ account: { systemId: string }; password: string }>();
  const submit = (session: Session) =>
    session.ask({
      command: 'submit_sm',
      destinationAddr: '0912345679',
      registeredDelivery: 1,
      ...(messageFields(segment('您的申請已受理'), { reference: 1 })[0] as object),
    });
  const asked: string[] = [];
  const silent = await connect({
    host: '127.0.0.1',
    port,
    mode: 'transceiver',
    systemId: account.systemId,
    password,
    handlers: {
      deliver_sm: ({ pdu }) => {
        asked.push(pdu.sourceAddr);
      },
    },
  });
  await submit(silent);
  for (let waited = 0; asked.length === 0 && waited < 15_000; waited += 50) await sleep(50);
  const receipts: Receipt[] = [];
  const session = await bind({ systemId: other.account.systemId, password: other.password, receipts });
  await submit(session);
  for (let waited = 0; receipts.length === 0 && waited < 10_000; waited += 50) await sleep(50);
  assert.equal(receipts.length, 1);
  silent.close();
  await session.unbind();
});

test('an account that another process closed is out, and binds at the same moment are counted', async () => {
  const { versionId } = await approvedVersion(product.app.database, agency.caller, {
    class: 'single',
    body: '{{text}}，電洽',
    fields: [{ name: 'text', type: 'text', maxLength: 500 }],
  });
  const made = await agency.send('POST', ACCOUNTS, { templateVersionId: versionId, networks: ['127.0.0.1'] });
  const other = made.json<{ account: { id: string; systemId: string }; password: string }>();
  const tries = await Promise.allSettled(
    Array.from({ length: 5 }, () => bind({ systemId: other.account.systemId, password: other.password })),
  );
  const sessions = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  assert.equal(sessions.length, 2);
  await product.app.database.pool.query(`update messaging.smpp_account set state = 'closed' where id = $1`, [
    other.account.id,
  ]);
  await Promise.all(sessions.map(({ ended }) => ended));
});

test('no more binds than agreed, and a closed account is out at once', async () => {
  const two = [await bind(), await bind()];
  await assert.rejects(
    bind(),
    (error) => error instanceof SmppBindError && error.status === statuses.ESME_RALYBND,
  );
  const closed = await agency.send('DELETE', `${ACCOUNTS}/${account.id}`);
  assert.equal(closed.statusCode, 200, closed.body);
  await Promise.all(two.map(({ ended }) => ended));
  await assert.rejects(bind(), SmppBindError);
});
