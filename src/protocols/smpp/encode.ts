import { commands, type Command } from './commands.ts';
import { wire, type Destination, type Field, type UnsuccessfulDelivery } from './fields.ts';
import { SmppValueError, type AnyPduInput } from './pdu.ts';
import { tlvs as tlvTable, type RawTlv, type TlvName, type Tlvs } from './tlvs.ts';

const HEADER = 16;

interface Layout {
  readonly id: number;
  readonly fields: readonly Field[];
  /** Most octets of header and mandatory fields. */
  readonly limit: number;
  /** A response that comes without its body where it refuses. */
  readonly isBodyless: boolean;
}

const nothing: readonly Field[] = [];

const layouts = new Map<string, Layout>(
  Object.entries(commands as Readonly<Record<string, Command>>).map(([name, { id, fields, bodyless }]) => [
    name,
    {
      id,
      fields,
      isBodyless: bodyless !== undefined,
      limit: fields.reduce((sum, field) => sum + field.limit, HEADER),
    },
  ]),
);

type Values = Readonly<Record<string, unknown>>;

/** The bytes of a PDU. Throws SmppValueError where a value does not fit its field. */
export function encode(pdu: AnyPduInput): Buffer {
  const room = largestSize(pdu);
  const target = room > scratch.length ? Buffer.allocUnsafe(room) : scratch;
  const end = encodeInto(pdu, target, 0);
  return Buffer.from(target.subarray(0, end));
}

const scratch = Buffer.allocUnsafeSlow(8192);

/** Octets that suffice for a PDU, without looking at the length of its strings. */
export function largestSize(pdu: AnyPduInput): number {
  const layout = layouts.get(pdu.command);
  if (layout === undefined) throw new SmppValueError('command', `${pdu.command as string} is no command`);
  let size = layout.limit;
  if (pdu.tlvs !== undefined) for (const name in pdu.tlvs) size += tlvSize(pdu.tlvs[name as TlvName]);
  if (pdu.otherTlvs !== undefined) for (const { value } of pdu.otherTlvs) size += 4 + value.length;
  return size;
}

function tlvSize(value: Tlvs[TlvName] | number | Buffer): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return 8;
  if (typeof value === 'string') return 5 + value.length;
  if (Buffer.isBuffer(value)) return 4 + value.length;
  let size = 0;
  for (const one of value) size += tlvSize(one);
  return size;
}

/**
 * Writes a PDU at `offset`, where `largestSize(pdu)` octets must be free; answers the offset behind it.
 * `sequence` stands above that of the PDU, so that one PDU may be sent many times.
 */
export function encodeInto(
  pdu: AnyPduInput,
  target: Buffer,
  offset: number,
  sequence: number = pdu.sequence ?? 0,
): number {
  const layout = layouts.get(pdu.command);
  if (layout === undefined) throw new SmppValueError('command', `${pdu.command as string} is no command`);
  writeU32(target, offset + 4, layout.id);
  writeU32(target, offset + 8, pdu.status ?? 0);
  writeU32(target, offset + 12, sequence);
  let at = offset + HEADER;
  const values = pdu as unknown as Values;
  // A refusal has no body (SMPP 3.4 §4.4.2) but where it says more.
  const fields = layout.isBodyless && isBare(layout, pdu) ? nothing : layout.fields;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    const value = values[field.name];
    switch (field.kind) {
      case wire.u8:
        target[at++] = value === undefined ? field.empty : checked(field.name, value, 0xff);
        break;
      case wire.text:
        at = value === undefined ? writeNul(target, at) : writeText(target, at, field, value);
        break;
      case wire.message:
        at = value === undefined ? writeNul(target, at) : writeMessage(target, at, value as Buffer);
        break;
      case wire.destinations:
        at = writeDestinations(target, at, (value ?? field.empty) as readonly Destination[]);
        break;
      case wire.failures:
        at = writeFailures(target, at, (value ?? field.empty) as readonly UnsuccessfulDelivery[]);
        break;
    }
  }
  if (pdu.tlvs !== undefined) at = writeTlvs(target, at, pdu.tlvs);
  if (pdu.otherTlvs !== undefined) for (const tlv of pdu.otherTlvs) at = writeRaw(target, at, tlv);
  writeU32(target, offset, at - offset);
  return at;
}

function isBare({ fields }: Layout, pdu: AnyPduInput): boolean {
  if ((pdu.status ?? 0) === 0) return false;
  const values = pdu as unknown as Values;
  const isSilent = (field: Field): boolean => values[field.name] === undefined || values[field.name] === '';
  for (const _ in pdu.tlvs) return false;
  return fields.every(isSilent) && (pdu.otherTlvs?.length ?? 0) === 0;
}

