/** A text as a phone would show it, with its parts and price: for the page while somebody writes. */
import { measureText, segment } from '#protocols/smpp';
import { costNtd } from './agency-policy.ts';
import { checkDraft, draftProblem, renderDraft, type Draft, type DraftService } from './draft-rules.ts';
import type { FormatPack } from './format-pack.ts';
import type { TextProblem } from './text-problem.ts';
import type { WordList } from './words.ts';

export interface Preview {
  readonly text: string;
  /** Place where the body begins and ends in the text: around it stands what nobody types. */
  readonly body: { readonly start: number; readonly end: number };
  readonly alphabet: string;
  /** UTF-16 units of UCS-2, septets of GSM. */
  readonly units: number;
  readonly parts: { readonly text: string; readonly units: number }[];
  /** Units left to the end of a text of one part; negative above it. */
  readonly remaining: number;
  /** NT$; null where no price is set. */
  readonly costNtd: number | null;
  readonly problems: readonly (TextProblem & { readonly field?: string })[];
}

/** Shows a draft or version to a sample number (nine digits). A draft that cannot be composed gives its problems alone. */
export function previewText(
  draft: Draft,
  service: DraftService,
  options: {
    readonly formatPack: FormatPack;
    readonly words: WordList;
    readonly number9: string;
    readonly values?: Readonly<Record<string, string>>;
    readonly partPriceCents: number | null;
  },
): Preview {
  const ofDraft = checkDraft(draft, service);
  const isBroken = ofDraft.some(({ code }) => BROKEN.has(code));
  const shown = isBroken ? { text: '', problems: [] } : renderDraft(draft, service, options);
  const { text } = shown;
  const { alphabet, units } = measureText(text);
  const room = alphabet === 'ucs2' ? 70 : 160;
  const parts = text === '' ? [] : segment(text).parts;
  const before = isBroken ? 0 : lengthBefore(options.formatPack, service);
  return {
    text,
    body: { start: before, end: Math.max(before, text.length - draft.contactNumber.length) },
    alphabet,
    units,
    parts: parts.map((part) => ({ text: part.text, units: part.units })),
    remaining: room - units,
    costNtd: options.partPriceCents === null ? null : costNtd(parts.length, options.partPriceCents),
    problems: [...ofDraft, ...shown.problems, ...(parts.length > 1 ? [draftProblem('text_long')] : [])],
  };
}

/** Without these there is no text to show. */
const BROKEN: ReadonlySet<string> = new Set(['body_empty', 'body_too_long', 'field_unknown', 'field_name']);

function lengthBefore({ pieces }: FormatPack, service: DraftService): number {
  let length = 0;
  for (const piece of pieces) {
    if ('text' in piece) length += piece.text.length;
    else if (piece.part === 'body') return length;
    else length += piece.part === 'last-three' ? 3 : service.name.length;
  }
  return length;
}
