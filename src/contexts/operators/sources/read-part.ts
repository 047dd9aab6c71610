import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { CapabilityBlocks, capabilityColumns } from './capability-blocks.ts';
import type { Part } from './container.ts';
import { dateInName, stampDate } from './data-date.ts';
import { detectEncoding, type Encoding, toUtf8 } from './encoding.ts';
import { findLayout, type Layout } from './layout.ts';
import type { ReadLimits } from './limits.ts';
import type { OddLine } from './plain-check.ts';
import { FileProblem, type Problem, problem, refuse } from './problems.ts';
import { isPersonal } from './recognise.ts';
import { type BrokenRow, RowScanner, type RowSink } from './row-scanner.ts';
import { cleanFormsOf } from './load-rows.ts';
import { notATable } from './signature.ts';
import { sourceKind } from './source-kinds.ts';
import type { FileChoice } from './sources-json.ts';

/** What one part turned out to be, and its canonical rows on disk. */
export interface ReadPart {
  sha256: string;
  bytes: number;
  encoding: Encoding | null;
  /** Set where the part cannot be taken. */
  problem: Problem | null;
  headers: string[];
  layout: Layout | null;
  /** Keys of the canonical columns. */
  columns: readonly string[];
  /** Rows that fit their forms, and rows that go through the full validation. */
  rows: { clean: number; checked: number };
  broken: BrokenRow[];
  /** Rejected rows, the ones beyond the list included. */
  brokenRows: number;
  dataDate: Temporal.PlainDate | null;
}

/** Where the canonical rows of a part go. */
export interface CanonicalPaths {
  clean: string;
  checked: string;
}

/** Bytes looked at before a part is judged. */
export const SAMPLE_BYTES = 256 * 1024;

/** Takes the first bytes off a stream; `rest` goes on behind them. */
export async function takeSample(
  content: AsyncIterable<Buffer>,
  wanted = SAMPLE_BYTES,
): Promise<{ sample: Buffer; complete: boolean; rest: AsyncIterable<Buffer> }> {
  const iterator = content[Symbol.asyncIterator]();
  const pieces: Buffer[] = [];
  let size = 0;
  let complete = false;
  while (size < wanted && !complete) {
    const next = await iterator.next();
    if (next.done) complete = true;
    else {
      pieces.push(next.value);
      size += next.value.length;
    }
  }
  const rest = { [Symbol.asyncIterator]: () => iterator };
  return { sample: Buffer.concat(pieces), complete, rest };
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield first;
  yield* rest;
}

/** The first bytes as UTF-8, and the encoding they were in; a problem where they are no table at all. */
export async function sampleText(
  sample: Buffer,
): Promise<{ encoding: Encoding; bom: number; text: Buffer } | { problem: Problem }> {
  if (sample.length === 0) return { problem: problem('empty_file') };
  const found = detectEncoding(sample);
  if ('code' in found) return { problem: found };
  const pieces: Buffer[] = [];
  const once = (async function* () {
    yield sample.subarray(0, SAMPLE_BYTES);
  })();
  for await (const piece of toUtf8(once, found.encoding, found.bom)) pieces.push(piece);
  const text = Buffer.concat(pieces);
  const start = text.toString('utf8', 0, 4096);
  if (start.trim() === '' && sample.length < 4096) return { problem: problem('empty_file') };
  const wrong = notATable(start);
  return wrong === undefined ? { ...found, text } : { problem: wrong };
}

/** A part of which nothing is known yet. */
export const nothingRead = (part: Part, choice: FileChoice): ReadPart => ({
  sha256: '',
  bytes: 0,
  encoding: null,
  problem: part.problem ?? null,
  headers: [],
  layout: null,
  columns: [],
  rows: { clean: 0, checked: 0 },
  broken: [],
  brokenRows: 0,
  dataDate: choice.dataDate ?? null,
});

/**
 * Reads a part to its end: digest, encoding, layout, and its rows written in canonical form.
 * A part that cannot be taken answers with `problem` set; damage of its container too.
 */
