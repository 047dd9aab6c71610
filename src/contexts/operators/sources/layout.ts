import type { Encoding } from './encoding.ts';
import type { ReadLimits } from './limits.ts';
import { type Problem, problem } from './problems.ts';
import {
  type Candidate,
  candidatesFor,
  fitKind,
  headerHits,
  headerProblem,
  type Recognised,
  recogniseHeaders,
} from './recognise.ts';
import { RowScanner } from './row-scanner.ts';
import { sourceKind } from './source-kinds.ts';
import type { SourceKind } from './source-tables.ts';
import type { FileChoice } from './sources-json.ts';

/** Signs that part cells. */
export type Separator = ',' | '\t' | ';';

/** How a table is laid out: found by looking at its first rows. */
export interface Layout {
  separator: Separator;
  /** Line of the header row. */
  headerLine: number;
  headers: string[];
  kind: SourceKind;
  /** Key → index. */
  columns: Readonly<Record<string, number>>;
}

/** What the first rows look like where no kind fits. */
export interface Guess {
  problem: Problem;
  separator: Separator;
  headerLine: number;
  headers: string[];
  candidates: Candidate[];
}

/** Rows searched for a header; titles may stand above it. */
const SEARCHED_ROWS = 20;
const PIECE = 16 * 1024;

interface SampleRow {
  line: number;
  cells: string[];
}

/** The first rows of a sample, cut by one separator. */
export function sampleRows(
  sample: Buffer,
  complete: boolean,
  separator: Separator,
  encoding: Encoding,
  limits: ReadLimits,
  wanted = SEARCHED_ROWS,
): { rows: SampleRow[]; problems: Problem[] } {
  const rows: SampleRow[] = [];
  const problems: Problem[] = [];
  const scanner = new RowScanner({
    separator,
    limits,
    encoding,
    sink: {
      write: () => undefined,
      broken: (row) => problems.push(row.problem),
      inspect: (row) => {
        if (rows.length < wanted)
          rows.push({
            line: row.line,
            cells: Array.from({ length: row.count }, (_, index) => row.cell(index)),
          });
        return 'skip';
      },
    },
  });
  for (let at = 0; at < sample.length && rows.length < wanted; at += PIECE)
    scanner.push(sample.subarray(at, at + PIECE));
  if (complete && rows.length < wanted) scanner.end();
  return { rows, problems };
}

const trimEnd = (cells: readonly string[]): string[] =>
  cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);

/** Columns that a person mapped go before the ones recognised. */
function withChoice(headers: readonly string[], recognised: Recognised, choice: FileChoice): Recognised {
  if (choice.columns === undefined) return recognised;
  const fit = fitKind(headers, sourceKind(recognised.kind), choice.columns, choice.kind !== undefined);
  return fit.missing.length === 0 && fit.duplicates.length === 0 ? fit : recognised;
}

/** Finds separator, header row and kind in the first bytes (UTF-8) of a text; `choice` may name kind and columns. */
export function findLayout(
  sample: Buffer,
  complete: boolean,
  encoding: Encoding,
  limits: ReadLimits,
  choice: FileChoice = {},
): Layout | Guess {
  let guess: (Guess & { hits: number }) | undefined;
  let first: Problem | undefined;
  for (const separator of [',', '\t', ';'] as const) {
    const { rows, problems } = sampleRows(sample, complete, separator, encoding, limits);
    if (complete && rows.length === 0 && problems.length === 0)
      return { problem: problem('empty_file'), separator, headerLine: 0, headers: [], candidates: [] };
    first ??= problems.find((found) => found.code === 'too_many_columns');
    for (const row of rows) {
      const headers = trimEnd(row.cells);
      const found = { separator, headerLine: row.line, headers };
      const asked =
        choice.kind === undefined
          ? undefined
          : fitKind(headers, sourceKind(choice.kind), choice.columns, true);
      if (asked !== undefined && asked.missing.length === 0 && asked.duplicates.length === 0)
        return { ...found, kind: asked.kind, columns: asked.columns };
      if (asked === undefined) {
        const recognised = recogniseHeaders(headers);
        if (recognised !== undefined) return { ...found, ...withChoice(headers, recognised, choice) };
      }
      const hits = headerHits(headers) * 1000 + Math.min(headers.length, 500);
      if (guess === undefined || hits > guess.hits)
        guess = {
          ...found,
          hits,
          candidates: candidatesFor(headers),
          problem: headerProblem(headers, asked),
        };
    }
    first ??= rows.length === 0 ? problems[0] : undefined;
  }
  if (first?.code === 'too_many_columns' || guess === undefined) {
    const why =
      first ?? (complete ? problem('empty_file') : problem('row_too_long', { limit: limits.rowBytes }));
    return { problem: why, separator: ',', headerLine: 0, headers: [], candidates: [] };
  }
  return guess;
}
