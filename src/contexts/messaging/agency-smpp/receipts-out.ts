/** Receipts to agencies: a `deliver_sm` for each text that has its outcome, until the agency acknowledges it. */
import { sql, type Kysely } from 'kysely';
import { systemCaller } from '#platform/access';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Log } from '#platform/log';
import { createPoller } from '#platform/poller';
import type { Vault } from '#platform/vault/vault';
import { messageStateOf, statuses, writeReceipt, type ReceiptState, type Session } from '#protocols/smpp';
import { messageIdOf } from '../accept/message-id.ts';
import { decodeChunk } from '../chunk.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { MessagingTables, OutcomeState } from '../tables.ts';
import type { AgencyServer } from './agency-server.ts';

export interface ReceiptsOutDeps {
  readonly database: Database;
  readonly vault: Pick<Vault, 'readMany'>;
  readonly server: AgencyServer;
  readonly log: Log;
}

const states: Readonly<Record<OutcomeState, ReceiptState>> = {
  delivered: 'delivered',
  undelivered: 'undeliverable',
  expired: 'expired',
  rejected: 'rejected',
  unknown: 'unknown',
  cancelled: 'deleted',
};
const ROUND = 200;
const erased: ReadonlySet<string> = new Set(['vault.not_found', 'vault.erased']);
interface Due {
  readonly chunk_id: number;
  readonly row: number;
  readonly state: OutcomeState;
  readonly at: Date;
  readonly created_at: Date;
  readonly vault_id: string;
}

/** Sends what is due to the receivers bound to this process, twice a second. */
export function startReceiptsOut(deps: ReceiptsOutDeps): { stop(): Promise<void> } {
  const db = deps.database.of<MessagingTables>('messaging');

  const underWay = new Map<string, Promise<void>>();

  function round(): void {
    const receivers = new Map<string, Session>();
    for (const { account, session } of deps.server.binds()) {
      if (session.state === 'bound' && session.mode !== 'transmitter') receivers.set(account.id, session);
    }
    const begun = [...receivers].filter(([accountId]) => !underWay.has(accountId));
    // Each on its own: an agency that does not answer delays nobody else's receipts.
    for (const [accountId, session] of begun) {
      const delivery = deliver(accountId, session)
        .catch((error: unknown) => deps.log.error({ err: error }, 'receipts to an agency could not be sent'))
        .finally(() => underWay.delete(accountId));
      underWay.set(accountId, delivery);
    }
  }

  async function deliver(accountId: string, session: Session): Promise<void> {
    const { rows } = await sql<Due>`
      select due.chunk_id, due.row, outcome.state, outcome.at, chunk.created_at, chunk.vault_id
      from messaging.smpp_receipt_due due
      join messaging.outcome using (chunk_id, row)
      join messaging.chunk on chunk.id = due.chunk_id
      where due.account_id = ${accountId} and due.due_at <= now()
      order by due.chunk_id, due.row limit ${ROUND}`.execute(db);
    if (rows.length === 0) return;
    const numbers = await numbersOf(rows);
    const answers = await Promise.allSettled(
      rows.map((row) => send(session, row, numbers.get(row.vault_id)?.[row.row] ?? '')),
    );
    const taken = rows.filter((_, place) => {
      const answer = answers[place];
      return answer?.status === 'fulfilled' && answer.value === statuses.ESME_ROK;
    });
    const left = rows.filter((row) => !taken.includes(row));
    await settle(db, accountId, taken, left);
  }

  /** Numbers of the chunks; none for those that were erased by now: a receipt goes out without. */
  async function numbersOf(rows: readonly Due[]): Promise<Map<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    await db.transaction().execute(async (trx) => {
      for (const id of new Set(rows.map(({ vault_id }) => vault_id))) {
        try {
          const values = await deps.vault.readMany(trx, [id], {
            caller: systemCaller('smpp-receipts'),
            legalBasis: legalBasis.receipts,
          });
          found.set(id, decodeChunk(values.get(id) as string).numbers);
        } catch (error) {
          if (!(error instanceof AppError) || !erased.has(error.code)) throw error;
        }
      }
    });
    return found;
  }

  const poller = createPoller({
    work: () => {
      round();
      return Promise.resolve(false);
    },
    everyMs: 500,
    onError: (error) => deps.log.error({ err: error }, 'receipts to agencies could not be sent'),
  });
  poller.start();
  return {
    async stop() {
      await poller.stop();
      await Promise.all(underWay.values());
    },
  };
}

/** The number is the sender of its receipt, as every message centre writes it. Answers the status of the agency. */
async function send(session: Session, row: Due, number: string): Promise<number> {
  const state = states[row.state];
  const id = messageIdOf({ chunkId: row.chunk_id, row: row.row });
  const response = await session.ask({
    command: 'deliver_sm',
    sourceAddrTon: 1,
    sourceAddrNpi: 1,
    sourceAddr: number === '' ? '' : `886${number}`,
    destinationAddr: '111',
    esmClass: 0x04,
    shortMessage: writeReceipt({ id, state, submittedAt: row.created_at, doneAt: row.at }),
    tlvs: { receiptedMessageId: id, messageState: messageStateOf(state) },
  });
  return response.status;
}

/** What was acknowledged is done; what was not comes again, at first after 5 s, at last every 10 minutes, for three days. */
async function settle(
  db: Kysely<MessagingTables>,
  accountId: string,
  taken: readonly Due[],
  left: readonly Due[],
): Promise<void> {
  const places = (rows: readonly Due[]) =>
    [rows.map((row) => row.chunk_id), rows.map((row) => row.row)] as const;
  const [chunks, lines] = places(taken);
  await sql`
    delete from messaging.smpp_receipt_due due
    using unnest(${chunks}::bigint[], ${lines}::integer[]) as taken (chunk_id, row)
    where due.account_id = ${accountId} and due.chunk_id = taken.chunk_id and due.row = taken.row`.execute(
    db,
  );
  if (left.length === 0) return;
  const [laterChunks, laterLines] = places(left);
  await sql`
    update messaging.smpp_receipt_due due
    set attempts = attempts + 1, due_at = now() + least(600, 5 * power(2, least(attempts, 10))) * interval '1 second'
    from unnest(${laterChunks}::bigint[], ${laterLines}::integer[]) as later (chunk_id, row)
    where due.account_id = ${accountId} and due.chunk_id = later.chunk_id and due.row = later.row`.execute(
    db,
  );
  await sql`
    delete from messaging.smpp_receipt_due where account_id = ${accountId} and attempts > 440`.execute(db);
}
