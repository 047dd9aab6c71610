import { isUtf8 } from 'node:buffer';
import { type Problem, problem } from './problems.ts';

/** Encodings that a source may have. Big5 stands for CP950 too. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'big5';

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Cuts a character off the end of a sample that was cut in the middle. */
function wholeCharacters(sample: Buffer): Buffer {
  let end = sample.length;
  while (end > 0 && sample.length - end < 4 && (sample[end - 1]! & 0xc0) === 0x80) end -= 1;
  if (end > 0 && sample[end - 1]! >= 0xc0) end -= 1;
  const cut = sample.subarray(0, end);
  return isUtf8(sample) ? sample : cut;
}

function utf16(sample: Buffer): Encoding | undefined {
  if (sample.length < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < sample.length; at += 2) {
    if (sample[at] === 0) even += 1;
    if (sample[at + 1] === 0) odd += 1;
  }
  const pairs = sample.length / 2;
  const encoding = odd > even * 20 ? 'utf-16le' : even > odd * 20 ? 'utf-16be' : undefined;
  if (encoding === undefined || Math.max(even, odd) < Math.max(2, pairs * 0.02)) return undefined;
  const text = new TextDecoder(encoding).decode(sample.subarray(0, sample.length & ~1));
  const plausible = count(text, /[\t\r\n -~\u2010-\u2642\u3000-\u9fff\ue000-\uf8ff\ufe30-\uffef]/gu);
  return plausible >= text.length * 0.95 ? encoding : undefined;
}

/** How many of the characters beyond ASCII a decoder could not read. */
function damage(sample: Buffer, encoding: 'utf-8' | 'big5'): number {
  const text = new TextDecoder(encoding).decode(sample);
  const beyond = count(text, /[^\u0000-\u007f]/gu); // oxlint-disable-line no-control-regex -- ASCII is meant
  return beyond === 0 ? 0 : count(text, /\uFFFD/gu) / beyond;
}

/** The encoding of a text by its first bytes and how many of them are byte-order marks, or why it is no text. */
export function detectEncoding(sample: Buffer): { encoding: Encoding; bom: number } | Problem {
  let bom = 0;
  while (sample[bom] === 0xef && sample[bom + 1] === 0xbb && sample[bom + 2] === 0xbf) bom += 3;
  if (bom > 0) return { encoding: 'utf-8', bom };
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  const wide = utf16(sample);
  if (wide !== undefined) return { encoding: wide, bom: 0 };
  let control = 0;
  for (const byte of sample)
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 26 && byte !== 27)) control += 1;
  if (control > sample.length * 0.02 + 8) return problem('binary_file');
  const whole = wholeCharacters(sample);
  if (isUtf8(whole)) return { encoding: 'utf-8', bom: 0 };
  const asUtf8 = damage(whole, 'utf-8');
  const asBig5 = damage(sample, 'big5');
  if (Math.min(asUtf8, asBig5) > 0.34) return problem('binary_file');
  return { encoding: asUtf8 <= asBig5 ? 'utf-8' : 'big5', bom: 0 };
}

/** Turns a stream of any of the encodings into UTF-8 chunks; U+FFFD stands for what could not be read. */
export async function* toUtf8(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
  bom: number,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding, { ignoreBOM: true });
  let skip = bom;
  for await (const chunk of chunks) {
    const rest = skip === 0 ? chunk : chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
    if (rest.length > 0)
      yield decoder === undefined ? rest : Buffer.from(decoder.decode(rest, { stream: true }));
  }
  const tail = decoder?.decode();
  if (tail) yield Buffer.from(tail);
}
