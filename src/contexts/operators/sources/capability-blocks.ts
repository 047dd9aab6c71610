import { CELL_END, type ScannedRow } from './row-scanner.ts';
import { type Problem, problem } from './problems.ts';
import { recogniseHeaders } from './recognise.ts';

/** The columns of a canonical row of the capability list. */
export const capabilityColumns = [
  'name',
  'ubn',
  'certificate_no',
  'registered_on',
  'valid_until',
  'block',
  'extended',
] as const;

type Block = 'in-force' | 'revoked' | 'lapsed';

const REVOKED = /[（(【[]?\s*已?廢止(登錄(資格)?)?\s*[）)】\]]?/gu;
const EXTENDED = /[（(]\s*展延\s*[）)]/gu;

/** The block that a title names: 現生效, 已廢止業者, 屆期失效業者. */
export function blockOf(title: string): Block | undefined {
  if (/屆期|失效/u.test(title)) return 'lapsed';
  if (title.includes('廢止')) return 'revoked';
  return /現?生效|有效名單/u.test(title) ? 'in-force' : undefined;
}

/**
 * Reads the passed list, as one table or as blocks that each have a title and a header of their own, and writes its
 * canonical rows. The words 廢止登錄資格 in a cell mark a revoked firm, （展延） an extended certificate; neither is
 * part of the number or date. Contacts and other columns are never written.
 */
export class CapabilityBlocks {
  rows = 0;
  #block: Block;
  #columns: Readonly<Record<string, number>>;
  #width: number;
  #lines: string[] = [];
  readonly #firstHeader: number;

  /** `firstHeader` is the line of the first header row, `title` the name of the sheet or file. */
  constructor(firstHeader: number, title: string) {
    this.#firstHeader = firstHeader;
    this.#columns = {};
    this.#width = 0;
    this.#block = blockOf(title) ?? 'in-force';
  }

  /** Takes one row: a title, a header, or a firm. */
  take(row: ScannedRow): 'skip' | Problem {
    const cells = Array.from({ length: row.count }, (_, index) => row.cell(index));
    const filled = cells.filter((cell) => cell !== '');
    if (filled.length === 1) {
      this.#block = blockOf(filled[0]!) ?? this.#block;
      return 'skip';
    }
    const header = recogniseHeaders(cells);
    if (header?.kind === 'capability_registration') {
      this.#columns = header.columns;
      this.#width = cells.findLastIndex((cell) => cell !== '') + 1;
      return 'skip';
    }
    if (row.line < this.#firstHeader) return 'skip';
    if (cells.length < this.#width)
      return problem('column_count', { found: cells.length, wanted: this.#width });
    this.#write(row.line, cells);
    return 'skip';
  }

  #write(line: number, cells: readonly string[]): void {
    const cell = (key: string): string => cells[this.#columns[key] ?? -1] ?? '';
    let block = this.#block;
    const unmarked = (text: string): string => {
      if (!/廢止/u.test(text)) return text;
      block = 'revoked';
      return text.replaceAll(REVOKED, '').trim();
    };
    const number = unmarked(cell('certificate_no'));
    const extended = number.replaceAll(EXTENDED, '') !== number;
    const written = [
      cell('name'),
      unmarked(cell('ubn')),
      number.replaceAll(EXTENDED, '').trim(),
      unmarked(cell('registered_on')),
      unmarked(cell('valid_until')),
    ];
    const values = [String(line), ...written, block, extended ? 'y' : 'n'];
    this.#lines.push(`${values.join(String.fromCharCode(CELL_END))}\n`);
    this.rows += 1;
  }

  /** The rows written since the last call. */
  drain(): Buffer {
    return Buffer.from(this.#lines.splice(0).join(''));
  }
}
