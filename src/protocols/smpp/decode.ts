import { commandNames, commands, type Command, type CommandName } from './commands.ts';
import { message, wire, type Destination, type Field, type UnsuccessfulDelivery } from './fields.ts';
import type { MalformedPdu, Malformation, Pdu } from './pdu.ts';
import { statuses } from './statuses.ts';
import { tlvs as tlvTable, type RawTlv, type TlvName, type Tlvs } from './tlvs.ts';

type Fields = Record<string, unknown>;

interface Layout {
  readonly name: CommandName;
  readonly fields: readonly Field[];
  readonly bodyless: Command['bodyless'];
  /** A PDU of empty fields: copying it gives every PDU of a command the same shape. */
  readonly empty: Fields;
}

const noTlvs: Tlvs = Object.freeze({});
const noOtherTlvs: readonly RawTlv[] = Object.freeze([]);

const layouts = new Map<number, Layout>();
for (const [id, name] of commandNames) {
  const { fields, bodyless }: Command = commands[name];
  const values = Object.fromEntries(fields.map((field) => [field.name, field.empty]));
  const empty = { command: name, status: 0, sequence: 0, ...values, tlvs: noTlvs, otherTlvs: noOtherTlvs };
  layouts.set(id, { name, fields, bodyless, empty });
}

const tlvByTag = new Map<number, { readonly name: TlvName; readonly type: string; readonly limit: number }>(
  Object.entries(tlvTable).map(([name, [tag, type, limit]]) => [tag, { name: name as TlvName, type, limit }]),
);

/**
 * The PDU that stands in `source` from `start` to `end`, as command_length says. What can't be read is a MalformedPdu;
 * nothing throws. Octets of the PDU are views of `source`: copy them where `source` is used again.
 */
export function decode(source: Buffer, start = 0, end = source.length): Pdu | MalformedPdu {
  const id = readU32(source, start + 4);
  const layout = layouts.get(id);
  const sequence = readU32(source, start + 12);
  if (layout === undefined)
    return malformed(id, null, sequence, statuses.ESME_RINVCMDID, 'unknown-command', 'command_id');
  const status = readU32(source, start + 8);
  if (layout.name === 'submit_sm' || layout.name === 'deliver_sm') {
    const traffic = readTraffic(layout.name, status, sequence, source, start + 16, end);
    if (traffic !== null) return traffic as unknown as Pdu;
  }
  const pdu: Fields = { ...layout.empty };
  pdu['status'] = status;
  pdu['sequence'] = sequence;
  const { bodyless } = layout;
  const isBare = end - start === 16 && (bodyless === 'always' || (bodyless === 'error' && status !== 0));
  if (!isBare) {
    const broken = readBody(layout, pdu, source, start + 16, end);
    if (broken !== null)
      return malformed(id, layout.name, sequence, broken.status, broken.problem, broken.at);
  }
  return pdu as unknown as Pdu;
}

interface Breach {
  readonly status: number;
  readonly problem: Malformation;
  readonly at: string;
}

function malformed(
  commandId: number,
  name: CommandName | null,
  sequence: number,
  status: number,
  problem: Malformation,
  at: string,
): MalformedPdu {
  return { command: 'malformed', commandId, name, sequence, status, problem, at };
}

const breach = (status: number, problem: Malformation, at: string): Breach => ({ status, problem, at });

function readU32(source: Buffer, at: number): number {
  return ((source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!) >>> 0;
}

function readBody(
  { fields }: Layout,
  pdu: Fields,
  source: Buffer,
  start: number,
  end: number,
): Breach | null {
  let at = start;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    if (at >= end) return breach(statuses.ESME_RINVCMDLEN, 'body-too-short', field.name);
    switch (field.kind) {
      case wire.u8:
        pdu[field.name] = source[at++];
        break;
      case wire.text: {
        const close = closing(source, at, Math.min(end, at + field.limit));
        if (close === -1) return breach(field.refusal, 'text-not-closed', field.name);
        if (close > at) pdu[field.name] = latin1(source, at, close);
        at = close + 1;
        break;
      }
      case wire.message: {
        const length = source[at]!;
        if (at + 1 + length > end) return breach(field.refusal, 'message-past-end', field.name);
        if (length > 0) pdu[field.name] = source.subarray(at + 1, at + 1 + length);
        at += 1 + length;
        break;
      }
      case wire.destinations:
      case wire.failures: {
        const reader = field.kind === wire.failures ? readFailure : readDestination;
        at = readList(pdu, field.name, reader, source, at, end);
        if (at === -1) return breach(field.refusal, 'bad-destination', field.name);
        break;
      }
    }
  }
  if (at < end) {
    const broken = readTlvs(pdu, source, at, end);
    if (broken !== null) return broken;
  }
  return checkMessage(pdu);
}

