/** Judges rows one by one: number, values, text, duplicates; good ones go into chunks, all others are listed with why. */
import type { Bilingual } from '#platform/errors';
import { countParts } from '#protocols/smpp';
import { telecomOfRange } from '../routing/number-range.ts';
import { CHUNK_BYTES, CHUNK_ROWS, type ChunkContent } from '../chunk.ts';
import { NumberSet } from './bitmap.ts';
import type { FoundColumns } from './columns.ts';
import { numberProblems, readMobile, type Repair } from './mobile-number.ts';
import type { Counted } from './reading.ts';
import type { RowRules } from './row-rules.ts';
import { LOST, QUESTIONED } from './text-encoding.ts';

/** A row that is not sent, or that is sent and should be looked at (`kept`). */
export interface ListedRow {
  readonly row: number;
  readonly kept: boolean;
  readonly isDuplicate: boolean;
  /** The row as the file has it. */
  readonly cells: readonly string[];
  readonly problems: readonly RowProblem[];
}

export interface RowProblem extends Bilingual {
  readonly code: string;
  /** Index of the column; null for the whole text. */
  readonly column: number | null;
}

/** A good row as its recipient will see it. */
export interface RenderedRow {
  readonly row: number;
  readonly number: string;
  readonly text: string;
  readonly parts: number;
}

export interface CheckerOptions {
  readonly rules: RowRules;
  readonly columns: FoundColumns;
  readonly allowDuplicates: boolean;
  readonly onChunk: (content: ChunkContent) => void;
  readonly onListed: (row: ListedRow) => void;
}

const PREVIEW_ROWS = 20;
const LONGEST_CELL = 500;

const lostCharacter: Bilingual = {
  zh: '有無法辨識的字（Big5 造字或編碼錯誤）；請改成正確的字，或把檔案存成 CSV UTF-8。',
  en: 'a character could not be read (a private Big5 character or a wrong encoding); correct it, or save the file as CSV UTF-8.',
};
const questioned: Bilingual = {
  zh: '中文字旁有問號，可能是 Excel 存成 Big5 時遺失的字（例如「堃」「喆」）；請確認。',
  en: 'a question mark stands beside Han characters: Excel may have lost one when it saved as Big5; look at it.',
};
const duplicate: Bilingual = {
  zh: '這個號碼在前面的列已經有了，不再發送。',
  en: 'an earlier row has this number already; it is not sent again.',
};

export class RowChecker {
  readonly #options: CheckerOptions;
  readonly #met = new NumberSet();
  readonly #fields: RowRules['fields'];
  readonly #values: string[] = [];
  #numbers: string[] = [];
  #columns: string[][];
  #parts: number[] = [];
  #bytes = 0;

