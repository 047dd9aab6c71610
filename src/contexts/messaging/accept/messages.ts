/** Single texts as their agency sees them: state from the facts, never a number or a word of the text. */
import { sql, type Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import type { MessagingTables } from '../tables.ts';
import { acceptErrors } from './accept-errors.ts';
import { messageIdOf, placeOf } from './message-id.ts';
import { statesOf, type StateOfMessage } from './message-state.ts';
import type { MessageRow } from './messages-contract.ts';

interface ChunkRow {
  readonly id: number;
  readonly row: number;
  readonly telecom: string;
  readonly class: string;
  readonly service_id: string;
  readonly template_version_id: string;
  readonly batch_id: string | null;
  readonly created_at: Date;
  readonly not_before: Date;
}

/** One text of the caller's agency; throws `messaging.message_not_found`, for those of others as well. */
export async function getMessage(
  db: Kysely<MessagingTables>,
  caller: Caller,
  id: string,
): Promise<MessageRow> {
  const place = placeOf(id);
  const chunk =
    place === null
      ? undefined
      : await db
          .selectFrom('chunk')
          .selectAll()
          .where('id', '=', place.chunkId)
          .where('organisation_id', '=', caller.organisation.id)
          .where('space', '=', caller.space)
          .where('row_count', '>', place.row)
          .executeTakeFirst();
  if (place === null || chunk === undefined) throw acceptErrors.message_not_found({ id });
  const [state] = await statesOf(db, [place]);
  return toMessage({ ...chunk, row: place.row }, state as StateOfMessage);
}

export interface ListQuery {
  readonly limit?: number;
  readonly cursor?: string;
  readonly serviceId?: string;
}

/** Single texts of the caller's agency, newest first; retries are shown as the message that they repeat. */
export async function listMessages(
  db: Kysely<MessagingTables>,
  caller: Caller,
  { limit = 50, cursor, serviceId }: ListQuery,
): Promise<{ items: MessageRow[]; nextCursor: string | null }> {
  const after = parseCursor(cursor, 'bigint', 'integer');
  const { rows } = await sql<ChunkRow>`
    select c.id, r.row, c.telecom, c.class, c.service_id, c.template_version_id, c.batch_id, c.created_at, c.not_before
    from (
      select * from messaging.chunk
      where organisation_id = ${caller.organisation.id} and space = ${caller.space}
        and batch_id is null and retry_of is null
        and (${serviceId ?? null}::text is null or service_id = ${serviceId ?? null})
        and (${after?.[0] ?? null}::bigint is null or id <= ${after?.[0] ?? null}::bigint)
      order by id desc limit ${limit + 1}
    ) c, lateral generate_series(c.row_count - 1, 0, -1) as r (row)
    where ${after?.[0] ?? null}::bigint is null or (c.id, r.row) < (${after?.[0] ?? null}::bigint, ${after?.[1] ?? null}::integer)
    order by c.id desc, r.row desc limit ${limit + 1}`.execute(db);
  const states = await statesOf(
    db,
    rows.map((row) => ({ chunkId: row.id, row: row.row })),
  );
  const known = rows.map((row, index) => ({ row, state: states[index] as StateOfMessage }));
  return toPage(
    known,
    limit,
    ({ row }) => [row.id, row.row],
    ({ row, state }) => toMessage(row, state),
  );
}

function toMessage(chunk: ChunkRow, { state, cause, endedAt }: StateOfMessage): MessageRow {
  return {
    id: messageIdOf({ chunkId: chunk.id, row: chunk.row }),
    state,
    cause,
    telecom: chunk.telecom,
    class: chunk.class,
    serviceId: chunk.service_id,
    templateVersionId: chunk.template_version_id,
    batchId: chunk.batch_id,
    acceptedAt: chunk.created_at.toISOString(),
    sendAt: chunk.not_before.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
