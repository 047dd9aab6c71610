import { parseDate } from '#shared/roc-date';
import { sourceKind, sourceKinds } from './source-kinds.ts';
import type { SourceKind } from './source-tables.ts';

/** What a person says of one file; it goes before what the file says itself. */
export interface FileChoice {
  kind?: SourceKind;
  ignore?: boolean;
  dataDate?: Temporal.PlainDate;
  /** Key of a wanted column → header as it stands in the file. */
  columns?: Readonly<Record<string, string>>;
}

/** Thrown where `sources.json` cannot be followed; says the place and what may stand there. */
export class SourcesJsonError extends Error {
  readonly code = 'sources_json_invalid';
  readonly zh: string;
  readonly en: string;
  constructor(zh: string, en: string) {
    super(`sources.json: ${en}`);
    this.name = 'SourcesJsonError';
    this.zh = `sources.json：${zh}`;
    this.en = `sources.json: ${en}`;
  }
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses `{"files": {"name.csv": {"kind": "company", "dataDate": "2023-11-30"}}}`. Throws SourcesJsonError. */
export function parseSourcesJson(text: string): Record<string, FileChoice> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new SourcesJsonError(`不是正確的 JSON（${detail}）。`, `it is not valid JSON (${detail}).`);
  }
  // The outer `files` may be left out: {"name.csv": "company"}.
  const files = isObject(parsed) && 'files' in parsed ? parsed['files'] : parsed;
  if (!isObject(parsed) || !isObject(files))
    throw new SourcesJsonError(
      '最外層須為 {"files": {"檔名": {…}}}。',
      'the outermost level must be {"files": {"name": {…}}}.',
    );
  for (const key of files === parsed ? [] : Object.keys(parsed))
    if (key !== 'files')
      throw new SourcesJsonError(`不認得「${key}」，只能有 files。`, `“${key}” is not known; only files is.`);
  const entries = Object.entries(files).map(([name, value]) => [name, parseChoice(name, value)] as const);
  return Object.fromEntries(entries);
}

/** What is said of one file: an object, or the kind alone. */
function parseChoice(name: string, said: unknown): FileChoice {
  const value = typeof said === 'string' ? { kind: said } : said;
  if (!isObject(value))
    throw new SourcesJsonError(`files["${name}"] 須為物件。`, `files["${name}"] must be an object.`);
  const choice: FileChoice = {};
  for (const [key, given] of Object.entries(value)) {
    const place = `files["${name}"].${key}`;
    if (key === 'kind' && given === 'ignore') choice.ignore = true;
    else if (key === 'kind') choice.kind = parseKind(place, given);
    else if (key === 'ignore' && typeof given === 'boolean') choice.ignore = given;
    else if (key === 'dataDate') {
      const date = typeof given === 'string' ? parseDate(given) : null;
      if (date === null)
        throw new SourcesJsonError(
          `${place} 須為日期，如 2023-11-30。`,
          `${place} must be a date such as 2023-11-30.`,
        );
      choice.dataDate = date;
    } else if (key === 'columns' && isObject(given))
      choice.columns = parseColumns(place, given, value['kind']);
    else
      throw new SourcesJsonError(
        `${place} 不認得。可用：kind、ignore（true/false）、dataDate、columns（物件）。`,
        `${place} is not known. Use kind, ignore (true or false), dataDate, columns (object).`,
      );
  }
  return choice;
}

function parseKind(place: string, given: unknown): SourceKind {
  const found = sourceKinds.find((info) => info.kind === given);
  if (found === undefined) {
    const known = sourceKinds.map((info) => info.kind).join(', ');
    throw new SourcesJsonError(
      `${place} 須為下列之一：${known}, ignore。`,
      `${place} must be one of ${known}, ignore.`,
    );
  }
  return found.kind;
}

function parseColumns(place: string, given: Json, kind: unknown): Record<string, string> {
  const info = sourceKind(parseKind(place.replace(/columns$/, 'kind'), kind));
  const columns: Record<string, string> = {};
  for (const [key, header] of Object.entries(given)) {
    const known = info.columns.map((wanted) => wanted.key);
    if (!known.includes(key) || typeof header !== 'string')
      throw new SourcesJsonError(
        `${place}.${key} 不正確。可用的欄位：${known.join(', ')}，值為檔案中的標題。`,
        `${place}.${key} is wrong. Columns are ${known.join(', ')}; the value is the header in the file.`,
      );
    columns[key] = header;
  }
  return columns;
}
