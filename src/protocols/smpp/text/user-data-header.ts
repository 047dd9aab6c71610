/** The user data header of a short message (3GPP TS 23.040, 9.2.3.24): which part of a long text this is. */

/** Which part of a longer text; parts of one text share the reference. */
export interface Concatenation {
  /** 0–255 with 8 bits, 0–65535 with 16. */
  readonly reference: number;
  /** 1–255. */
  readonly total: number;
  /** 1–total. */
  readonly sequence: number;
}

const CONCATENATED_8 = 0x00;
const CONCATENATED_16 = 0x08;

/** `05 00 03 rr tt ss` for 8 bits, `06 08 04 rrrr tt ss` for 16. */
export function concatenationHeader({ reference, total, sequence }: Concatenation, bits: 8 | 16): Buffer {
  return bits === 8
    ? Buffer.of(5, CONCATENATED_8, 3, reference & 0xff, total, sequence)
    : Buffer.of(6, CONCATENATED_16, 4, (reference >> 8) & 0xff, reference & 0xff, total, sequence);
}

export interface UserData {
  readonly concatenation: Concatenation | null;
  /** What follows the header. */
  readonly octets: Uint8Array;
}

/**
 * Splits user data into header and text. Elements not known here are passed over, as are concatenation elements that
 * are not sound (total 0, sequence 0 or beyond the total): 9.2.3.24.1 says to ignore those. Null where the header is
 * longer than the data, or an element longer than the header.
 */
export function splitUserData(data: Uint8Array): UserData | null {
  const end = (data[0] ?? 0) + 1;
  if (data.length === 0 || end > data.length) return null;
  let concatenation: Concatenation | null = null;
  let index = 1;
  while (index < end) {
    const length = index + 1 < end ? data[index + 1]! : end;
    const value = index + 2;
    if (value + length > end) return null;
    concatenation = readConcatenation(data, index, length) ?? concatenation;
    index = value + length;
  }
  return { concatenation, octets: data.subarray(end) };
}

function readConcatenation(data: Uint8Array, index: number, length: number): Concatenation | null {
  const wide = data[index] === CONCATENATED_16 && length === 4;
  if (!wide && !(data[index] === CONCATENATED_8 && length === 3)) return null;
  const at = index + 2;
  const reference = wide ? (data[at]! << 8) | data[at + 1]! : data[at]!;
  return soundConcatenation({
    reference,
    total: data[at + length - 2]!,
    sequence: data[at + length - 1]!,
  });
}

/** The concatenation where it can be one; else null. */
export function soundConcatenation(concatenation: Concatenation): Concatenation | null {
  const { total, sequence } = concatenation;
  return total > 0 && sequence > 0 && sequence <= total ? concatenation : null;
}
