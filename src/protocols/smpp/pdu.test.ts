import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { commands, type Command, type CommandName } from './commands.ts';
import { decode } from './decode.ts';
import { encode, encodeInto, largestSize } from './encode.ts';
import { wire, type Field } from './fields.ts';
import { SmppValueError, type AnyPduInput, type MalformedPdu, type Pdu } from './pdu.ts';
import { statuses, statusName } from './statuses.ts';
import { tlvs, type TlvName } from './tlvs.ts';

interface PeerPdu {
  toBuffer(): Buffer;
  [field: string]: unknown;
}
const peer = createRequire(import.meta.url)('smpp') as {
  PDU: new (command: string | Buffer, fields?: Readonly<Record<string, unknown>>) => PeerPdu;
};

/** Written by hand after the tables of SMPP 3.4 §4; spaces and the text between slashes are for the eye. */
const bytes = (hex: string): Buffer =>
  Buffer.from(hex.replaceAll(/\/[^/]*\//g, '').replaceAll(/\s/g, ''), 'hex');

const vectors: readonly (readonly [AnyPduInput & { readonly sequence: number }, string])[] = [
  [
    {
      command: 'bind_transceiver',
      sequence: 1,
      systemId: 'agency',
      password: 'secret08',
      systemType: 'VMA',
      addrTon: 1,
      addrNpi: 1,
      addressRange: '^111',
    },
    `0000002c 00000009 00000000 00000001 /system_id/ 6167656e637900 /password/ 736563726574303800
     /system_type/ 564d4100 /interface_version/ 34 /ton, npi/ 01 01 /address_range/ 5e31313100`,
  ],
  [
    { command: 'bind_receiver', sequence: 2, systemId: 'a', interfaceVersion: 0x50 },
    '00000018 00000001 00000000 00000002 6100 00 00 50 00 00 00',
  ],
  [{ command: 'bind_transmitter', sequence: 3 }, '00000017 00000002 00000000 00000003 00 00 00 34 00 00 00'],
  [
    { command: 'bind_transceiver_resp', sequence: 1, systemId: 'SMSC', tlvs: { scInterfaceVersion: 0x34 } },
    '0000001a 80000009 00000000 00000001 534d534300 0210 0001 34',
  ],
  [{ command: 'bind_receiver_resp', sequence: 2, systemId: 'S' }, '00000012 80000001 00000000 00000002 5300'],
  [
    { command: 'bind_transmitter_resp', sequence: 3, status: statuses.ESME_RINVPASWD },
    '00000010 80000002 0000000e 00000003',
  ],
  [
    { command: 'outbind', sequence: 4, systemId: 'S', password: 'p' },
    '00000014 0000000b 00000000 00000004 5300 7000',
  ],
  [{ command: 'unbind', sequence: 5 }, '00000010 00000006 00000000 00000005'],
  [{ command: 'unbind_resp', sequence: 5 }, '00000010 80000006 00000000 00000005'],
  [{ command: 'enquire_link', sequence: 0x7fffffff }, '00000010 00000015 00000000 7fffffff'],
  [{ command: 'enquire_link_resp', sequence: 6 }, '00000010 80000015 00000000 00000006'],
  [
    { command: 'generic_nack', sequence: 7, status: statuses.ESME_RINVCMDID },
    '00000010 80000000 00000003 00000007',
  ],
  [
    {
      command: 'submit_sm',
      sequence: 8,
      serviceType: 'CMT',
      sourceAddrTon: 3,
      sourceAddrNpi: 1,
      sourceAddr: '111',
      destAddrTon: 1,
      destAddrNpi: 1,
      destinationAddr: '886912345678',
      esmClass: 0x40,
      protocolId: 1,
      priorityFlag: 2,
      scheduleDeliveryTime: '261121093000032+',
      validityPeriod: '000001000000000R',
      registeredDelivery: 1,
      replaceIfPresentFlag: 1,
      dataCoding: 8,
      smDefaultMsgId: 9,
      shortMessage: bytes('050003070201 6578'),
      tlvs: { userMessageReference: 0x1234, moreMessagesToSend: 1 },
    },
    `00000066 00000004 00000000 00000008 434d5400 /source/ 03 01 31313100 /destination/ 01 01 38383639313233343536373800
     /esm_class, protocol_id, priority_flag/ 40 01 02 /schedule/ 3236313132313039333030303033322b00
     /validity/ 3030303030313030303030303030305200 /registered, replace, coding, default/ 01 01 08 09
     /sm_length, short_message/ 08 0500030702016578 0204 0002 1234 0426 0001 01`,
  ],
  [
    { command: 'submit_sm', sequence: 9, tlvs: { messagePayload: bytes('6570') } },
    `00000027 00000004 00000000 00000009 00 000000 000000 000000 00 00 00000000 00 0424 0002 6570`,
  ],
  [
    { command: 'submit_sm_resp', sequence: 8, messageId: '5F3A' },
    '00000015 80000004 00000000 00000008 3546334100',
  ],
  [
    {
      command: 'submit_sm_resp',
      sequence: 9,
      status: statuses.ESME_RTHROTTLED,
      tlvs: { congestionState: 99 },
    },
    '00000016 80000004 00000058 00000009 00 0428 0001 63',
  ],
  [
    {
      command: 'deliver_sm',
      sequence: 10,
      sourceAddr: '1',
      destinationAddr: '2',
      esmClass: 4,
      shortMessage: Buffer.from('id:1'),
      tlvs: { receiptedMessageId: '1', messageState: 2, networkErrorCode: bytes('03 0000') },
    },
    `00000039 00000005 00000000 0000000a 00 0000 3100 0000 3200 04 00 00 00 00 00 00 00 00 04 69643a31
     001e 0002 3100 0427 0001 02 0423 0003 030000`,
  ],
  [{ command: 'deliver_sm_resp', sequence: 10 }, '00000011 80000005 00000000 0000000a 00'],
  [
    { command: 'data_sm', sequence: 11, destinationAddr: '3', tlvs: { messagePayload: bytes('41') } },
    '00000020 00000103 00000000 0000000b 00 000000 0000 3300 00 00 00 0424 0001 41',
  ],
  [{ command: 'data_sm_resp', sequence: 11, messageId: 'x' }, '00000012 80000103 00000000 0000000b 7800'],
  [
    { command: 'query_sm', sequence: 12, messageId: 'x', sourceAddrTon: 3, sourceAddr: '111' },
    '00000018 00000003 00000000 0000000c 7800 03 00 31313100',
  ],
  [
    {
      command: 'query_sm_resp',
      sequence: 12,
      messageId: 'x',
      finalDate: '',
      messageState: 1,
      errorCode: 255,
    },
    '00000015 80000003 00000000 0000000c 7800 00 01 ff',
  ],
  [
    { command: 'cancel_sm', sequence: 13, messageId: 'x', sourceAddr: '1', destinationAddr: '2' },
    '0000001b 00000008 00000000 0000000d 00 7800 0000 3100 0000 3200',
  ],
  [{ command: 'cancel_sm_resp', sequence: 13 }, '00000010 80000008 00000000 0000000d'],
  [
    { command: 'replace_sm', sequence: 14, messageId: 'x', sourceAddr: '1', shortMessage: bytes('4142') },
    '0000001d 00000007 00000000 0000000e 7800 0000 3100 00 00 00 00 02 4142',
  ],
  [{ command: 'replace_sm_resp', sequence: 14 }, '00000010 80000007 00000000 0000000e'],
  [
    {
      command: 'submit_multi',
      sequence: 15,
      destAddresses: [{ destAddrTon: 1, destAddrNpi: 1, destinationAddr: '9' }, { dlName: 'all' }],
      shortMessage: bytes('41'),
    },
    `0000002a 00000021 00000000 0000000f 00 000000 /number_of_dests/ 02 01 01 01 3900 02 616c6c00
     00 00 00 00 00 00 00 00 00 01 41`,
  ],
  [
    {
      command: 'submit_multi_resp',
      sequence: 15,
      messageId: 'x',
      unsuccessSmes: [{ destAddrTon: 1, destAddrNpi: 1, destinationAddr: '9', errorStatusCode: 0x0b }],
    },
    '0000001b 80000021 00000000 0000000f 7800 01 01 01 3900 0000000b',
  ],
  [
    {
      command: 'alert_notification',
      sequence: 16,
      sourceAddr: '9',
      esmeAddr: '1',
      tlvs: { msAvailabilityStatus: 0 },
    },
    '0000001d 00000102 00000000 00000010 0000 3900 0000 3100 0422 0001 00',
  ],
];

test('every command has a vector', () => {
  const shown = new Set(vectors.map(([{ command }]) => command));
  assert.deepEqual(
    Object.keys(commands).filter((name) => !shown.has(name as CommandName)),
    [],
  );
});

for (const [pdu, hex] of vectors) {
  test(`${pdu.command} ${pdu.sequence} stands on the wire as in the standard, and back`, () => {
    assert.equal(encode(pdu).toString('hex'), bytes(hex).toString('hex'));
    const read = decode(bytes(hex));
    assert.equal(read.command, pdu.command);
    for (const [field, value] of Object.entries(pdu))
      assert.deepEqual((read as unknown as Record<string, unknown>)[field], value, field);
  });

  test(`npm smpp reads the same bytes of ${pdu.command} ${pdu.sequence} as the same command`, () => {
    const theirs = new peer.PDU(bytes(hex));
    assert.equal(theirs['command'], pdu.command);
    assert.equal(theirs['sequence_number'], pdu.sequence);
    for (const [field, value] of Object.entries(pdu)) {
      const name = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (typeof value === 'string' && field !== 'command' && !/Time|Period|Date/.test(field))
        assert.equal(theirs[name], value, name);
    }
  });
}

const octetsUpTo = (most: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength: most }).map((array) => Buffer.from(array));
const textBelow = (limit: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: limit - 1 })
    .map((codes) => String.fromCharCode(...codes));
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
const address = {
  destAddrTon: fc.nat(255),
  destAddrNpi: fc.nat(255),
  destinationAddr: textBelow(21),
};

function fieldValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case wire.u8:
      return fc.nat(255);
    case wire.text:
      return textBelow(field.limit);
    case wire.message:
      return octetsUpTo(255);
    case wire.destinations:
      return fc.array(fc.oneof(plain(address), plain({ dlName: textBelow(21) })), {
        minLength: 1,
        maxLength: 254,
        size: 'small',
      });
    case wire.failures:
      return fc.array(plain({ ...address, errorStatusCode: fc.nat(0xffffffff) }), { maxLength: 255 });
  }
}

const optional = fc.record(
  Object.fromEntries(
    Object.entries(tlvs).map(([name, [, type, limit]]) => {
      const integer = fc.nat(2 ** (8 * Math.min(limit, 4)) - 1);
      const kinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
        integer,
        text: textBelow(limit),
        octets: octetsUpTo(Math.min(limit, 400)),
        'integer*': fc.array(integer, { minLength: 1, maxLength: 3 }),
        'octets*': fc.array(octetsUpTo(limit), { minLength: 1, maxLength: 3 }),
      };
      return [name, kinds[type]!];
    }),
  ),
  { requiredKeys: [], noNullPrototype: true },
);

const known = new Set<number>(Object.values(tlvs).map(([tag]) => tag));
const unknownTlv = plain({
  tag: fc.nat(0xffff).filter((tag) => !known.has(tag)),
  value: octetsUpTo(40),
});

