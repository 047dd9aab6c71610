/** In which encoding an agency's file is written; decided on the whole file, never on its beginning. */
import { isUtf8 } from 'node:buffer';

/** `big5` is CP950, the Big5 of Windows in Taiwan. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'big5'] as const;
export type TextEncoding = (typeof encodings)[number];

export interface EncodingFinding {
  readonly encoding: TextEncoding;
  /** Why: a mark at the beginning, the bytes of the whole file, or what is left. */
  readonly by: 'mark' | 'bytes' | 'rest';
  /** Bytes that no text has were met. */
  readonly binary: boolean;
}

/** Takes the bytes of a file as they pass. */
export class EncodingJudge {
  #bytes = 0;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #strict = true;
  #zeros: [even: number, odd: number] = [0, 0];
  #controls = 0;

  take(chunk: Buffer): void {
    if (this.#head.length < 4) this.#head = Buffer.concat([this.#head, chunk.subarray(0, 4)]).subarray(0, 4);
    if (this.#bytes < SAMPLE) this.#count(chunk.subarray(0, SAMPLE - this.#bytes));
    this.#bytes += chunk.length;
    if (!this.#strict) return;
    const whole = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const end = wholeEnd(whole);
    this.#strict = isUtf8(whole.subarray(0, end));
    this.#tail = Buffer.from(whole.subarray(end));
  }

  end(): EncodingFinding {
    const [a, b, c] = this.#head;
    const [even, odd] = this.#zeros;
    const units = Math.min(this.#bytes, SAMPLE) / 2;
    if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', by: 'mark', binary: false };
    if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', by: 'mark', binary: false };
    if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', by: 'mark', binary: false };
    // Digits and delimiters of a table have a zero byte each in UTF-16, and none in anything else.
    if (odd > units * 0.1 && even < odd / 20) return { encoding: 'utf-16le', by: 'bytes', binary: false };
    if (even > units * 0.1 && odd < even / 20) return { encoding: 'utf-16be', by: 'bytes', binary: false };
    const binary = this.#controls > Math.min(this.#bytes, SAMPLE) * 0.02 + 8;
    if (this.#strict && isUtf8(this.#tail)) return { encoding: 'utf-8', by: 'bytes', binary };
    return { encoding: 'big5', by: 'rest', binary };
  }

  #count(sample: Buffer): void {
    for (let at = 0; at < sample.length; at += 1) {
      const byte = sample[at] as number;
      if (byte === 0) this.#zeros[(this.#bytes + at) & 1]! += 1;
      if (byte < 9 || (byte > 13 && byte < 32 && byte !== 26 && byte !== 27)) this.#controls += 1;
    }
  }
}

const SAMPLE = 1 << 20;

/** Where the last whole character ends: at most three bytes of a cut one are left for the next chunk. */
function wholeEnd(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** U+FFFD and private use: what a decoder makes of bytes that are no character of CP950, without an error. */
export const LOST = /[\uFFFD\uE000-\uF8FF]|[\u{F0000}-\u{10FFFD}]/u;
/**
 * A question mark between Han characters, or at either end of a cell as short as a name (游錫?): Excel wrote it for a
 * character that CP950 lacks, before the file came here. At the end of a sentence it may be meant.
 */
export const QUESTIONED =
  /\p{Script=Han}\?+(?=\p{Script=Han})|^\s*(?:\p{Script=Han}{1,3}\?{1,2}|\?{1,2}\p{Script=Han}{1,3})\s*$/u;
