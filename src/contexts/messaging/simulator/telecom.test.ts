import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import {
  connect,
  type Handlers,
  messageFields,
  messageKey,
  type MessageIdForm,
  parseReceipt,
  type Receipt,
  segment,
  type Session,
  statuses,
} from '#protocols/smpp';
import type { Dials, IdWriting } from './dials.ts';
import { createTelecom, type Telecom, type TelecomOptions } from './telecom.ts';

const PHONE = '886912345678';
const HAN = '信賴臺灣，安心購物。👨‍👩‍👧‍👦'.repeat(20);

interface Told extends Receipt {
  readonly from: string;
  readonly to: string;
  readonly reference: number | undefined;
}

async function open(t: TestContext, options: Partial<TelecomOptions> = {}): Promise<Telecom> {
  const telecom = await createTelecom({
    name: '海東電信',
    port: 0,
    seed: 7,
    ...options,
    dials: { receiptMs: 0, ...options.dials },
  });
  t.after(() => telecom.close());
  return telecom;
}

/** A client and what it was told; `until` waits for so many receipts. */
class Client {
  readonly receipts: Told[] = [];
  readonly events: string[] = [];
  session!: Session;
  #woken: (() => void) | null = null;

  static async of(
    t: TestContext,
    { port }: Telecom,
    mode: Session['mode'] = 'transceiver',
    systemId = 'gov111',
  ): Promise<Client> {
    const client = new Client();
    const handlers: Handlers = {
      deliver_sm: (incoming) => {
        const { pdu } = incoming;
        const receipt = parseReceipt(pdu);
        assert.ok(receipt);
        client.events.push(`receipt ${receipt.id}`);
        const { sourceAddr: from, destinationAddr: to, tlvs } = pdu;
        client.receipts.push({ ...receipt, from, to, reference: tlvs.userMessageReference });
        incoming.reply({});
        client.#woken?.();
      },
    };
    const settings = { window: 5000, interfaceVersion: 0x50 };
    client.session = await connect({
      host: '127.0.0.1',
      port,
      mode: mode!,
      systemId,
      password: 'pw',
      handlers,
      ...settings,
    });
    t.after(() => client.session.close());
    return client;
  }

  async submit(
    text: string,
    number = PHONE,
    options: Parameters<typeof messageFields>[1] = { reference: 9 },
    tlvs = {},
  ) {
    const bits = options.reference > 255 ? 16 : 8;
    const asked = messageFields(segment(text, { reference: bits }), options).map((fields) =>
      this.session
        .ask({
          command: 'submit_sm',
          sourceAddrTon: 3,
          sourceAddr: '111',
          destAddrTon: 1,
          destAddrNpi: 1,
          destinationAddr: number,
          registeredDelivery: 1,
          ...fields,
          tlvs: { ...fields.tlvs, ...tlvs },
        })
        .then((response) => {
          this.events.push(`response ${response.messageId}`);
          return response;
        }),
    );
    return Promise.all(asked);
  }

