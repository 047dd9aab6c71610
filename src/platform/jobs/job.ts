import { sql, type RawBuilder } from 'kysely';
import type { Caller, Permission } from '../access.ts';
import type { AnyTransaction, Database } from '../database.ts';
import type { Bilingual } from '../errors.ts';
import type { JsonValue } from '../json.ts';

export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** A row of `jobs.job` as the driver gives it. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly title_zh: string;
  readonly title_en: string;
  readonly organisation_id: string;
  readonly space: 'test' | 'live';
  readonly started_by: string;
  readonly caller: StoredCaller;
  readonly input: JsonValue;
  readonly key: string | null;
  readonly schedule: string | null;
  readonly keep_done: boolean;
  readonly state: JobState;
  readonly attempts: number;
  readonly max_attempts: number;
  readonly progress_done: number;
  readonly progress_total: number | null;
  readonly note_zh: string | null;
  readonly note_en: string | null;
  readonly result: JsonValue;
  readonly error_code: string | null;
  readonly error_zh: string | null;
  readonly error_en: string | null;
  readonly worker: string | null;
  readonly cancel_requested_at: Date | null;
  readonly revision: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** A job as people see it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly title: Bilingual;
  readonly state: JobState;
  readonly organisationId: string;
  /** Id of the person or key; `system:…` for the product itself. */
  readonly startedBy: string;
  readonly progress: {
    readonly done: number;
    readonly total: number | null;
    readonly note: Bilingual | null;
  };
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly cancelRequested: boolean;
  readonly result: JsonValue;
  /** Of the last attempt that failed. */
  readonly error: (Bilingual & { readonly code: string }) | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Turns a row into what people see. */
export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    title: { zh: row.title_zh, en: row.title_en },
    state: row.state,
    organisationId: row.organisation_id,
    startedBy: row.started_by,
    progress: {
      done: row.progress_done,
      total: row.progress_total,
      note: row.note_zh === null || row.note_en === null ? null : { zh: row.note_zh, en: row.note_en },
    },
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    cancelRequested: row.cancel_requested_at !== null,
    result: row.result,
    error:
      row.error_code === null
        ? null
        : { code: row.error_code, zh: row.error_zh ?? '', en: row.error_en ?? '' },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** A caller as kept with its job: the permissions as a list. */
export interface StoredCaller extends Omit<Caller, 'permissions'> {
  readonly permissions: readonly Permission[];
}

export function toStoredCaller(caller: Caller): StoredCaller {
  return { ...caller, permissions: [...caller.permissions] };
}

export function toCaller(stored: StoredCaller): Caller {
  return { ...stored, permissions: new Set(stored.permissions) };
}

/** What a caller may see: the jobs of its organisation and space; the ministry's administrators see all of the space and the product's own. */
export function visibleTo(caller: Caller): RawBuilder<boolean> {
  const all = caller.organisation.kind === 'ministry' && caller.roles.includes('administrator');
  return sql<boolean>`(
    (space = ${caller.space} and (${all} or organisation_id = ${caller.organisation.id}))
    or (${all} and organisation_id = 'system'))`;
}

/** The job of an id, where the caller may see it. */
export async function findJob(
  from: AnyTransaction | Database,
  id: string,
  caller: Caller,
): Promise<JobRow | undefined> {
  const { rows } =
    await sql<JobRow>`select * from jobs.job where id = ${id} and ${visibleTo(caller)}`.execute(
      'pool' in from ? from.of('jobs') : from,
    );
  return rows[0];
}

/** Jobs that a caller may see, newest first; `before` is the id of the last one of the page before. */
export async function listJobs(
  database: Database,
  caller: Caller,
  filter: {
    readonly state?: JobState | undefined;
    readonly kind?: string | undefined;
    readonly mine?: boolean | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<JobRow[]> {
  const conditions = [visibleTo(caller)];
  if (filter.state !== undefined) conditions.push(sql<boolean>`state = ${filter.state}`);
  if (filter.kind !== undefined) conditions.push(sql<boolean>`kind = ${filter.kind}`);
  if (filter.mine === true) conditions.push(sql<boolean>`started_by = ${caller.actorId}`);
  if (filter.before !== undefined) conditions.push(sql<boolean>`id < ${filter.before}`);
  const { rows } = await sql<JobRow>`
    select * from jobs.job where ${sql.join(conditions, sql` and `)} order by id desc limit ${filter.limit}`.execute(
    database.of('jobs'),
  );
  return rows;
}