function writeU32(target: Buffer, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

function checked(name: string, value: unknown, most: number): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= most) || !Number.isInteger(value))
    throw new SmppValueError(name, `${String(value)} is no integer of 0 to ${most}`);
  return value;
}

function writeNul(target: Buffer, at: number): number {
  target[at] = 0;
  return at + 1;
}

function writeText(
  target: Buffer,
  at: number,
  { name, limit }: { readonly name: string; readonly limit: number },
  value: unknown,
): number {
  if (typeof value !== 'string') throw new SmppValueError(name, 'is no string');
  const { length } = value;
  if (length >= limit) throw new SmppValueError(name, `${length} characters, at most ${limit - 1}`);
  for (let index = 0; index < length; index++) {
    const code = value.charCodeAt(index);
    if (code === 0 || code > 0xff)
      throw new SmppValueError(name, 'has a character that is no Latin-1, or a NUL');
    target[at + index] = code;
  }
  target[at + length] = 0;
  return at + length + 1;
}

function writeMessage(target: Buffer, at: number, value: Buffer): number {
  const { length } = value;
  if (length > 255) throw new SmppValueError('shortMessage', `${length} octets, at most 255`);
  target[at] = length;
  target.set(value, at + 1);
  return at + 1 + length;
}

const destinationText = { name: 'destinationAddr', limit: 21 };
const listText = { name: 'dlName', limit: 21 };

function writeDestinations(target: Buffer, at: number, all: readonly Destination[]): number {
  if (all.length < 1 || all.length > 254)
    throw new SmppValueError('destAddresses', `${all.length} destinations, 1 to 254 are allowed`);
  target[at++] = all.length;
  for (const one of all) {
    if ('dlName' in one) {
      target[at++] = 2;
      at = writeText(target, at, listText, one.dlName);
    } else {
      target[at++] = 1;
      at = writeAddress(target, at, one);
    }
  }
  return at;
}

function writeAddress(
  target: Buffer,
  at: number,
  one: Pick<UnsuccessfulDelivery, 'destAddrTon' | 'destAddrNpi' | 'destinationAddr'>,
): number {
  target[at] = checked('destAddrTon', one.destAddrTon, 0xff);
  target[at + 1] = checked('destAddrNpi', one.destAddrNpi, 0xff);
  return writeText(target, at + 2, destinationText, one.destinationAddr);
}

function writeFailures(target: Buffer, at: number, all: readonly UnsuccessfulDelivery[]): number {
  if (all.length > 255) throw new SmppValueError('unsuccessSmes', `${all.length}, at most 255`);
  target[at++] = all.length;
  for (const one of all) {
    at = writeAddress(target, at, one);
    writeU32(target, at, checked('errorStatusCode', one.errorStatusCode, 0xffffffff));
    at += 4;
  }
  return at;
}

function writeTlvs(target: Buffer, at: number, all: Tlvs): number {
  for (const name in all) {
    const value = all[name as TlvName];
    if (value === undefined) continue;
    const row = tlvTable[name as TlvName] as (typeof tlvTable)[TlvName] | undefined;
    if (row === undefined) throw new SmppValueError(name, 'is no optional parameter');
    const [tag, , limit] = row;
    if (Array.isArray(value)) for (const one of value) at = writeTlv(target, at, name, tag, limit, one);
    else at = writeTlv(target, at, name, tag, limit, value as number | string | Buffer);
  }
  return at;
}

function writeTlv(
  target: Buffer,
  at: number,
  name: string,
  tag: number,
  limit: number,
  value: number | string | Buffer,
): number {
  target[at] = tag >>> 8;
  target[at + 1] = tag;
  const start = at + 4;
  let end = start;
  if (typeof value === 'number') {
    checked(name, value, 2 ** (8 * limit) - 1);
    for (let shift = 8 * (limit - 1); shift >= 0; shift -= 8) target[end++] = value >>> shift;
  } else if (typeof value === 'string') {
    end = writeText(target, start, { name, limit }, value);
  } else {
    if (value.length > limit) throw new SmppValueError(name, `${value.length} octets, at most ${limit}`);
    target.set(value, start);
    end += value.length;
  }
  target[at + 2] = (end - start) >>> 8;
  target[at + 3] = end - start;
  return end;
}

function writeRaw(target: Buffer, at: number, { tag, value }: RawTlv): number {
  if (value.length > 0xffff) throw new SmppValueError('otherTlvs', `${value.length} octets, at most 65535`);
  target[at] = checked('otherTlvs', tag, 0xffff) >>> 8;
  target[at + 1] = tag;
  target[at + 2] = value.length >>> 8;
  target[at + 3] = value.length;
  target.set(value, at + 4);
  return at + 4 + value.length;
}
