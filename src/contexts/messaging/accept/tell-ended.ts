/** News of single messages that have ended, for agencies with an endpoint that asks for it. */
import { sql } from 'kysely';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { Outbox } from '#platform/outbox/outbox';
import { createPoller, type Poller } from '#platform/poller';
import { ours } from '../chunk.ts';
import type { OutcomeState, Space } from '../tables.ts';
import { messageIdOf } from './message-id.ts';

export const MESSAGE_ENDED = 'messaging.message_ended';
const ROUND = 500;

export interface TellEndedDeps {
  readonly database: Database;
  readonly outbox: Pick<Outbox, 'publishAll'>;
  readonly log: Log;
}

interface Ended {
  readonly chunk_id: number;
  readonly row: number;
  readonly state: OutcomeState;
  readonly cause: string | null;
  readonly at: Date;
  readonly organisation_id: string;
  readonly space: Space;
}

/** Publishes ends twice a second, each once; several processes share the rows by locks. */
export function createEndTeller({ database, outbox, log }: TellEndedDeps): Poller {
  const db = database.of('messaging');
  return createPoller({
    everyMs: 500,
    onError: (error) => log.error({ err: error }, 'ends of messages could not be told'),
    work: () =>
      db.transaction().execute(async (trx) => {
        const { rows } = await sql<Ended>`
          with ended as (
            delete from messaging.ended_due where (chunk_id, row) in (
              select chunk_id, row from messaging.ended_due due
              where exists (select from messaging.outcome o where o.chunk_id = due.chunk_id and o.row = due.row)
              order by chunk_id, row limit ${ROUND} for update skip locked)
            returning chunk_id, row
          )
          select chunk_id, row, outcome.state, outcome.cause, outcome.at, chunk.organisation_id, chunk.space
          from ended join messaging.outcome using (chunk_id, row) join messaging.chunk on chunk.id = chunk_id
          order by outcome.at`.execute(ours(trx));
        await outbox.publishAll(
          trx,
          rows.map((row) => ({
            type: MESSAGE_ENDED,
            organisationId: row.organisation_id,
            space: row.space,
            payload: {
              id: messageIdOf({ chunkId: row.chunk_id, row: row.row }),
              state: row.state,
              cause: row.cause,
              endedAt: row.at.toISOString(),
            },
          })),
        );
        return rows.length === ROUND;
      }),
  });
}
