/**
 * Which files of a directory a run reads. Where several files of one register carry different data dates, they are
 * editions of one list: the newest dated on or before the as-of day is read, or the oldest where all are newer
 * (registers are published later than the day they are asked about). Files with the same date or none are parts of
 * one list and are all read. Closed uploads add up: every file of theirs is read.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { RunSource } from '../run-result.ts';
import type { SourceKind } from '../sources/source-tables.ts';
import { select } from './source-rows.ts';

const editions: ReadonlySet<SourceKind> = new Set<SourceKind>([
  'company_by_item',
  'company',
  'business_by_item',
  'tax_register',
  'capability_registration',
]);

interface FileRow {
  readonly fileId: number;
  readonly file: string;
  readonly kind: SourceKind | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly dataDate: string | null;
  readonly goodRows: number;
  readonly rejectedRows: number;
  readonly problemCode: string | null;
  readonly problemZh: string | null;
  readonly problemEn: string | null;
}

/** Creates `run_file` (file_id, name, kind) with the files in use and returns all files, in the order of their names. */
export async function chooseFiles(
  connection: DuckDBConnection,
  asOf: Temporal.PlainDate,
): Promise<readonly RunSource[]> {
  const files = await select<FileRow>(
    connection,
    `select file_id::double as "fileId", name as file, kind, sha256, bytes::double as bytes,
       data_date::varchar as "dataDate", good_rows::double as "goodRows", rejected_rows::double as "rejectedRows",
       problem_code as "problemCode", problem_zh as "problemZh", problem_en as "problemEn"
     from source_file order by name, file_id`,
  );
  const used = filesInUse(files, asOf.toString());
  await connection.run(`create or replace temp table run_file as
    select file_id, name, kind from source_file where file_id in (${[...used, -1].join(', ')})`);
  return files.map((file) => ({
    file: file.file,
    kind: file.kind,
    sha256: file.sha256,
    bytes: file.bytes,
    dataDate: file.dataDate,
    goodRows: file.goodRows,
    rejectedRows: file.rejectedRows,
    superseded: file.kind !== null && !used.has(file.fileId),
    problem:
      file.problemCode === null
        ? null
        : { code: file.problemCode, zh: file.problemZh ?? '', en: file.problemEn ?? '' },
  }));
}

/** The ids of the files a run as of `asOf` (ISO day) reads. */
export function filesInUse(
  files: readonly Pick<FileRow, 'fileId' | 'kind' | 'dataDate' | 'goodRows'>[],
  asOf: string,
): Set<number> {
  const used = new Set<number>();
  for (const kind of new Set(files.map((file) => file.kind))) {
    const same = files.filter((file) => file.kind === kind && kind !== null);
    const dates = same
      .filter((file) => file.goodRows > 0)
      .map((file) => file.dataDate)
      .filter((date) => date !== null)
      .sort();
    const chosen = dates.findLast((date) => date <= asOf) ?? dates[0];
    for (const file of same) {
      const isEdition = kind !== null && editions.has(kind) && file.dataDate !== null;
      if (!isEdition || file.dataDate === chosen) used.add(file.fileId);
    }
  }
  return used;
}