const character = String.fromCharCode;

/** Addresses and ids are short: up to 24 characters this is faster than a call into the runtime. */
function latin1(source: Buffer, from: number, to: number): string {
  if (to - from > 24) return source.toString('latin1', from, to);
  let text = '';
  let at = from;
  for (; at + 4 <= to; at += 4)
    text += character(source[at]!, source[at + 1]!, source[at + 2]!, source[at + 3]!);
  for (; at < to; at++) text += character(source[at]!);
  return text;
}

/**
 * The two commands that make up the traffic, read straight: 0.4 µs against 0.7 by the table. null where anything is
 * wrong; then the table finds out what.
 */
function readTraffic(
  command: 'submit_sm' | 'deliver_sm',
  status: number,
  sequence: number,
  source: Buffer,
  start: number,
  end: number,
): Fields | null {
  const service = closing(source, start, Math.min(end, start + 6));
  const from = service + 3;
  const fromEnd = service === -1 ? -1 : closing(source, from, Math.min(end, from + 21));
  const to = fromEnd + 3;
  const toEnd = fromEnd === -1 ? -1 : closing(source, to, Math.min(end, to + 21));
  const schedule = toEnd + 4;
  const scheduleEnd = toEnd === -1 ? -1 : closing(source, schedule, Math.min(end, schedule + 17));
  const validity = scheduleEnd + 1;
  const validityEnd = scheduleEnd === -1 ? -1 : closing(source, validity, Math.min(end, validity + 17));
  const content = validityEnd + 6;
  if (validityEnd === -1 || content > end) return null;
  const contentEnd = content + source[content - 1]!;
  if (contentEnd > end) return null;
  const pdu = {
    command,
    status,
    sequence,
    serviceType: latin1(source, start, service),
    sourceAddrTon: source[service + 1],
    sourceAddrNpi: source[service + 2],
    sourceAddr: latin1(source, from, fromEnd),
    destAddrTon: source[fromEnd + 1],
    destAddrNpi: source[fromEnd + 2],
    destinationAddr: latin1(source, to, toEnd),
    esmClass: source[toEnd + 1],
    protocolId: source[toEnd + 2],
    priorityFlag: source[toEnd + 3],
    scheduleDeliveryTime: latin1(source, schedule, scheduleEnd),
    validityPeriod: latin1(source, validity, validityEnd),
    registeredDelivery: source[validityEnd + 1],
    replaceIfPresentFlag: source[validityEnd + 2],
    dataCoding: source[validityEnd + 3],
    smDefaultMsgId: source[validityEnd + 4],
    shortMessage: contentEnd > content ? source.subarray(content, contentEnd) : message.empty,
    tlvs: noTlvs,
    otherTlvs: noOtherTlvs,
  };
  if (contentEnd < end && readTlvs(pdu, source, contentEnd, end) !== null) return null;
  return checkMessage(pdu) === null ? pdu : null;
}

/** Where the NUL stands, -1 where there is none before `end`. */
function closing(source: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) if (source[at] === 0) return at;
  return -1;
}

type ListReader<T> = (source: Buffer, at: number, end: number, into: T[]) => number;

function readList<T>(
  pdu: Fields,
  name: string,
  read: ListReader<T>,
  source: Buffer,
  start: number,
  end: number,
): number {
  const all: T[] = [];
  let at = start + 1;
  for (let left = source[start]!; left > 0 && at !== -1; left--) at = read(source, at, end, all);
  pdu[name] = all;
  return at;
}

