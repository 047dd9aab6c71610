/** Cuts a text into the parts that go over the air, and counts them as the operator bills them. */
import { type Alphabet, encodeText, measureText, type PlainText, type TextMeasure } from './alphabet.ts';
import { septetsOfUnit } from './gsm-alphabet.ts';

/** A text has at most so many parts: the header counts them in one octet. */
export const MOST_PARTS = 255;

export interface SegmentOptions {
  /** Bits of the reference that the parts share; 16 makes two long texts to one phone unlikely to be merged. */
  readonly reference?: 8 | 16;
  /** The link's alphabet for plain texts; null sends all in UCS-2. Default GSM. */
  readonly plain?: PlainText['alphabet'];
  /** Overrides the choice; the text must be in it. */
  readonly alphabet?: Alphabet;
}

export interface Part {
  readonly text: string;
  /** Septets, or UTF-16 units of UCS-2. */
  readonly units: number;
  readonly octets: Buffer;
}

export interface Segments {
  readonly alphabet: Alphabet;
  /** Septets, or UTF-16 units of UCS-2, of the whole text. */
  readonly units: number;
  /** Bits of the reference that the cuts leave room for. */
  readonly reference: 8 | 16;
  /** At least one; joined they are the text (lone surrogates replaced by U+FFFD). */
  readonly parts: readonly Part[];
}

export interface Room {
  readonly single: number;
  readonly part: number;
}

/** Units that fit a text of one part and each part of a longer one: 140 octets less the header. */
export function roomFor(alphabet: Alphabet, reference: 8 | 16): Room {
  if (alphabet === 'ucs2') return { single: 70, part: reference === 8 ? 67 : 66 };
  return { single: 160, part: reference === 8 ? 153 : 152 };
}

/**
 * Cuts a text. A cut never parts a grapheme cluster, a surrogate pair or an escape from its character; a cluster that
 * is longer than a part is cut between code points. Throws a RangeError for more than 255 parts and for an alphabet
 * that lacks a character of the text.
 */
export function segment(text: string, options: SegmentOptions = {}): Segments {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  const reference = options.reference ?? 8;
  const measure = measured(formed, options);
  const room = roomFor(measure.alphabet, reference);
  const ends = measure.units <= room.single ? [formed.length] : cuts(formed, measure, room.part);
  if (ends.length > MOST_PARTS) throw new RangeError(`a text has at most ${MOST_PARTS} parts`);
  const parts = ends.map((end, index) => {
    const piece = formed.slice(ends[index - 1] ?? 0, end);
    const octets = encodeText(piece, measure.alphabet);
    return { text: piece, units: unitsOf(piece, measure.alphabet), octets };
  });
  return { alphabet: measure.alphabet, units: measure.units, reference, parts };
}

/** How many parts `segment` would make, also beyond 255; 1 for an empty text. */
export function countParts(text: string, options: SegmentOptions = {}): number {
  const measure = measured(text, options);
  const room = roomFor(measure.alphabet, options.reference ?? 8);
  if (measure.units <= room.single) return 1;
  if (isEven(measure)) return Math.ceil(measure.units / room.part);
  return cuts(text.toWellFormed(), measure, room.part).length;
}

function measured(text: string, options: SegmentOptions): TextMeasure {
  const wanted = options.alphabet;
  if (wanted === undefined) return measureText(text, options.plain);
  const measure = measureText(text, wanted === 'ucs2' ? null : wanted);
  if (measure.alphabet !== wanted) throw new RangeError(`the text has a character that ${wanted} lacks`);
  return measure;
}

/** Every unit may be cut from the next, so that full parts can be counted without looking. */
function isEven(measure: TextMeasure): boolean {
  return measure.uncluttered && (measure.alphabet === 'ucs2' || !measure.escapes);
}

function unitsOf(piece: string, alphabet: Alphabet): number {
  if (alphabet === 'ucs2') return piece.length;
  let units = 0;
  for (let index = 0; index < piece.length; index += 1) units += septetsOfUnit(piece.charCodeAt(index));
  return units;
}

/** Ends of the parts, as indices into the text. */
function cuts(text: string, measure: TextMeasure, room: number): number[] {
  const ends: number[] = [];
  if (isEven(measure)) {
    for (let end = room; end < text.length; end += room) ends.push(end);
    return [...ends, text.length];
  }
  let filled = 0;
  let at = 0;
  for (const piece of indivisible(text, measure, room)) {
    const units = unitsOf(piece, measure.alphabet);
    if (filled + units > room) {
      ends.push(at);
      filled = 0;
    }
    filled += units;
    at += piece.length;
  }
  return [...ends, text.length];
}

const clusters = new Intl.Segmenter('zh-Hant', { granularity: 'grapheme' });

function* indivisible(text: string, measure: TextMeasure, room: number): Generator<string> {
  if (measure.uncluttered) return yield* text;
  for (const { segment: cluster } of clusters.segment(text)) {
    if (cluster.length <= room) yield cluster;
    else yield* cluster;
  }
}
