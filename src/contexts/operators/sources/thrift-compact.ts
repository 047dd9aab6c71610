/**
 * Structures in the compact protocol of Thrift, as far as the footer of a Parquet file needs it.
 * Source: apache/thrift, `doc/specs/thrift-compact-protocol.md`.
 */

/** Types of fields; `structs`, `i32s` and `binaries` are lists. */
export const types = {
  i32: 'i32',
  i64: 'i64',
  binary: 'binary',
  struct: 'struct',
  structs: 'structs',
  i32s: 'i32s',
  binaries: 'binaries',
} as const;

/** A field: its id (ascending in a structure, at most 15 apart), its type and its value; numbers up to 2^52. */
export type Field =
  | readonly [id: number, type: 'i32' | 'i64', value: number]
  | readonly [id: number, type: 'binary', value: string]
  | readonly [id: number, type: 'struct', value: readonly Field[]]
  | readonly [id: number, type: 'structs', value: readonly (readonly Field[])[]]
  | readonly [id: number, type: 'i32s', value: readonly number[]]
  | readonly [id: number, type: 'binaries', value: readonly string[]];

const codes = { i32: 5, i64: 6, binary: 8, struct: 12, structs: 9, i32s: 9, binaries: 9 } as const;

/** A structure as bytes. */
export function structure(fields: readonly Field[]): Buffer {
  const out: number[] = [];
  writeStructure(out, fields);
  return Buffer.from(out);
}

function writeStructure(out: number[], fields: readonly Field[]): void {
  let last = 0;
  for (const field of fields) {
    const [id, type] = field;
    out.push(((id - last) << 4) | codes[type]);
    last = id;
    writeValue(out, field);
  }
  out.push(0);
}

function writeValue(out: number[], [, type, value]: Field): void {
  switch (type) {
    case 'i32':
    case 'i64':
      return writeVarint(out, 2 * value); // zigzag of what is not negative
    case 'binary':
      return writeText(out, value);
    case 'struct':
      return writeStructure(out, value);
    case 'structs':
      writeListHead(out, value.length, codes.struct);
      for (const one of value) writeStructure(out, one);
      return;
    case 'i32s':
      writeListHead(out, value.length, codes.i32);
      for (const one of value) writeVarint(out, 2 * one);
      return;
    case 'binaries':
      writeListHead(out, value.length, codes.binary);
      for (const one of value) writeText(out, one);
  }
}

function writeListHead(out: number[], length: number, code: number): void {
  if (length < 15) out.push((length << 4) | code);
  else {
    out.push(0xf0 | code);
    writeVarint(out, length);
  }
}

function writeText(out: number[], text: string): void {
  const bytes = Buffer.from(text);
  writeVarint(out, bytes.length);
  out.push(...bytes);
}

function writeVarint(out: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
}