  async until(count: number): Promise<Told[]> {
    while (this.receipts.length < count) await new Promise<void>((resolve) => (this.#woken = resolve));
    return this.receipts;
  }
}

test('long Han texts arrive whole by header of 8 and 16 bits, by sar TLVs and by payload', async (t) => {
  const telecom = await open(t);
  const heard: (string | null)[] = [];
  const stop = telecom.onText(({ text }) => heard.push(text));
  const client = await Client.of(t, telecom);
  await client.submit(HAN, PHONE, { reference: 9 });
  await client.submit(HAN, PHONE, { reference: 999 });
  await client.submit(HAN, PHONE, { reference: 10, carrier: 'sar' });
  await client.submit(HAN, PHONE, { reference: 11, carrier: 'payload' });
  await client.submit('@ £ {plain} €', '+886912345678');
  assert.deepEqual(heard, [HAN, HAN, HAN, HAN, '@ £ {plain} €']);
  stop();
  const texts = telecom.textsOf('0912345678');
  assert.deepEqual(
    texts.map(({ text }) => text),
    heard,
  );
  assert.equal(texts[0]?.sender, '111');
  assert.equal(telecom.counters.texts, 5);
  assert.equal(telecom.phones({ search: '345' })[0]?.received, 5);
  assert.deepEqual(telecom.phones({ search: '99' }), []);
});

test('a receipt names the message, its phone, its reference and its times', async (t) => {
  const telecom = await open(t, { dials: { dateDigits: 12 } });
  const client = await Client.of(t, telecom);
  const [response] = await client.submit('信', PHONE, { reference: 1 }, { userMessageReference: 4711 });
  const [receipt] = await client.until(1);
  assert.equal(receipt?.id, response?.messageId);
  assert.deepEqual(
    [receipt?.state, receipt?.from, receipt?.to, receipt?.reference],
    ['delivered', PHONE, '111', 4711],
  );
  const age = Date.now() - receipt!.doneAt!.getTime();
  assert.ok(age >= 0 && age < 60_000, 'in the time zone of Taiwan');
});

test('receipts of a transmitter come over a receiver of the same system_id, and wait for it', async (t) => {
  const telecom = await open(t);
  const sender = await Client.of(t, telecom, 'transmitter');
  const stranger = await Client.of(t, telecom, 'receiver', 'other');
  const [response] = await sender.submit('信');
  const receiver = await Client.of(t, telecom, 'receiver');
  const [receipt] = await receiver.until(1);
  assert.equal(receipt?.id, response?.messageId);
  assert.equal(stranger.receipts.length, 0);
});

test('a receipt that was not acknowledged comes again over the next bind', async (t) => {
  const telecom = await open(t);
  let seen!: () => void;
  const first = new Promise<void>((resolve) => (seen = resolve));
  const deaf = await connect({
    host: '127.0.0.1',
    port: telecom.port,
    mode: 'receiver',
    systemId: 'gov111',
    handlers: { deliver_sm: () => seen() },
  });
  const sender = await Client.of(t, telecom, 'transmitter');
  await sender.submit('信');
  await first;
  deaf.close();
  const receiver = await Client.of(t, telecom, 'receiver');
  assert.equal((await receiver.until(1)).length, 1);
  assert.equal(telecom.counters.receiptsRepeated, 1);
});

const writings: Readonly<Record<IdWriting, MessageIdForm>> = {
  decimal: 'as-is',
  'hex-to-decimal': 'hex-to-decimal',
  'decimal-to-hex': 'decimal-to-hex',
  'leading-zeros': 'decimal',
  'letter-case': 'case-insensitive',
};

for (const [idWriting, form] of Object.entries(writings) as [IdWriting, MessageIdForm][]) {
  test(`ids written ${idWriting} meet under the rule ${form}, and under it alone`, async (t) => {
    const telecom = await open(t, { firstId: 0xabcdef, dials: { idWriting } });
    const client = await Client.of(t, telecom);
    const [response] = await client.submit('信');
    const [receipt] = await client.until(1);
    const keys = [
      messageKey(response!.messageId, 'response', form),
      messageKey(receipt!.id!, 'receipt', form),
    ];
    assert.equal(keys[0], keys[1]);
    if (form !== 'as-is') assert.notEqual(response!.messageId, receipt!.id);
  });
}

test('numbers of the test range have their fates', async (t) => {
  const telecom = await open(t);
  const client = await Client.of(t, telecom);
  const send = async (last: string): Promise<number> =>
    (await client.submit('信', `8869000000${last}`))[0]!.status;
  for (const last of ['01', '02', '03', '08', '09', '06']) assert.equal(await send(last), 0);
  await client.until(6);
  assert.deepEqual(
    client.receipts.map(({ state, kind }) => `${state} ${kind}`),
    [
      'undeliverable final',
      'unknown final',
      'expired final',
      'enroute intermediate',
      'delivered final',
      'rejected final',
    ],
  );
  assert.equal(client.receipts[0]?.networkError?.network, 3);
  assert.equal(await send('04'), statuses.ESME_RINVDSTADR);
  assert.deepEqual(
    [await send('10'), await send('10'), await send('10'), await send('10')],
    [0x14, 0x14, 0x14, 0],
  );
});

test('a bind that goes beyond its rate is throttled, and not longer', async (t) => {
  const telecom = await open(t, { dials: { rate: 40, burst: 10 } });
  const client = await Client.of(t, telecom);
  const answers = await Promise.all(Array.from({ length: 30 }, () => client.submit('信')));
  const taken = answers.flat().filter(({ status }) => status === 0).length;
  assert.ok(taken >= 10 && taken < 30, `${taken}`);
  assert.equal(telecom.counters.throttled, 30 - taken);
  telecom.turn({ rate: 0 });
  assert.equal((await client.submit('信'))[0]?.status, 0);
});

test('shares are drawn by seed: the same submits have the same fates again', async (t) => {
  const dials: Partial<Dials> = {
    queueFull: 0.2,
    systemError: 0.1,
    undeliverable: 0.3,
    noReceipt: 0.2,
    duplicateReceipts: 0.2,
  };
  const run = async (seed: number): Promise<string> => {
    const telecom = await open(t, { seed, dials, firstId: 1 });
    const client = await Client.of(t, telecom);
    const answers: number[] = [];
    for (let index = 0; index < 60; index += 1) answers.push((await client.submit(`信${index}`))[0]!.status);
    while (
      telecom.waitingReceipts > 0 ||
      telecom.counters.receiptsAcknowledged < telecom.counters.receiptsSent
    ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return `${answers.join()} ${client.receipts
      .map(({ id, state }) => `${id} ${state}`)
      .toSorted()
      .join()}`;
  };
  const [first, again, other] = [await run(5), await run(5), await run(6)];
  assert.equal(first, again);
  assert.notEqual(first, other);
  assert.match(first, /undeliverable/u);
});

test('a receipt comes before its response where the dial says so', async (t) => {
  const telecom = await open(t, { firstId: 50, dials: { receiptFirst: 1 } });
  const client = await Client.of(t, telecom);
  await client.submit('信');
  assert.deepEqual(client.events, ['receipt 50', 'response 50']);
});

test('responses overtake each other where the dial says so', async (t) => {
  const telecom = await open(t, { firstId: 100, dials: { reorder: 0.5, reorderMs: 60, receiptMs: 10_000 } });
  const client = await Client.of(t, telecom);
  await Promise.all(Array.from({ length: 20 }, () => client.submit('信')));
  assert.notDeepEqual(client.events, client.events.toSorted());
  assert.equal(new Set(client.events).size, 20);
});

test('a break takes the last submits and leaves them unanswered', async (t) => {
  const telecom = await open(t, { dials: { disconnectEvery: 10, disconnectUnanswered: 4 } });
  const client = await Client.of(t, telecom);
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => client.submit(`${index}`)),
  );
  await client.session.ended;
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 6);
  assert.equal(telecom.counters.parts, 10);
  assert.equal(telecom.counters.unanswered, 4);
  assert.equal(telecom.counters.disconnects, 1);
  assert.equal(telecom.binds.length, 0);
});