export async function readPart(
  part: Part,
  paths: CanonicalPaths,
  choice: FileChoice,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  onBytes: (bytes: number) => void,
): Promise<ReadPart> {
  const hash = createHash('sha256');
  const read = nothingRead(part, choice);
  const counted = (async function* () {
    for await (const chunk of part.content) {
      hash.update(chunk);
      read.bytes += chunk.length;
      onBytes(chunk.length);
      yield chunk;
    }
  })();
  try {
    await take(part, counted, paths, choice, limits, today, read);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    read.problem = error.problem;
  }
  read.sha256 = hash.digest('hex');
  return read;
}

async function take(
  part: Part,
  content: AsyncIterable<Buffer>,
  paths: CanonicalPaths,
  choice: FileChoice,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  read: ReadPart,
): Promise<void> {
  const { sample, complete, rest } = await takeSample(content);
  const started = read.problem === null && !choice.ignore ? await sampleText(sample) : undefined;
  if (started !== undefined && !('problem' in started)) {
    read.encoding = started.encoding;
    const sampleComplete = complete && sample.length <= SAMPLE_BYTES;
    const layout = findLayout(started.text, sampleComplete, started.encoding, limits, choice);
    read.headers = layout.headers.slice(0, limits.columns);
    if (!('problem' in layout)) {
      read.layout = layout;
      await scan(
        part,
        joined(sample, rest),
        started.encoding,
        started.bom,
        paths,
        limits,
        today,
        read,
        layout,
      );
      return;
    }
    read.problem = layout.problem;
  } else if (started !== undefined) read.problem = started.problem;
  else read.problem ??= problem('ignored');
  for await (const _ of rest); // the digest covers the whole part
}

/** A scanner whose rows become the canonical files of a part, and whose broken rows are noted in its `ReadPart`. */
interface PartScan {
  scanner: RowScanner;
  /** Takes the next bytes of the part, or all of one line that stands at `line`. */
  push(chunk: Buffer, line?: number): void;
  /** Hands over what is left and counts the rows. */
  end(): void;
  /** Closes the files; to be called whatever happened. */
  close(): void;
}

function openScan(
  part: Part,
  encoding: Encoding,
  paths: CanonicalPaths,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  read: ReadPart,
  layout: Layout,
): PartScan {
  const hidesText = layout.headers.some(isPersonal);
  const clean = openSync(paths.clean, 'w');
  const checked = openSync(paths.checked, 'w');
  const sink: RowSink = {
    write: (rows) => void writeSync(forms === undefined ? checked : clean, rows),
    broken: (row) => {
      if (!row.kept) read.brokenRows += 1;
      if (read.broken.length < limits.listedRejects) read.broken.push(hidesText ? { ...row, text: '' } : row);
    },
  };
  const blocks =
    layout.kind === 'capability_registration'
      ? new CapabilityBlocks(layout.headerLine, part.sheet?.name ?? part.name)
      : undefined;
  const shape = shapeOf(layout);
  read.columns = blocks === undefined ? shape.columns : capabilityColumns;
  const { forms } = shape;
  let unclean: Buffer[] = [];
  let uncleanBytes = 0;
  let uncleanRows = 0;
  const flushUnclean = (): void => {
    if (unclean.length > 0) writeSync(checked, Buffer.concat(unclean));
    unclean = [];
    uncleanBytes = 0;
  };
  if (forms !== undefined)
    sink.unclean = (row) => {
      uncleanRows += 1;
      unclean.push(Buffer.from(row));
      uncleanBytes += row.length;
      if (uncleanBytes > 1 << 20) flushUnclean();
    };
  const scanner = new RowScanner({
    separator: layout.separator,
    sink,
    limits,
    encoding,
    columns: blocks === undefined ? layout.headers.length : undefined,
    keep: blocks === undefined ? shape.keep : undefined,
    forms: forms && { columns: forms, today: dayNumber(today) },
    skipLines: blocks === undefined ? layout.headerLine : 0,
  });
  if (blocks !== undefined) sink.inspect = (row) => blocks.take(row);
  else if (layout.kind === 'tax_register')
    sink.inspect = (row) => {
      sink.inspect = undefined;
      const cells = Array.from({ length: row.count }, (_, index) => row.cell(index));
      const stamp = stampDate(cells);
      if (stamp === null) return 'check';
      read.dataDate ??= stamp;
      return 'skip';
    };
  return {
    scanner,
    push: (chunk, line) => {
      // Only the first row may be the date of the tax register, and lines that are not shown here stood before this one.
      if (line !== undefined && line > scanner.line && line > layout.headerLine + 1) sink.inspect = undefined;
      if (line !== undefined) scanner.line = line;
      scanner.push(chunk);
      if (blocks !== undefined) writeSync(checked, blocks.drain());
    },
    end: () => {
      scanner.end();
      if (blocks !== undefined) writeSync(checked, blocks.drain());
      const rows = blocks?.rows ?? scanner.rows;
      read.rows =
        forms === undefined
          ? { clean: 0, checked: rows }
          : { clean: rows - uncleanRows, checked: uncleanRows };
    },
    close: () => {
      flushUnclean();
      closeSync(clean);
      closeSync(checked);
    },
  };
}

