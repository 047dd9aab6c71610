import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageKey, type MessageIdForm } from './message-id.ts';
import { parseReceiptDate, writeReceiptDate } from './receipt-date.ts';
import {
  messageStateOf,
  parseReceipt,
  receiptKind,
  writeReceipt,
  type Receipt,
  type ReceiptFields,
} from './receipt.ts';

type Given = Partial<Omit<ReceiptFields, 'shortMessage'>>;

const read = (text: string | Uint8Array, given: Given = {}): Receipt | null =>
  parseReceipt({
    esmClass: 4,
    dataCoding: 0,
    tlvs: {},
    shortMessage: typeof text === 'string' ? Buffer.from(text, 'latin1') : text,
    ...given,
  });

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const SUBMITTED = '2024-11-20T05:05:00.000Z';
const DONE = '2024-11-20T05:06:00.000Z';
const DONE_SECONDS = '2024-11-20T05:06:07.000Z';
const LONG_ID = 'a1'.repeat(32) + 'f';

interface Vector {
  readonly from: string;
  readonly text: string | Uint8Array;
  readonly given?: Given;
  readonly id: string | null;
  readonly state: Receipt['state'];
  readonly error?: string | null;
  readonly submitted?: string | null;
  readonly done?: string | null;
}

/** The writings that SMSCs and gateways are known to use; ids and dates are invented. */
const VECTORS: readonly Vector[] = [
  {
    from: 'appendix B',
    text: 'id:0123456789 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:Hello',
    id: '0123456789',
    state: 'delivered',
  },
  {
    from: 'dates with seconds',
    text: 'id:77 sub:001 dlvrd:001 submit date:241120130500 done date:241120130607 stat:DELIVRD err:000 text:',
    id: '77',
    state: 'delivered',
    done: DONE_SECONDS,
  },
  {
    from: 'Text in capitals',
    text: 'id:77 sub:001 dlvrd:000 submit date:2411201305 done date:2411201306 stat:UNDELIV err:034 Text:Hi',
    id: '77',
    state: 'undeliverable',
    error: '034',
  },
  {
    from: 'no text key',
    text: 'id:77 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:EXPIRED err:001',
    id: '77',
    state: 'expired',
    error: '001',
  },
  {
    from: 'keys in capitals',
    text: 'ID:AbC7 SUB:001 DLVRD:001 SUBMIT DATE:2411201305 DONE DATE:2411201306 STAT:DELIVRD ERR:000 TEXT:x',
    id: 'AbC7',
    state: 'delivered',
  },
  {
    from: 'state in small letters',
    text: 'id:77 sub:1 dlvrd:1 submit date:2411201305 done date:2411201306 stat:delivrd err:0 text:x',
    id: '77',
    state: 'delivered',
    error: '0',
  },
  {
    from: 'no counts',
    text: 'id:77 submit date:2411201305 done date:2411201306 stat:REJECTD err:011 text:x',
    id: '77',
    state: 'rejected',
    error: '011',
  },
  {
    from: 'id and state only',
    text: 'id:77 stat:DELETED',
    id: '77',
    state: 'deleted',
    error: null,
    submitted: null,
    done: null,
  },
  {
    from: 'error before state',
    text: 'id:77 sub:001 dlvrd:000 submit date:2411201305 done date:2411201306 err:005 stat:UNDELIV',
    id: '77',
    state: 'undeliverable',
    error: '005',
  },
  {
    from: 'underscores in keys',
    text: 'id:77 sub:001 dlvrd:001 submit_date:2411201305 done_date:2411201306 stat:DELIVRD err:000 text:-',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'keys run together',
    text: 'id:77 sub:001 dlvrd:001 submitdate:2411201305 donedate:2411201306 stat:DELIVRD err:000 text:-',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'commas between keys',
    text: 'id:77,sub:001,dlvrd:001,submit date:2411201305,done date:2411201306,stat:DELIVRD,err:000,text:a b',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'semicolons and equals signs',
    text: 'id=77;sub=001;dlvrd=001;submit date=2411201305;done date=2411201306;stat=DELIVRD;err=000;text=',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'blanks behind colons',
    text: 'id: 77 sub: 001 dlvrd: 001 submit date: 2411201305 done date: 2411201306 stat: DELIVRD err: 000 text: x',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'a list without keys',
    text: '77,001,001,2411201305,2411201306,DELIVRD,000,Hello',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'a list with bars and seconds',
    text: 'c0ffee|001|000|241120130500|241120130607|UNDELIV|0B',
    id: 'c0ffee',
    state: 'undeliverable',
    error: '0B',
    done: DONE_SECONDS,
  },
  {
    from: 'a list whose id looks like a date',
    text: '2411201305,001,001,2411201305,2411201306,DELIVRD,000',
    id: '2411201305',
    state: 'delivered',
  },
  {
    from: 'full years',
    text: 'id:77 sub:001 dlvrd:001 submit date:20241120130500 done date:20241120130607 stat:DELIVRD err:000 text:',
    id: '77',
    state: 'delivered',
    done: DONE_SECONDS,
  },
  {
    from: 'full years without seconds',
    text: 'id:77 sub:001 dlvrd:001 submit date:202411201305 done date:202411201306 stat:DELIVRD err:000 text:',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'dates with marks and a blank',
    text: 'id:77 sub:001 dlvrd:001 submit date:2024-11-20 13:05:00 done date:2024-11-20 13:06:07 stat:DELIVRD err:000',
    id: '77',
    state: 'delivered',
    done: DONE_SECONDS,
  },
  {
    from: 'absolute times with their own offset',
    text: 'id:77 submit date:241120050500000+ done date:241120140607036+ stat:DELIVRD err:000',
    id: '77',
    state: 'delivered',
    done: DONE_SECONDS,
  },
  {
    from: 'a date of zeros',
    text: 'id:77 sub:001 dlvrd:000 submit date:2411201305 done date:0000000000 stat:ENROUTE err:000 text:',
    id: '77',
    state: 'enroute',
    done: null,
  },
  {
    from: 'a month that is none',
    text: 'id:77 sub:001 dlvrd:000 submit date:2413201305 done date:2411311306 stat:UNKNOWN err:000 text:',
    id: '77',
    state: 'unknown',
    submitted: null,
    done: null,
  },
  {
    from: 'an id in hexadecimal with leading zeros',
    text: 'id:0000002FB3C9 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:',
    id: '0000002FB3C9',
    state: 'delivered',
  },
  {
    from: 'a UUID',
    text: 'id:6f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:ACCEPTD err:000 text:',
    id: '6f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0',
    state: 'accepted',
  },
  {
    from: 'an id of 65 octets',
    text: `id:${LONG_ID} sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:`,
    id: LONG_ID,
    state: 'delivered',
  },
  {
    from: 'words longer than seven letters',
    text: 'id:77 submit date:2411201305 done date:2411201306 status:UNDELIVERABLE error:21',
    id: '77',
    state: 'undeliverable',
    error: '21',
  },
  {
    from: 'a state by number',
    text: 'id:77 submit date:2411201305 done date:2411201306 stat:2 err:0',
    id: '77',
    state: 'delivered',
    error: '0',
  },
  {
    from: 'FAILED for undeliverable',
    text: 'id:77 submit date:2411201305 done date:2411201306 stat:FAILED err:0x2a',
    id: '77',
    state: 'undeliverable',
    error: '0x2a',
  },
  {
    from: 'a message that quotes the keys of a receipt',
    text: 'id:77 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:id:9 stat:EXPIRED err:9',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'raw UCS-2 octets in the quoted text',
    text: Buffer.concat([
      Buffer.from(
        'id:77 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:',
      ),
      utf16('信賴\u0000\u001b'),
    ]),
    given: { dataCoding: 8 },
    id: '77',
    state: 'delivered',
  },
  {
    from: 'all of it in UCS-2',
    text: utf16(
      'id:77 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:信',
    ),
    given: { dataCoding: 8 },
    id: '77',
    state: 'delivered',
  },
  {
    from: 'TLVs alone',
    text: '',
    given: { tlvs: { receiptedMessageId: '4F', messageState: 5 } },
    id: '4F',
    state: 'undeliverable',
    error: null,
    submitted: null,
    done: null,
  },
  {
    from: 'TLVs that differ from the text win',
    text: 'id:79 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:',
    given: { tlvs: { receiptedMessageId: '4F', messageState: 3 } },
    id: '4F',
    state: 'expired',
  },
  {
    from: 'an empty TLV leaves the text',
    text: 'id:79 sub:001 dlvrd:001 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000 text:',
    given: { tlvs: { receiptedMessageId: '', messageState: 99 } },
    id: '79',
    state: 'delivered',
  },
  {
    from: 'esm_class left at 0, TLVs there',
    text: '',
    given: { esmClass: 0, tlvs: { receiptedMessageId: '4F', messageState: 2 } },
    id: '4F',
    state: 'delivered',
    error: null,
    submitted: null,
    done: null,
  },
  {
    from: 'the text in message_payload',
    text: '',
    given: {
      tlvs: {
        messagePayload: Buffer.from('id:77 submit date:2411201305 done date:2411201306 stat:DELIVRD err:000'),
      },
    },
    id: '77',
    state: 'delivered',
  },
  {
    from: 'line ends instead of blanks',
    text: 'id:77\r\nsub:001\r\ndlvrd:001\r\nsubmit date:2411201305\r\ndone date:2411201306\r\nstat:DELIVRD\r\nerr:000\r\ntext:x',
    id: '77',
    state: 'delivered',
  },
  {
    from: 'skipped, as SMPP 5.0 names it',
    text: 'id:77 submit date:2411201305 done date:2411201306 stat:SKIPPED err:000',
    id: '77',
    state: 'skipped',
  },
  {
    from: 'nothing known',
    text: 'your message has arrived',
    id: null,
    state: 'unknown',
    error: null,
    submitted: null,
    done: null,
  },
];