const readDestination: ListReader<Destination> = (source, at, end, into) => {
  if (at < end && source[at] === 2) {
    const close = closing(source, at + 1, Math.min(end, at + 22));
    if (close !== -1) into.push({ dlName: latin1(source, at + 1, close) });
    return close === -1 ? -1 : close + 1;
  }
  if (at + 3 >= end || source[at] !== 1) return -1;
  const close = closing(source, at + 3, Math.min(end, at + 24));
  if (close === -1) return -1;
  const destinationAddr = latin1(source, at + 3, close);
  into.push({ destAddrTon: source[at + 1]!, destAddrNpi: source[at + 2]!, destinationAddr });
  return close + 1;
};

const readFailure: ListReader<UnsuccessfulDelivery> = (source, at, end, into) => {
  const close = closing(source, at + 2, Math.min(end, at + 23));
  if (close === -1 || close + 5 > end) return -1;
  into.push({
    destAddrTon: source[at]!,
    destAddrNpi: source[at + 1]!,
    destinationAddr: latin1(source, at + 2, close),
    errorStatusCode: readU32(source, close + 1),
  });
  return close + 5;
};

function readTlvs(pdu: Fields, source: Buffer, start: number, end: number): Breach | null {
  const named: Record<string, unknown> = {};
  let others: RawTlv[] | null = null;
  for (let at = start; at < end;) {
    if (at + 4 > end) return breach(statuses.ESME_RINVOPTPARSTREAM, 'tlv-past-end', 'tag');
    const tag = (source[at]! << 8) | source[at + 1]!;
    const from = at + 4;
    at = from + ((source[at + 2]! << 8) | source[at + 3]!);
    if (at > end) return breach(statuses.ESME_RINVOPTPARSTREAM, 'tlv-past-end', tagText(tag));
    const row = tlvByTag.get(tag);
    const isList = row !== undefined && row.type.endsWith('*');
    if (row === undefined || (!isList && named[row.name] !== undefined)) {
      (others ??= []).push({ tag, value: source.subarray(from, at) });
      continue;
    }
    const value = readTlv(row.type, row.limit, source, from, at);
    if (value === null) return breach(statuses.ESME_RINVPARLEN, 'tlv-length', tagText(tag));
    if (!isList) named[row.name] = value;
    else ((named[row.name] ??= []) as unknown[]).push(value);
  }
  pdu['tlvs'] = named;
  if (others !== null) pdu['otherTlvs'] = others;
  return null;
}

const tagText = (tag: number): string => `0x${tag.toString(16).padStart(4, '0')}`;

/** null where the length does not fit. Integers of other widths are read, and text without its NUL: products send both. */
function readTlv(
  type: string,
  limit: number,
  source: Buffer,
  from: number,
  to: number,
): number | string | Buffer | null {
  const length = to - from;
  if (type === 'integer' || type === 'integer*') {
    if (length === 1) return source[from]!;
    if (length === 2) return (source[from]! << 8) | source[from + 1]!;
    return length === 4 ? readU32(source, from) : null;
  }
  if (length > limit) return null;
  if (type === 'text') {
    const close = closing(source, from, to);
    return latin1(source, from, close === -1 ? to : close);
  }
  return source.subarray(from, to);
}

/** Rules between fields: one place for the message (SMPP 3.4 §5.3.2.32), and its header inside it (§5.2.12). */
function checkMessage(pdu: Fields): Breach | null {
  const short = pdu['shortMessage'] as Buffer | undefined;
  const payload = (pdu['tlvs'] as Tlvs).messagePayload;
  if (payload !== undefined && short !== undefined && short.length > 0)
    return breach(statuses.ESME_ROPTPARNOTALLWD, 'message-twice', 'messagePayload');
  const esmClass = pdu['esmClass'] as number | undefined;
  if (esmClass === undefined || (esmClass & 0x40) === 0) return null;
  const content = payload ?? short;
  if (content === undefined || content.length === 0 || content[0]! >= content.length)
    return breach(statuses.ESME_RINVMSGLEN, 'header-past-message', 'esmClass');
  return null;
}
