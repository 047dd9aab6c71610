/** A stretch of a text that is drawn differently: a field's value, something refused or warned of. UTF-16 offsets. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: 'field' | 'refuse' | 'warn';
  /** The number under which the list beside the phone explains it. */
  readonly label?: string;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
  /** Which part it belongs to, from 0. */
  readonly part: number;
  readonly opensPart: boolean;
  readonly kinds: readonly Mark['kind'][];
  /** Of the mark that begins here. */
  readonly label: string | undefined;
}

/** Cuts a text where a part or a mark begins or ends; joined, the pieces are the text. Offsets beyond it are ignored. */
export function piecesOf(text: string, cuts: readonly number[], marks: readonly Mark[]): Piece[] {
  const inside = (offset: number): boolean => offset > 0 && offset < text.length;
  const ends = cuts.filter(inside);
  const edges = [...new Set([0, ...ends, ...marks.flatMap(({ start, end }) => [start, end]).filter(inside)])];
  edges.sort((a, b) => a - b);
  if (text === '') return [];
  return edges.map((start, index) => {
    const covering = marks.filter((mark) => mark.start <= start && mark.end > start);
    return {
      start,
      text: text.slice(start, edges[index + 1] ?? text.length),
      part: ends.filter((end) => end <= start).length,
      opensPart: start === 0 || ends.includes(start),
      kinds: [...new Set(covering.map(({ kind }) => kind))],
      label: covering.find((mark) => mark.start === start && mark.label !== undefined)?.label,
    };
  });
}
