/** Lines of a byte buffer, ended by CR LF, LF or CR. */

const LF = 10;
const CR = 13;

/** The bytes at hand do not decide; more must come. */
export const INCOMPLETE = -1;

/** The window without a character cut in two at its end. */
export function completeUtf8(window: Buffer): Buffer {
  let end = window.length;
  for (let back = 1; back <= 3 && back <= window.length; back += 1) {
    const byte = window[window.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (wanted > back) end = window.length - back;
      break;
    }
  }
  return window.subarray(0, end);
}

/** Position behind the line end at or after `at`, the end of the buffer if it is the last, else INCOMPLETE. */
export function lineEnd(buffer: Buffer, at: number, last: boolean): number {
  for (let i = at; i < buffer.length; i += 1) {
    const byte = buffer[i]!;
    if (byte === LF) return i + 1;
    if (byte === CR) {
      if (i + 1 >= buffer.length && !last) return INCOMPLETE;
      return buffer[i + 1] === LF ? i + 2 : i + 1;
    }
  }
  return last ? buffer.length : INCOMPLETE;
}

/** Whether the bytes before `to` end a line. */
export const endsLine = (buffer: Buffer, to: number): boolean =>
  buffer[to - 1] === LF || buffer[to - 1] === CR;

/** The beginning of the line at `from`, at most 200 characters, without control characters. */
export function firstLineText(buffer: Buffer, from: number): string {
  const piece = buffer.subarray(from, from + 800);
  const line = piece.subarray(0, Math.max(lineEnd(piece, 0, true), 0));
  // oxlint-disable-next-line no-control-regex -- broken rows hold them, lists must not
  const text = line.toString('utf8').replaceAll(/[\u0000-\u001F\u007F]+/g, ' ');
  return text.trim().slice(0, 200);
}
