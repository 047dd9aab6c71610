import type { Kysely } from 'kysely';
import type { Caller } from '../access.ts';
import type { AnswerOf, QueryOf } from '../http/contract.ts';
import { parseCursor, toPage } from '../http/cursor.ts';
import type { auditRoutes } from './contract.ts';
import type { AuditTables } from './tables.ts';

type Query = QueryOf<typeof auditRoutes.listAudit>;
type Page = AnswerOf<typeof auditRoutes.listAudit>;

/** One page of the trail as the caller may see it: the ministry everything of its space, others their own acts. */
export async function listEntries(
  database: Kysely<AuditTables>,
  caller: Caller,
  query: Query,
): Promise<Page> {
  const limit = query.limit ?? 50;
  const after = parseCursor(query.cursor, 'text');
  let select = database.selectFrom('entry').selectAll().where('space', '=', caller.space);
  if (caller.organisation.kind !== 'ministry')
    select = select.where('organisation_id', '=', caller.organisation.id);
  if (query.organisation !== undefined) select = select.where('organisation_id', '=', query.organisation);
  if (query.actor !== undefined) select = select.where('actor_id', '=', query.actor);
  if (query.action !== undefined) select = select.where('action', '=', query.action);
  if (query.subjectKind !== undefined) select = select.where('subject_kind', '=', query.subjectKind);
  if (query.subjectId !== undefined) select = select.where('subject_id', '=', query.subjectId);
  if (query.from !== undefined) select = select.where('at', '>=', new Date(query.from));
  if (query.to !== undefined) select = select.where('at', '<', new Date(query.to));
  if (after !== null) select = select.where('id', '<', after[0]);
  const rows = await select
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => ({
      id: row.id,
      at: row.at.toISOString(),
      actor: { kind: row.actor_kind, id: row.actor_id },
      organisationId: row.organisation_id,
      action: row.action,
      subject: { kind: row.subject_kind, id: row.subject_id },
      legalBasis: row.legal_basis,
      details: row.details as Record<string, unknown> | null,
      requestId: row.request_id,
      seq: row.seq === null ? null : Number(row.seq),
      hash: row.hash?.toString('hex') ?? null,
    }),
  );
}