for (const vector of VECTORS) {
  test(`a receipt is read: ${vector.from}`, () => {
    const receipt = read(vector.text, vector.given);
    const { error = '000', submitted = SUBMITTED, done = DONE } = vector;
    assert.ok(receipt);
    assert.deepEqual(
      [
        receipt.id,
        receipt.state,
        receipt.error,
        receipt.submittedAt?.toISOString(),
        receipt.doneAt?.toISOString(),
      ],
      [vector.id, vector.state, error, submitted ?? undefined, done ?? undefined],
    );
  });
}

test('an intermediate notification is told from a final receipt, a message from both', () => {
  const fields = { dataCoding: 0, shortMessage: Buffer.from('id:7 stat:ENROUTE err:000'), tlvs: {} };
  assert.equal(parseReceipt({ ...fields, esmClass: 0x20 })?.kind, 'intermediate');
  assert.equal(parseReceipt({ ...fields, esmClass: 0x20 })?.state, 'enroute');
  assert.equal(parseReceipt({ ...fields, esmClass: 0x44 })?.kind, 'final', 'with a header');
  assert.equal(parseReceipt({ ...fields, esmClass: 0 }), null);
  assert.equal(
    receiptKind({ ...fields, esmClass: 0x08 }),
    null,
    'an acknowledgement by the phone is no receipt',
  );
  assert.equal(receiptKind({ ...fields, esmClass: 0, tlvs: { receiptedMessageId: '7' } }), null);
});