  readonly preview: RenderedRow[] = [];
  readonly repairs: Partial<Record<Repair, number>> = {};
  readonly problems = new Map<string, Counted>();
  readonly warnings = new Map<string, Counted>();
  readonly partsOfRows: Record<string, number> = {};
  readonly telecoms: Record<string, number> = {};
  rows = 0;
  good = 0;
  bad = 0;
  duplicates = 0;
  flagged = 0;
  partCount = 0;
  longest = 0;

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.#fields = options.rules.fields;
    this.#columns = this.#fields.map(() => []);
  }

  /** Numbers of files that were read before count as met. */
  meet(numbers: readonly string[]): void {
    for (const number of numbers) this.#met.add(number);
  }

  /** `suspect` is true where the block of text around the row holds a lost character or a question mark. */
  take(cells: readonly string[], row: number, suspect: boolean): void {
    if (cells.length <= 1 ? (cells[0] ?? '').trim() === '' : cells.every((cell) => cell.trim() === ''))
      return;
    this.rows += 1;
    const { rules, columns, allowDuplicates } = this.#options;
    let problems: RowProblem[] | null = null;
    let isKept = true;
    const tell = (
      code: string,
      column: number | null,
      { zh, en }: Bilingual,
      level: 'refuse' | 'warn',
    ): void => {
      (problems ??= []).push({ code, column, zh, en });
      if (level === 'refuse') isKept = false;
    };

    const read = readMobile(cells[columns.phone] ?? '');
    if ('problem' in read) tell(read.problem, columns.phone, numberProblems[read.problem], 'refuse');
    if (suspect) this.#lookForLost(cells, tell);
    const values = this.#values;
    for (let field = 0; field < this.#fields.length; field += 1) {
      const column = columns.fields[field] as number;
      const value = (cells[column] ?? '').trim();
      values[field] = value;
      const wrong = rules.checkValue(field, value);
      if (wrong !== null) tell(wrong.code, column, wrong, 'refuse');
    }
    let text = '';
    if (isKept && 'number' in read) {
      text = rules.compose(read.number, values);
      for (const found of rules.check(text)) tell(found.code, null, found, found.level);
    }
    if (isKept && 'number' in read && !this.#met.add(read.number) && !allowDuplicates) {
      this.duplicates += 1;
      this.#list(row, cells, [{ code: 'duplicate', column: columns.phone, ...duplicate }], false, true);
      return;
    }
    if (!isKept || !('number' in read)) {
      this.bad += 1;
      for (const found of problems ?? []) count(this.problems, found, row);
      this.#list(row, cells, problems ?? [], false, false);
      return;
    }
    this.#keep(row, read.number, read.repair, text);
    if (problems !== null) {
      this.flagged += 1;
      for (const found of problems as RowProblem[]) count(this.warnings, found, row);
      this.#list(row, cells, problems, true, false);
    }
  }

  /** Gives out the last chunk. */
  end(): void {
    if (this.#numbers.length > 0) this.#flush();
  }

  #keep(row: number, number: string, repair: Repair | null, text: string): void {
    const parts = countParts(text);
    const values = this.#values;
    let size = 16;
    for (const value of values) size += 3 + value.length * 3;
    if (this.#numbers.length === CHUNK_ROWS || this.#bytes + size > CHUNK_BYTES) this.#flush();
    this.#bytes += size;
    this.#numbers.push(number);
    this.#parts.push(parts);
    for (let field = 0; field < values.length; field += 1)
      this.#columns[field]!.push(values[field] as string);
    this.good += 1;
    this.partCount += parts;
    this.partsOfRows[parts] = (this.partsOfRows[parts] ?? 0) + 1;
    const telecom = telecomOfRange(number) ?? 'cht';
    this.telecoms[telecom] = (this.telecoms[telecom] ?? 0) + parts;
    if (text.length > this.longest) this.longest = text.length;
    if (repair !== null) this.repairs[repair] = (this.repairs[repair] ?? 0) + 1;
    if (this.preview.length < PREVIEW_ROWS) this.preview.push({ row, number, text, parts });
  }

  #flush(): void {
    this.#options.onChunk({
      numbers: this.#numbers,
      fields: Object.fromEntries(this.#fields.map(({ name }, at) => [name, this.#columns[at] as string[]])),
      parts: this.#parts,
    });
    this.#numbers = [];
    this.#parts = [];
    this.#columns = this.#fields.map(() => []);
    this.#bytes = 0;
  }

  #lookForLost(
    cells: readonly string[],
    tell: (code: string, column: number, text: Bilingual, level: 'refuse' | 'warn') => void,
  ): void {
    for (const column of this.#options.columns.fields) {
      const cell = cells[column] ?? '';
      if (LOST.test(cell)) tell('character_lost', column, lostCharacter, 'refuse');
      else if (QUESTIONED.test(cell)) tell('character_questioned', column, questioned, 'warn');
    }
  }

  #list(
    row: number,
    cells: readonly string[],
    problems: readonly RowProblem[],
    kept: boolean,
    isDuplicate: boolean,
  ): void {
    const short = cells.map((cell) => (cell.length > LONGEST_CELL ? cell.slice(0, LONGEST_CELL) : cell));
    this.#options.onListed({ row, kept, isDuplicate, cells: short, problems });
  }
}

function count(counts: Map<string, Counted>, { code, zh, en }: RowProblem, row: number): void {
  const counted = counts.get(code);
  if (counted === undefined) counts.set(code, { code, zh, en, count: 1, firstRow: row });
  else counted.count += 1;
}