/** A whole PDU that keeps the rules between its fields. */
const anyPdu = fc.constantFrom(...(Object.keys(commands) as CommandName[])).chain((command) => {
  const { fields }: Command = commands[command];
  return plain<Record<string, unknown>>({
    command: fc.constant(command),
    status: fc.constantFrom(0, 8, 0x58, 0xffffffff),
    sequence: fc.integer({ min: 1, max: 0x7fffffff }),
    ...Object.fromEntries(fields.map((field) => [field.name, fieldValue(field)])),
    tlvs: optional,
    otherTlvs: fc.array(unknownTlv, { maxLength: 3 }),
  }).map((pdu): Pdu => {
    const whole = pdu as unknown as Pdu & { esmClass?: number; shortMessage?: Buffer };
    if (whole.esmClass !== undefined) whole.esmClass &= ~0x40;
    const { messagePayload: _only, ...others } = whole.tlvs;
    return whole.shortMessage === undefined ? whole : { ...whole, tlvs: others };
  });
});

test('what is written is read back, whatever the command, fields and optional parameters', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      const written = encode(pdu);
      assert.ok(written.length <= largestSize(pdu));
      assert.deepEqual(decode(written), pdu);
    }),
    { numRuns: 2000 },
  );
});

test('a batch of PDUs is read back one by one from its offsets', () => {
  fc.assert(
    fc.property(fc.array(anyPdu, { maxLength: 5 }), fc.nat(20), (pdus, offset) => {
      const target = Buffer.alloc(offset + pdus.reduce((sum, pdu) => sum + largestSize(pdu), 0), 0xee);
      let end = offset;
      const ends = pdus.map((pdu) => (end = encodeInto(pdu, target, end)));
      for (const [index, pdu] of pdus.entries())
        assert.deepEqual(decode(target, ends[index - 1] ?? offset, ends[index]), pdu);
      assert.ok(target.subarray(0, offset).every((octet) => octet === 0xee));
    }),
    { numRuns: 200 },
  );
});

