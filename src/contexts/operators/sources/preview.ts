import { parseDate } from '#shared/roc-date';
import { type Container, openParts, type Part } from './container.ts';
import { dateInName, stampDate } from './data-date.ts';
import { findLayout, type Guess, type Layout, sampleRows, type Separator } from './layout.ts';
import { defaultLimits, type ReadLimits } from './limits.ts';
import { FileProblem, type Problem } from './problems.ts';
import { sampleText, SAMPLE_BYTES, takeSample } from './read-part.ts';
import { type Candidate, isPersonal } from './recognise.ts';
import type { SourceKind } from './source-tables.ts';
import type { FileChoice } from './sources-json.ts';

/** What a file looks like before it is read: of a file of several parts, the first part that is known. */
export interface SourcePreview {
  readonly kind: SourceKind | null;
  readonly container: Container | null;
  readonly encoding: string | null;
  readonly separator: Separator | null;
  /** Line of the header row, from 1; null where none is known. */
  readonly headerRow: number | null;
  readonly headers: readonly string[];
  /** The first rows below the header; columns of personal data are blank. */
  readonly sample: readonly (readonly string[])[];
  /** Proposal: key of a wanted column → header as it stands in the file. */
  readonly mapping: Readonly<Record<string, string>>;
  /** How well each kind would fit, best first; empty where the kind is known. */
  readonly candidates: readonly Candidate[];
  readonly dataDate: Temporal.PlainDate | null;
  /** Why the file cannot be taken as it is. */
  readonly problem: Problem | null;
  /** Every table inside the file. */
  readonly parts: readonly {
    readonly name: string;
    readonly kind: SourceKind | null;
    readonly problem: Problem | null;
  }[];
}

const SHOWN_ROWS = 20;

const blank: SourcePreview = {
  kind: null,
  container: null,
  encoding: null,
  separator: null,
  headerRow: null,
  headers: [],
  sample: [],
  mapping: {},
  candidates: [],
  dataDate: null,
  problem: null,
  parts: [],
};

/** Looks at the first rows of each part of a file. Never throws for what the file holds: see `problem`. */
export async function previewSource(file: {
  path: string;
  name: string;
  today?: Temporal.PlainDate;
  limits?: Partial<ReadLimits>;
  choice?: FileChoice;
  signal?: AbortSignal;
}): Promise<SourcePreview> {
  const limits = { ...defaultLimits, ...file.limits };
  const seen: { name: string; preview: SourcePreview }[] = [];
  try {
    for await (const part of openParts(file.path, file.name, limits, file.signal))
      seen.push({ name: part.name, preview: await previewPart(part, limits, file.choice ?? {}) });
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    seen.push({ name: file.name, preview: { ...blank, problem: error.problem } });
  }
  const shown = seen.find(({ preview }) => preview.kind !== null) ?? seen[0];
  const parts = seen.map(({ name, preview }) => ({ name, kind: preview.kind, problem: preview.problem }));
  return { ...(shown?.preview ?? blank), parts };
}

async function previewPart(part: Part, limits: ReadLimits, choice: FileChoice): Promise<SourcePreview> {
  const start = { ...blank, container: part.container };
  if (part.problem !== undefined) return { ...start, problem: part.problem };
  try {
    const { sample, complete } = await takeSample(part.content);
    const text = await sampleText(sample);
    if ('problem' in text) return { ...start, problem: text.problem };
    const whole = complete && sample.length <= SAMPLE_BYTES;
    const layout = findLayout(text.text, whole, text.encoding, limits, choice);
    const { separator, headerLine, headers } = layout;
    const { rows } = sampleRows(
      text.text,
      whole,
      separator,
      text.encoding,
      limits,
      SHOWN_ROWS + headerLine + 1,
    );
    const below = rows.filter((row) => row.line > headerLine).map((row) => row.cells);
    const hidden = headers.map(isPersonal);
    const shown = below
      .slice(0, SHOWN_ROWS)
      .map((cells) => cells.map((cell, index) => (hidden[index] ? '' : cell)));
    return {
      ...start,
      encoding: part.sheet === undefined ? text.encoding : null,
      separator: part.sheet === undefined ? separator : null,
      headerRow: headerLine === 0 ? null : headerLine,
      headers,
      sample: shown,
      ...verdict(layout),
      dataDate: choice.dataDate ?? firstDate(layout, below) ?? dateInName(part.name),
    };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return { ...start, problem: error.problem };
  }
}

/** The kind and its columns, or the problem and what the best candidate would take. */
function verdict(layout: Layout | Guess): Pick<SourcePreview, 'kind' | 'mapping' | 'candidates' | 'problem'> {
  const { headers } = layout;
  const named = (columns: Readonly<Record<string, number>>): Record<string, string> =>
    Object.fromEntries(Object.entries(columns).map(([key, index]) => [key, headers[index] ?? '']));
  if (!('problem' in layout))
    return { kind: layout.kind, mapping: named(layout.columns), candidates: [], problem: null };
  const { candidates, problem } = layout;
  return { kind: null, mapping: named(candidates[0]?.columns ?? {}), candidates, problem };
}

/** The data date that the first rows tell. */
function firstDate(layout: Layout | Guess, rows: readonly (readonly string[])[]): Temporal.PlainDate | null {
  if ('problem' in layout) return null;
  if (layout.kind === 'tax_register') return stampDate(rows[0] ?? []);
  const produced = layout.columns['produced_on'];
  return produced === undefined ? null : parseDate(rows[0]?.[produced] ?? '');
}
