/** A table on its way to a file: every row may say what it means, so that readers and matchers can be judged. */

/** What a row means to the truth. */
export interface RowMeaning {
  /** `ubn`: carries a valid number; `name`: must be matched by name; `rejected`: cannot be read. */
  readonly by: 'ubn' | 'name' | 'rejected';
  readonly ubn: string | null;
}

export interface SheetRow {
  readonly cells: readonly (string | number)[];
  readonly meaning?: RowMeaning;
}

/** One table with its headers; `rows[0]` is written on row 2, or on `firstRow` where blocks stand above. */
export interface Sheet {
  /** File name without its ending. */
  readonly stem: string;
  readonly header: readonly string[];
  readonly rows: readonly SheetRow[];
}

const needsQuotes = /[",\r\n]/;

/** One CSV cell. */
const csvCell = (cell: string | number): string => {
  const text = String(cell);
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One CSV line with CRLF. */
export const csvLine = (cells: readonly (string | number)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