test('a PDU cut short anywhere is malformed or whole, and never throws', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      const written = encode(pdu);
      for (let end = 16; end < written.length; end += 1 + (end >> 4)) {
        const read = decode(written, 0, end);
        if (read.command === 'malformed') assert.equal(read.sequence, pdu.sequence);
        else assert.equal(read.command, pdu.command);
      }
    }),
    { numRuns: 300 },
  );
});

const wholeSubmit = encode({
  command: 'submit_sm',
  sequence: 77,
  sourceAddr: '111',
  destinationAddr: '886912345678',
  shortMessage: Buffer.from('body'),
});
const withTail = (hex: string): Buffer => Buffer.concat([wholeSubmit, bytes(hex)]);
const single = (head: string): Buffer => bytes(`00000000 00000004 00000000 0000004d ${head}`);
const long = (octets: number): string => '31'.repeat(octets);

const broken: readonly (readonly [what: string, Buffer, Partial<MalformedPdu>])[] = [
  [
    'an unknown command',
    bytes('00000010 000000aa 00000000 0000004d'),
    { status: statuses.ESME_RINVCMDID, problem: 'unknown-command', name: null },
  ],
  ['a body that is missing', single(''), { status: statuses.ESME_RINVCMDLEN, problem: 'body-too-short' }],
  [
    'a service type without end',
    single(long(6)),
    { status: statuses.ESME_RINVSERTYP, problem: 'text-not-closed', at: 'serviceType' },
  ],
  [
    'a source address without end',
    single(`00 0000 ${long(40)}`),
    { status: statuses.ESME_RINVSRCADR, problem: 'text-not-closed', at: 'sourceAddr' },
  ],
  [
    'a destination address without end',
    single(`00 0000 00 0000 ${long(20)}`),
    { status: statuses.ESME_RINVDSTADR, at: 'destinationAddr' },
  ],
  [
    'a validity period without end',
    single(`00 0000 00 0000 00 000000 00 ${long(17)}`),
    { status: statuses.ESME_RINVEXPIRY, at: 'validityPeriod' },
  ],
  [
    'sm_length past the end',
    single('00 0000 00 0000 00 000000 00 00 00000000 05 41414141'),
    { status: statuses.ESME_RINVMSGLEN, problem: 'message-past-end' },
  ],
  [
    'three octets behind the message',
    withTail('042400'),
    { status: statuses.ESME_RINVOPTPARSTREAM, problem: 'tlv-past-end' },
  ],
  [
    'a parameter past the end',
    withTail('0424 0005 41'),
    { status: statuses.ESME_RINVOPTPARSTREAM, problem: 'tlv-past-end', at: '0x0424' },
  ],
  [
    'a parameter of a wrong length',
    withTail('0204 0003 000000'),
    { status: statuses.ESME_RINVPARLEN, problem: 'tlv-length', at: '0x0204' },
  ],
  [
    'short_message and message_payload',
    withTail('0424 0001 41'),
    { status: statuses.ESME_ROPTPARNOTALLWD, problem: 'message-twice' },
  ],
  [
    'a user data header longer than the message',
    single('00 0000 00 0000 00 400000 00 00 00000000 03 050003'),
    { status: statuses.ESME_RINVMSGLEN, problem: 'header-past-message' },
  ],
  [
    'a user data header without a message',
    single('00 0000 00 0000 00 400000 00 00 00000000 00'),
    { status: statuses.ESME_RINVMSGLEN, problem: 'header-past-message' },
  ],
  [
    'more destinations than there are',
    bytes('00000000 00000021 00000000 0000004d 00 0000 00 02 01 0101 3900'),
    { status: statuses.ESME_RINVNUMDESTS, problem: 'bad-destination' },
  ],
  [
    'a destination of no kind',
    bytes(`00000000 00000021 00000000 0000004d 00 0000 00 01 07 0101 3900 ${'00'.repeat(11)}`),
    { status: statuses.ESME_RINVNUMDESTS, problem: 'bad-destination' },
  ],
  [
    'a response that grants without its body',
    bytes('00000010 80000004 00000000 0000004d'),
    { problem: 'body-too-short', name: 'submit_sm_resp' },
  ],
];

