import { sourceKind } from './source-kinds.ts';
import type { SourceKind } from './source-tables.ts';

const csvCell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The empty table of a kind for download: its headers alone, UTF-8 with the mark that spreadsheets need. */
export function templateCsv(kind: SourceKind): string {
  const headers = sourceKind(kind).columns.map((column) => csvCell(column.header));
  return `\uFEFF${headers.join(',')}\r\n`;
}

/** One line of the description that stands beside a template. */
export interface TemplateColumn {
  header: string;
  need: 'required' | 'one-of' | 'optional';
  zh: string;
  en: string;
  example: string;
}

/** What goes into each column of a template; of the columns marked `one-of`, a row needs at least one. */
export function templateColumns(kind: SourceKind): TemplateColumn[] {
  const { columns, anyOf } = sourceKind(kind);
  return columns.map(({ key, header, required, zh, en, example }) => ({
    header,
    need: required ? 'required' : anyOf?.includes(key) ? 'one-of' : 'optional',
    zh,
    en,
    example,
  }));
}