/** yyyymmdd. */
export const dayNumber = (day: Temporal.PlainDate): number => Number(day.toString().replaceAll('-', ''));

/** Keys of the wanted columns in the order of the file, and for each column of the file whether it is wanted and its form. */
export function shapeOf(layout: Layout): { columns: string[]; keep: boolean[]; forms: number[] | undefined } {
  const placed = Object.entries(layout.columns).sort((a, b) => a[1] - b[1]);
  const keyAt = layout.headers.map((_, index) => placed.find((entry) => entry[1] === index)?.[0] ?? '');
  const wanted = new Set(Object.values(layout.columns));
  return {
    columns: placed.map(([key]) => key),
    keep: layout.headers.map((_, index) => wanted.has(index)),
    forms: cleanFormsOf(layout.kind, keyAt),
  };
}

async function scan(
  part: Part,
  content: AsyncIterable<Buffer>,
  encoding: Encoding,
  bom: number,
  paths: CanonicalPaths,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  read: ReadPart,
  layout: Layout,
): Promise<void> {
  const open = openScan(part, encoding, paths, limits, today, read, layout);
  try {
    for await (const chunk of toUtf8(content, encoding, bom)) {
      open.push(chunk);
      if (open.scanner.rows > limits.rows) throw refuse('too_many_rows', { limit: limits.rows });
    }
    open.end();
  } finally {
    open.close();
  }
  read.dataDate ??= dateInName(part.name);
  if (read.rows.clean + read.rows.checked === 0 && read.brokenRows === 0) read.problem = problem('no_rows');
}

/** Reads single lines of a part as `readPart` reads them among the others; `direct` rows of it are loaded already. */
export function readOddLines(
  part: Part,
  lines: readonly OddLine[],
  layout: Layout,
  paths: CanonicalPaths,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  read: ReadPart,
): void {
  const open = openScan(part, 'utf-8', paths, limits, today, read, layout);
  try {
    open.scanner.line = layout.headerLine + 1;
    for (const { line, bytes } of lines)
      open.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), line);
    open.end();
  } finally {
    open.close();
  }
  read.dataDate ??= dateInName(part.name);
}

/** Headers by key as they stand in the file, for messages. */
export function headersByKey(read: ReadPart): Record<string, string> {
  if (read.layout === null) return {};
  const own = Object.entries(read.layout.columns).map(
    ([key, index]) => [key, read.layout!.headers[index]!] as const,
  );
  const known = sourceKind(read.layout.kind).columns.map((wanted) => [wanted.key, wanted.header] as const);
  return Object.fromEntries([...known, ...own]);
}
