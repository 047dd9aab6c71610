import { sql, type Kysely, type Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import type { Jobs } from '#platform/jobs/jobs';
import type { ImportDetail, ImportFile } from './contract.ts';
import { requireKnownFiles } from './check-request.ts';
import { operatorErrors } from './errors.ts';
import { IMPORT_JOB, type Originals } from './imports.ts';
import { previewSource, type SourcePreview } from './sources/preview.ts';
import type { OperatorsTables } from './tables.ts';

/** Files of one import at most. */
export const MAX_FILES = 100;

export interface UploadedFile {
  readonly name: string;
  readonly stream: NodeJS.ReadableStream;
}

interface StoredPreview {
  readonly kind: string | null;
  readonly container: string | null;
  readonly encoding: string | null;
  readonly headers: string[];
  readonly sample: string[][];
  readonly mapping: Record<string, string>;
  readonly dataDate: string | null;
  readonly problem: { code: string; zh: string; en: string } | null;
}

/** Keeps the originals, looks into each, and waits for the officer to confirm. */
export async function createImport(
  db: Kysely<OperatorsTables>,
  originals: Originals,
  uploads: AsyncIterable<UploadedFile>,
  caller: Caller,
  today: Temporal.PlainDate,
): Promise<string> {
  const id = newId('imp');
  const files: {
    name: string;
    original_id: string;
    bytes: number;
    sha256: string;
    preview: StoredPreview;
  }[] = [];
  for await (const upload of uploads) {
    if (files.length >= MAX_FILES) throw operatorErrors.too_many_files({ limit: MAX_FILES });
    const stored = await originals.store({ stream: upload.stream, name: upload.name, caller });
    const preview = await previewSource({
      path: await originals.pathOf(stored.id),
      name: upload.name,
      today,
    });
    files.push({
      name: upload.name,
      original_id: stored.id,
      bytes: stored.bytes,
      sha256: stored.sha256,
      preview: toStored(preview),
    });
  }
  if (files.length === 0) throw operatorErrors.no_file();
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('import')
      .values({
        id,
        state: 'previewed',
        organisation_id: caller.organisation.id,
        created_by: caller.actorId,
        finished_at: null,
        job_id: null,
        run_id: null,
        as_of: null,
        problem: null,
      })
      .execute();
    await trx
      .insertInto('import_file')
      .values(
        files.map(({ preview, ...file }, index) => ({
          import_id: id,
          file_no: index + 1,
          ...file,
          preview: JSON.stringify(preview),
          decision: '{}',
        })),
      )
      .execute();
  });
  return id;
}

function toStored(preview: SourcePreview): StoredPreview {
  const { kind, container, encoding, headers, sample, mapping, dataDate, problem } = preview;
  return {
    kind,
    container,
    encoding,
    headers: [...headers],
    sample: sample.map((row) => row.map((cell) => cell.slice(0, 120))),
    mapping: { ...mapping },
    dataDate: dataDate?.toString() ?? null,
    problem: problem === null ? null : { code: problem.code, zh: problem.zh, en: problem.en },
  };
}

export interface ConfirmedFile {
  readonly id: number;
  readonly kind?: string | null | undefined;
  readonly mapping?: Readonly<Record<string, string>> | undefined;
  readonly dataDate?: string | null | undefined;
}

/** Starts a previewed import, with what the officer changed of the proposal. */
export async function confirmImport(
  trx: Transaction<OperatorsTables>,
  jobs: Jobs,
  id: string,
  input: {
    files?: readonly ConfirmedFile[] | undefined;
    asOf?: string | undefined;
    acceptShrink?: boolean | undefined;
  },
  caller: Caller,
): Promise<void> {
  const found = await trx
    .selectFrom('import')
    .select('state')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) throw operatorErrors.import_not_found({ id });
  if (found.state !== 'previewed' && found.state !== 'failed')
    throw operatorErrors.import_not_waiting({ id, state: found.state });
  if (input.files !== undefined) {
    const rows = await trx.selectFrom('import_file').select('file_no').where('import_id', '=', id).execute();
    requireKnownFiles(input.files, new Set(rows.map((row) => row.file_no)));
  }
  for (const file of input.files ?? []) {
    const decision = {
      ...(file.kind !== undefined && { kind: file.kind }),
      ...(file.mapping && { mapping: file.mapping }),
      ...(file.dataDate && { dataDate: file.dataDate }),
    };
    await trx
      .updateTable('import_file')
      .set({ decision: JSON.stringify(decision) })
      .where('import_id', '=', id)
      .where('file_no', '=', file.id)
      .execute();
  }
  const jobId = await jobs.enqueue(trx, {
    kind: IMPORT_JOB,
    input: { importId: id },
    caller,
    title: { zh: '匯入來源檔', en: 'Import of source files' },
  });
  await trx
    .updateTable('import')
    .set({
      state: 'running',
      job_id: jobId,
      as_of: input.asOf ?? null,
      accept_shrink: input.acceptShrink ?? false,
      problem: null,
    })
    .where('id', '=', id)
    .execute();
}