for (const [what, source, expected] of broken) {
  test(`malformed, with the status that answers it: ${what}`, () => {
    source.writeUInt32BE(source.length, 0);
    const read = decode(source);
    assert.equal(read.command, 'malformed');
    assert.partialDeepStrictEqual(read, { ...expected, sequence: 77 });
  });
}

test('odd octets of UCS-2 are content: the message is read as it came', () => {
  const read = decode(encode({ command: 'submit_sm', dataCoding: 8, shortMessage: bytes('65704e') }));
  assert.deepEqual((read as { shortMessage?: Buffer }).shortMessage, bytes('65704e'));
});

test('a refusal and an answer to deliver_sm may come without their bodies', () => {
  const refused = decode(bytes('00000010 80000004 00000058 00000001'));
  assert.partialDeepStrictEqual(refused, { command: 'submit_sm_resp', status: 0x58, messageId: '' });
  const taken = decode(bytes('00000010 80000005 00000000 00000001'));
  assert.partialDeepStrictEqual(taken, { command: 'deliver_sm_resp', status: 0, messageId: '' });
});

test('integers of another width and text without its end are read: products send both', () => {
  const tail = '0204 0001 07 0427 0004 00000002 001e 0003 616263';
  const read = decode(withTail(tail)) as Pdu;
  assert.deepEqual(read.tlvs, { userMessageReference: 7, messageState: 2, receiptedMessageId: 'abc' });
});

test('a parameter that stands twice counts once, and the second is kept', () => {
  const read = decode(withTail('0204 0002 0001 0204 0002 0002 1400 0001 ff')) as Pdu;
  assert.deepEqual(read.tlvs, { userMessageReference: 1 });
  assert.deepEqual(read.otherTlvs, [
    { tag: 0x0204, value: bytes('0002') },
    { tag: 0x1400, value: bytes('ff') },
  ]);
});

const unfit: readonly (readonly [what: string, pdu: AnyPduInput, at: string])[] = [
  ['a text that is too long', { command: 'submit_sm', sourceAddr: '1'.repeat(21) }, 'sourceAddr'],
  ['a NUL in a text', { command: 'submit_sm', sourceAddr: '1\0' }, 'sourceAddr'],
  ['a Han character in a text', { command: 'submit_sm', sourceAddr: '部' }, 'sourceAddr'],
  ['an octet above 255', { command: 'submit_sm', dataCoding: 256 }, 'dataCoding'],
  ['a fraction', { command: 'submit_sm', dataCoding: 0.5 }, 'dataCoding'],
  ['a message of 256 octets', { command: 'submit_sm', shortMessage: Buffer.alloc(256) }, 'shortMessage'],
  ['no destination', { command: 'submit_multi' }, 'destAddresses'],
  ['a parameter above its width', { command: 'unbind', tlvs: { congestionState: 256 } }, 'congestionState'],
  [
    'a payload above 65,535 octets',
    { command: 'data_sm', tlvs: { messagePayload: Buffer.alloc(65_536) } },
    'messagePayload',
  ],
];

for (const [what, pdu, at] of unfit) {
  test(`nothing is written that does not fit: ${what}`, () => {
    assert.throws(
      () => encode(pdu),
      (error: unknown) => error instanceof SmppValueError && error.at === at,
    );
  });
}

test('a payload of 65,535 octets goes through', () => {
  const payload = Buffer.alloc(65_535, 7);
  const read = decode(encode({ command: 'data_sm', tlvs: { messagePayload: payload } })) as Pdu;
  assert.ok(read.tlvs.messagePayload?.equals(payload));
});

test('names of parameters stand for different tags', () => {
  const names = Object.keys(tlvs) as TlvName[];
  assert.equal(new Set(names.map((name) => tlvs[name][0])).size, names.length);
});

test('a status has its name, and its number where it has none', () => {
  assert.equal(statusName(0x58), 'ESME_RTHROTTLED');
  assert.equal(statusName(0x404), '0x00000404');
});