test('the network error comes from its TLV', () => {
  const tlvs = { networkErrorCode: Buffer.of(3, 0x01, 0x1b) };
  assert.deepEqual(read('id:7 stat:UNDELIV err:01b', { tlvs })?.networkError, { network: 3, code: 0x11b });
  assert.equal(read('id:7', { tlvs: { networkErrorCode: Buffer.of(3, 1) } })?.networkError, null);
});

test('dates are read in the time zone of the link', () => {
  assert.equal(parseReceiptDate('2411201305', 0)?.toISOString(), '2024-11-20T13:05:00.000Z');
  assert.equal(parseReceiptDate('2411200105')?.toISOString(), '2024-11-19T17:05:00.000Z');
  assert.equal(parseReceiptDate('2402301200'), null, 'the thirtieth of February');
  for (const none of ['', 'x', '24112013', '241120130', '2411202405', '24112013051', '99-99']) {
    assert.equal(parseReceiptDate(none), null, none);
  }
});

test('a receipt that is written reads the same', () => {
  const second = fc.integer({ min: 1_600_000_000, max: 3_000_000_000 });
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-zA-Z-]{1,65}$/u),
      fc.constantFrom<Receipt['state']>(
        'delivered',
        'expired',
        'undeliverable',
        'rejected',
        'unknown',
        'accepted',
      ),
      second,
      second,
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom(0, 480, -300),
      (id, state, submitted, done, quoted, offsetMinutes) => {
        const [submittedAt, doneAt] = [new Date(submitted * 1000), new Date(done * 1000)];
        const text = writeReceipt(
          { id, state, submittedAt, doneAt, error: '042', quoted },
          { dateDigits: 12, offsetMinutes },
        );
        assert.ok(text.length <= 254);
        const fields = { esmClass: 4, dataCoding: 8, shortMessage: text, tlvs: {} };
        assert.deepEqual(parseReceipt(fields, offsetMinutes), {
          kind: 'final',
          id,
          state,
          stat: parseReceipt(fields)?.stat,
          error: '042',
          networkError: null,
          submittedAt,
          doneAt,
        });
        const tlvs = { receiptedMessageId: id, messageState: messageStateOf(state) };
        assert.equal(read('', { tlvs })?.state, state);
        assert.equal(
          writeReceiptDate(doneAt, 10, offsetMinutes),
          writeReceiptDate(doneAt, 12, offsetMinutes).slice(0, 10),
        );
      },
    ),
  );
});

