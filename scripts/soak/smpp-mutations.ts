import { commands, encode, type AnyPduInput, type CommandName } from '#protocols/smpp';

/** The bytes of one mutated PDU. */
export interface Mutation {
  readonly bytes: Buffer;
  /** Whether command_length says how long it is. */
  readonly isSound: boolean;
}

type Random = () => number;

const below = (random: Random, bound: number): number => Math.floor(random() * bound);
const oneOf = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)]!;
const digits = (random: Random, most: number): string =>
  Array.from({ length: below(random, most) }, () => below(random, 10)).join('');

/** unbind ends a session, and with it the trial of all that comes after: it stands for itself in a batch in ten. */
const names = (Object.keys(commands) as CommandName[]).filter((name) => name !== 'unbind');
/** Kinds that make up traffic come more often. */
const often: readonly CommandName[] = [
  'submit_sm',
  'deliver_sm',
  'data_sm',
  'submit_sm_resp',
  'submit_multi',
];
const edges = [0, 1, 2, 4, 0x20, 0x40, 0x7f, 0x80, 0xfe, 0xff];

function soundPdu(random: Random): Buffer {
  const command = random() < 0.6 ? oneOf(random, often) : oneOf(random, names);
  const message = Buffer.from(Array.from({ length: below(random, 160) }, () => below(random, 256)));
  const hasPayload = random() < 0.2;
  const fields = {
    command,
    status: random() < 0.8 ? 0 : oneOf(random, [1, 8, 0x58, 0xff]),
    sequence: 2 + below(random, 0x70000000),
    systemId: digits(random, 15),
    messageId: digits(random, 64),
    sourceAddr: digits(random, 20),
    destinationAddr: digits(random, 20),
    esmClass: oneOf(random, edges),
    dataCoding: oneOf(random, [0, 1, 3, 4, 8, 0xf5]),
    shortMessage: hasPayload ? Buffer.alloc(0) : message,
    destAddresses: Array.from({ length: 1 + below(random, 5) }, () =>
      random() < 0.7
        ? { destAddrTon: 1, destAddrNpi: 1, destinationAddr: digits(random, 20) }
        : { dlName: digits(random, 20) },
    ),
    unsuccessSmes: [{ destAddrTon: 1, destAddrNpi: 1, destinationAddr: '9', errorStatusCode: 11 }],
    tlvs: {
      ...(hasPayload ? { messagePayload: message } : {}),
      ...(random() < 0.4 ? { userMessageReference: below(random, 65_536) } : {}),
      ...(random() < 0.3 ? { receiptedMessageId: digits(random, 64), messageState: below(random, 9) } : {}),
      ...(random() < 0.2 ? { callbackNum: [message.subarray(0, 19)] } : {}),
    },
    otherTlvs: random() < 0.1 ? [{ tag: 0x1400 + below(random, 99), value: message }] : [],
  };
  return encode(fields as unknown as AnyPduInput);
}

type Change = (bytes: Buffer, random: Random) => Buffer;

/** Past the header: what a mutation of the body may touch. */
const inBody = (bytes: Buffer, random: Random): number => 16 + below(random, Math.max(1, bytes.length - 16));

const changes: readonly Change[] = [
  (bytes, random) => {
    const at = below(random, bytes.length - 4) + 4;
    bytes[at]! ^= 1 << below(random, 8);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 16) bytes[inBody(bytes, random)] = oneOf(random, edges);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, inBody(bytes, random)),
  (bytes, random) =>
    Buffer.concat([bytes, Buffer.from(Array.from({ length: below(random, 12) }, () => below(random, 256)))]),
  (bytes, random) => {
    const at = inBody(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(16, at), bytes.subarray(at)]);
  },
  (bytes, random) => Buffer.concat([bytes.subarray(0, inBody(bytes, random)), soundPdu(random).subarray(16)]),
  (bytes, random) => bytes.fill(oneOf(random, edges), inBody(bytes, random)),
  (bytes, random) => {
    bytes.writeUInt32BE(commands[oneOf(random, names)].id, 4);
    return bytes;
  },
];

/** command_lengths that lie. */
const lies = [0, 1, 3, 4, 12, 15, 16, 17, 255, 20_000, 69_999, 70_001, 0x48545450, 0x7fffffff, 0xffffffff];

/** So many mutated PDUs, as the random numbers will. In one batch of thirty a command_length lies, in one of ten stands an unbind. */
export function mutatedPdus(random: Random, count: number): Mutation[] {
  const isLying = random() < 1 / 30;
  const liar = isLying ? below(random, count) : -1;
  const leaver = random() < 0.1 ? below(random, count) : -1;
  return Array.from({ length: count }, (_, index) => {
    let bytes = index === leaver ? encode({ command: 'unbind', sequence: 2 }) : soundPdu(random);
    for (let times = 1 + below(random, 3); times > 0; times--) bytes = oneOf(random, changes)(bytes, random);
    const whole = Buffer.from(bytes.length >= 16 ? bytes : Buffer.alloc(16));
    const length = index === liar ? oneOf(random, lies) : whole.length;
    whole.writeUInt32BE(length, 0);
    return { bytes: whole, isSound: length === whole.length };
  });
}