/** Leaves an import that could not be carried out where its page says why. */
export async function failImport(
  db: Kysely<OperatorsTables>,
  id: string,
  state: 'failed' | 'cancelled',
  problem: { code?: string; zh: string; en: string } | null,
): Promise<void> {
  await db
    .updateTable('import')
    .set({ state, finished_at: new Date(), problem: problem === null ? null : JSON.stringify(problem) })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

/** One import with its files. Throws `operators.import_not_found`. */
export async function getImport(db: Kysely<OperatorsTables>, id: string): Promise<ImportDetail> {
  const [found] = (await readImports(db, sql`i.id = ${id}`, 1)).items;
  if (found === undefined) throw operatorErrors.import_not_found({ id });
  return found;
}

export async function listImports(
  db: Kysely<OperatorsTables>,
  page: { limit?: number | undefined; cursor?: string | undefined },
) {
  const after = parseCursor(page.cursor, 'text');
  return readImports(db, after === null ? sql`true` : sql`i.id < ${after[0]}`, page.limit ?? 50);
}

interface FileRow {
  readonly file_no: number;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly preview: StoredPreview;
  readonly decision: { kind?: string | null; mapping?: Record<string, string>; dataDate?: string | null };
  readonly good: number | null;
  readonly rejected: number | null;
  readonly appeared: number | null;
  readonly changed: number | null;
  readonly vanished: number | null;
}

interface ImportRow {
  readonly id: string;
  readonly state: ImportDetail['state'];
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly job_id: string | null;
  readonly run_id: string | null;
  readonly problem: { code?: string; zh: string; en: string } | null;
  readonly files: FileRow[];
}

async function readImports(db: Kysely<OperatorsTables>, condition: ReturnType<typeof sql>, limit: number) {
  const { rows } = await sql<ImportRow>`
    select i.id, i.state, i.created_at, i.finished_at, i.job_id, i.run_id, i.problem, (
      select coalesce(jsonb_agg(to_jsonb(f) || to_jsonb(s) order by f.file_no), '[]') from operators.import_file f left join lateral (
        select sum(good_rows)::bigint as good, sum(rejected_rows)::bigint as rejected, sum(appeared)::bigint as appeared,
          sum(changed)::bigint as changed, sum(vanished)::bigint as vanished
        from operators.snapshot s where s.import_id = f.import_id and s.file_no = f.file_no) s on true
      where f.import_id = i.id) as files
    from operators.import i where ${condition} order by i.id desc limit ${limit + 1}`.execute(db);
  return toPage(rows, limit, (row) => [row.id], toImport);
}

function toImport(row: ImportRow): ImportDetail {
  return {
    id: row.id,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    jobId: row.job_id,
    runId: row.run_id,
    problem: row.problem,
    files: row.files.map(toFile),
  };
}

function toFile(file: FileRow): ImportFile {
  const { preview, decision } = file;
  return {
    id: file.file_no,
    name: file.name,
    bytes: file.bytes,
    sha256: file.sha256,
    kind: decision.kind === undefined ? preview.kind : decision.kind,
    container: preview.container,
    encoding: preview.encoding,
    headers: preview.headers,
    sample: preview.sample,
    mapping: decision.mapping ?? preview.mapping,
    dataDate: decision.dataDate ?? preview.dataDate,
    goodRows: file.good,
    rejectedRows: file.rejected,
    changes:
      file.appeared === null
        ? null
        : { appeared: file.appeared, changed: file.changed ?? 0, vanished: file.vanished ?? 0 },
    problem: preview.problem,
  };
}

/** Rejected cells of an import, in the order of files and rows. */
export async function listRejected(
  db: Kysely<OperatorsTables>,
  id: string,
  page: { limit?: number | undefined; cursor?: string | undefined },
) {
  await getImport(db, id);
  const limit = page.limit ?? 50;
  const after = parseCursor(page.cursor, 'integer');
  const rows = await db
    .selectFrom('rejected_cell')
    .selectAll()
    .where('import_id', '=', id)
    .where('number', '>', after === null ? 0 : after[0])
    .orderBy('number')
    .limit(limit + 1)
    .execute();
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => ({
      file: row.file,
      row: row.row_number,
      column: row.column_name,
      value: row.value,
      reason: { zh: row.reason_zh, en: row.reason_en },
      code: row.reason_code,
      rowKept: row.row_kept,
    }),
  );
}

interface ChangeRow {
  readonly ubn: string;
  readonly name: string;
  readonly source: string;
  readonly change: 'appeared' | 'changed' | 'vanished';
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

/** What an import brought, altered and took away in whole lists, by kind and number. */
export async function listChanges(
  db: Kysely<OperatorsTables>,
  id: string,
  filter: { change?: string | undefined; limit?: number | undefined; cursor?: string | undefined },
) {
  await getImport(db, id);
  const limit = filter.limit ?? 50;
  const after = parseCursor(filter.cursor, 'text', 'text');
  const { rows } = await sql<ChangeRow>`
    with brought as (
      select distinct on (kind, ubn) kind, ubn, name, payload from operators.fact where ubn is not null and known_from_snapshot in (select number from operators.snapshot where import_id = ${id})
      order by kind, ubn, row_number
    ), taken as (
      select distinct on (kind, ubn) kind, ubn, name, payload from operators.fact where ubn is not null and known_to_snapshot in (select number from operators.snapshot where import_id = ${id})
      order by kind, ubn, row_number
    ), both_sides as (
      select ubn, kind as source, coalesce(b.name, t.name, '') as name, t.payload as before, b.payload as after,
        case when t.there is null then 'appeared' when b.there is null then 'vanished' else 'changed' end as change
      from (select kind, ubn, name, payload, ubn as there from brought) b full join (select kind, ubn, name, payload, ubn as there from taken) t using (kind, ubn)
    )
    select * from both_sides where ${filter.change === undefined ? sql`true` : sql`change = ${filter.change}`}
      and ${after === null ? sql`true` : sql`(source, ubn) > (${after[0]}, ${after[1]})`}
    order by source, ubn limit ${limit + 1}`.execute(db);
  return toPage(
    rows,
    limit,
    (row) => [row.source, row.ubn],
    (row) => ({ ...row }),
  );
}