test('no octets whatever throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), (octets, dataCoding) => {
      const receipt = read(octets, { dataCoding });
      assert.ok(receipt !== null && (receipt.id === null || receipt.id.length <= 65));
    }),
  );
  const pieces = fc.constantFrom(
    'id:',
    'stat:',
    'err:',
    'submit date:',
    'done date:',
    '24',
    '1120',
    ' ',
    ',',
    'DELIVRD',
    'text:',
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => assert.ok(read(parts.join('')))));
});

test('both writings of an id meet under one key', () => {
  const meets = (form: MessageIdForm, response: string, receipt: string): boolean =>
    messageKey(response, 'response', form) === messageKey(receipt, 'receipt', form);
  assert.ok(meets('as-is', '0a', '0a'));
  assert.ok(!meets('as-is', '0a', '0A'));
  assert.ok(meets('case-insensitive', 'c0FFee', 'C0ffEE'));
  assert.ok(meets('decimal', '0000123', '123'));
  assert.ok(meets('hex', '00c0FFee', 'C0FFEE'));
  assert.ok(meets('hex-to-decimal', '2FB3C9', '3126217'));
  assert.ok(meets('hex-to-decimal', '0x2fb3c9', '0003126217'));
  assert.ok(meets('decimal-to-hex', '3126217', '002fb3c9'));
  assert.ok(!meets('hex-to-decimal', '10', '10'));
  assert.ok(meets('hex-to-decimal', 'not-a-number', 'not-a-number'), 'what is no number stands for itself');
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 200n) - 1n }), fc.nat(8), (value, zeros) => {
      const padding = '0'.repeat(zeros);
      assert.ok(meets('hex-to-decimal', padding + value.toString(16).toUpperCase(), value.toString()));
      assert.ok(meets('decimal-to-hex', value.toString(), padding + value.toString(16)));
    }),
  );
});