test('a half-open bind answers nothing any more, and stays connected', async (t) => {
  const telecom = await open(t, { dials: { halfOpenAfter: 3 } });
  const session = await connect({
    host: '127.0.0.1',
    port: telecom.port,
    mode: 'transceiver',
    systemId: 'gov111',
    enquireAfterMs: 100,
    enquireDeadlineMs: 200,
  });
  const fields = messageFields(segment('信'), { reference: 1 })[0]!;
  const pdu = { command: 'submit_sm', destinationAddr: PHONE, registeredDelivery: 1, ...fields } as const;
  await session.ask(pdu);
  await session.ask(pdu);
  await assert.rejects(session.ask(pdu));
  assert.equal(await session.ended, 'half-open');
  assert.equal(telecom.counters.parts, 3);
});

test('what was submitted twice is told from what was not', async (t) => {
  const telecom = await open(t);
  const client = await Client.of(t, telecom);
  for (const reference of [1, 1, 2])
    await client.submit('信', PHONE, { reference: 9 }, { userMessageReference: reference });
  await client.submit(HAN);
  const { parts, distinct, duplicates } = telecom.counters;
  assert.deepEqual(
    [parts - 3, distinct - 2, duplicates],
    [segment(HAN).parts.length, segment(HAN).parts.length, 1],
  );
});

test('phones and texts that are kept are bounded', async (t) => {
  const telecom = await open(t, { phones: 3, textsPerPhone: 2 });
  const client = await Client.of(t, telecom);
  for (const last of ['1', '2', '3', '4', '2', '2', '2'])
    await client.submit(`信${last}`, `88691234567${last}`);
  assert.deepEqual(
    telecom.phones().map(({ number, received }) => [number.at(-1), received]),
    [
      ['2', 4],
      ['4', 1],
      ['3', 1],
    ],
  );
  assert.equal(telecom.textsOf('0912345672').length, 2);
  assert.equal(telecom.textsOf('0912345671').length, 0);
});

test('only known accounts bind, and a dial that can’t be is refused by name', async (t) => {
  const telecom = await open(t, { accounts: { gov111: 'pw' }, dials: { congestion: 80 } });
  const client = await Client.of(t, telecom);
  assert.equal((await client.submit('信'))[0]?.tlvs.congestionState, 80);
  await assert.rejects(Client.of(t, telecom, 'transceiver', 'toString'), /ESME_RINVSYSID/u);
  assert.equal(telecom.binds[0]?.systemId, 'gov111');
  assert.throws(() => telecom.turn({ noReceipt: 2 }), /noReceipt/u);
  assert.throws(() => telecom.turn({ speed: 1 } as unknown as Partial<Dials>), /speed/u);
});
