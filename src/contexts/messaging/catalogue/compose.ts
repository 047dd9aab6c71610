/** A text out of its pieces: what stands before the body and behind it comes from the register, never from a value. */
import type { FormatPack } from './format-pack.ts';

/** What decides every character of a text but the recipient's number and the values. */
export interface Composable {
  readonly service: { readonly name: string };
  readonly version: {
    readonly body: string;
    readonly contactNumber: string;
    readonly fields: readonly { readonly name: string }[];
    readonly formatPack: FormatPack;
  };
}

export interface Composer {
  /**
   * The text to a number (nine digits, `912345678`). `valueAt` gives the checked value of a field by its place in the
   * version's list of fields; what a value looks like is never read as a field again.
   */
  readonly compose: (number9: string, valueAt: (field: number) => string) => string;
}

const FIELD = /\{\{([^{}]*)\}\}/gu;

/** The body cut at its fields: words and names in turn, words first and last (they may be empty). */
export function cutBody(body: string): {
  readonly words: readonly string[];
  readonly names: readonly string[];
} {
  const words: string[] = [];
  const names: string[] = [];
  let end = 0;
  for (const match of body.matchAll(FIELD)) {
    words.push(body.slice(end, match.index));
    names.push((match[1] as string).trim());
    end = match.index + match[0].length;
  }
  words.push(body.slice(end));
  return { words, names };
}

/** A whole number is the place of a field, -1 the last three digits; the rest is text as it stands. */
type Slot = string | number;
const LAST_THREE = -1;

/** Compiles the pieces once. Throws a RangeError where the body names a field that the version does not have. */
export function composer({ service, version }: Composable): Composer {
  const slots = joined(
    version.formatPack.pieces.flatMap((piece): Slot[] => {
      if ('text' in piece) return [piece.text];
      if (piece.part === 'last-three') return [LAST_THREE];
      if (piece.part === 'service') return [service.name];
      return piece.part === 'contact' ? [version.contactNumber] : slotsOfBody(version);
    }),
  );
  const count = slots.length;
  return {
    compose(number9, valueAt) {
      let text = '';
      for (let index = 0; index < count; index += 1) {
        const slot = slots[index]!;
        if (typeof slot === 'string') text += slot;
        else text += slot === LAST_THREE ? number9.slice(-3) : valueAt(slot);
      }
      return text;
    },
  };
}

function slotsOfBody({ body, fields }: Composable['version']): Slot[] {
  const { words, names } = cutBody(body);
  return words.flatMap((word, index): Slot[] => {
    const name = names[index];
    if (name === undefined) return [word];
    const place = fields.findIndex((field) => field.name === name);
    if (place < 0) throw new RangeError(`the version has no field ${name}`);
    return [word, place];
  });
}

/** Neighbouring texts are one. */
function joined(slots: readonly Slot[]): readonly Slot[] {
  const result: Slot[] = [];
  for (const slot of slots) {
    if (slot === '') continue;
    const last = result.at(-1);
    if (typeof slot === 'string' && typeof last === 'string') result[result.length - 1] = last + slot;
    else result.push(slot);
  }
  return result;
}
