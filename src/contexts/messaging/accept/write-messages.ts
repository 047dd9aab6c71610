/** Single texts on their way into storage: one transaction for a group of requests of whatever agencies. */
import { sql } from 'kysely';
import type { Caller } from '#platform/access';
import type { Audit } from '#platform/audit/audit';
import type { AnyTransaction } from '#platform/database';
import type { Vault } from '#platform/vault/vault';
import {
  CHUNK_BYTES,
  CHUNK_ROWS,
  countAccepted,
  insertChunks,
  queueChunks,
  storeContents,
  type NewChunk,
} from '../chunk.ts';
import type { MessageClass } from '../tables.ts';
import type { ChunkIds } from './chunk-ids.ts';
import type { MessagePlace } from './message-id.ts';

/** A text that was checked and composed, ready to be stored. */
export interface ReadyMessage {
  readonly caller: Caller;
  readonly requestId: string | undefined;
  readonly serviceId: string;
  readonly templateVersionId: string;
  readonly fieldNames: readonly string[];
  readonly class: MessageClass;
  readonly telecom: string;
  /** Nine digits. */
  readonly number: string;
  readonly values: readonly string[];
  readonly parts: number;
  /** False where it goes at once: such texts share a chunk although a few milliseconds lie between them. */
  readonly scheduled: boolean;
  readonly notBefore: Temporal.Instant;
  readonly validUntil: Temporal.Instant;
  readonly deleteBy: Temporal.PlainDate;
  /** SHA-256 of the idempotency key and of what it stands for; null without a key. */
  readonly key: { readonly digest: Buffer; readonly body: Buffer } | null;
  /** The SMPP account that waits for its receipt; null for all others. */
  readonly receiptFor: string | null;
  /** True where an endpoint of the agency wants to hear of its end. */
  readonly isTold: boolean;
}

/** Where a message stands; `replayed` where its key was used for the same before, `conflict` where for something else. */
export type Written =
  | { readonly place: MessagePlace; readonly replayed: boolean }
  | { readonly conflict: true };

export interface WriteDeps {
  readonly vault: Pick<Vault, 'put' | 'putMany'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly chunkIds: ChunkIds;
  readonly reserveParts: (
    trx: AnyTransaction,
    of: { organisationId: string; space: 'test' | 'live'; parts: number },
  ) => Promise<void>;
}

/** Somebody used one of the keys between our look and our insert; the group is tried again from the start. */
export class KeyTaken extends Error {}

const DAYS_OF_A_KEY = 7;

/**
 * Writes a group of messages that have no key, or keys that were not used before, into chunks by agency, version, class,
 * telecom and time. On a connection that pipelines it waits twice. Throws `KeyTaken` where a key was used: roll back, and
 * call `writeKnown`.
 */
export async function writeFresh(
  trx: AnyTransaction,
  deps: WriteDeps,
  group: readonly ReadyMessage[],
): Promise<readonly Written[]> {
  const names = group.map(keyName).filter((name) => name !== null);
  if (new Set(names).size < names.length) throw new KeyTaken();
  const places = await store(trx, deps, group);
  return places.map((place) => ({ place, replayed: false }));
}

/**
 * Writes any group: keys that were used before are answered from storage, the rest is written. Throws `KeyTaken` where
 * another process was quicker: roll back and call again.
 */
export async function writeKnown(
  trx: AnyTransaction,
  deps: WriteDeps,
  group: readonly ReadyMessage[],
): Promise<readonly Written[]> {
  const results: Written[] = Array.from({ length: group.length });
  const known = await findKeys(trx, group);
  const fresh: number[] = [];
  const sameInGroup = new Map<string, number>();
  group.forEach((message, index) => {
    const name = keyName(message);
    const found = name === null ? undefined : known.get(name);
    if (found !== undefined) {
      const isSame = found.body_digest.equals(message.key?.body as Buffer);
      results[index] = isSame
        ? { place: { chunkId: found.chunk_id, row: found.row }, replayed: true }
        : { conflict: true };
    } else if (name !== null && sameInGroup.has(name)) {
      // Answered below, from the one that is written.
    } else {
      if (name !== null) sameInGroup.set(name, index);
      fresh.push(index);
    }
  });
  const messages = fresh.map((index) => group[index] as ReadyMessage);
  const places = await store(trx, deps, messages);
  fresh.forEach((index, place) => {
    results[index] = { place: places[place] as MessagePlace, replayed: false };
  });
  group.forEach((message, index) => {
    if (results[index] !== undefined) return;
    const first = sameInGroup.get(keyName(message) as string) as number;
    const isSame = group[first]?.key?.body.equals(message.key?.body as Buffer) === true;
    results[index] = isSame
      ? { place: (results[first] as { place: MessagePlace }).place, replayed: true }
      : { conflict: true };
  });
  return results;
}

const keyName = ({ caller, key }: ReadyMessage): string | null =>
  key === null ? null : `${caller.organisation.id} ${caller.space} ${key.digest.toString('base64')}`;

interface KeyRow {
  readonly organisation_id: string;
  readonly space: string;
  readonly key_digest: Buffer;
  readonly body_digest: Buffer;
  readonly chunk_id: number;
  readonly row: number;
}

async function findKeys(trx: AnyTransaction, group: readonly ReadyMessage[]): Promise<Map<string, KeyRow>> {
  const keyed = group.filter((message) => message.key !== null);
  if (keyed.length === 0) return new Map();
  const { rows } = await sql<KeyRow>`
    select k.organisation_id, k.space, k.key_digest, k.body_digest, k.chunk_id, k.row
    from unnest(${keyed.map(({ caller }) => caller.organisation.id)}::text[], ${keyed.map(({ caller }) => caller.space)}::text[],
      ${keyed.map(({ key }) => key?.digest)}::bytea[]) as asked (organisation_id, space, key_digest)
    join messaging.accept_key k using (organisation_id, space, key_digest)`.execute(trx);
  return new Map(
    rows.map((row) => [`${row.organisation_id} ${row.space} ${row.key_digest.toString('base64')}`, row]),
  );
}

/** For each message whether its key was used before. */
export async function areKeysKnown(
  trx: AnyTransaction,
  group: readonly ReadyMessage[],
): Promise<readonly boolean[]> {
  const known = await findKeys(trx, group);
  return group.map((message) => known.has(keyName(message) ?? ''));
}

async function store(
  trx: AnyTransaction,
  deps: WriteDeps,
  messages: readonly ReadyMessage[],
): Promise<readonly MessagePlace[]> {
  if (messages.length === 0) return [];
  const places: MessagePlace[] = Array.from({ length: messages.length });
  const grouped = groupIntoChunks(messages);
  const ids = await deps.chunkIds.take(grouped.length);
  const chunks = grouped.map(({ chunk }, index) => ({ ...chunk, id: ids[index] as number }));
  grouped.forEach(({ members }, index) => {
    members.forEach((member, row) => {
      places[member] = { chunkId: ids[index] as number, row };
    });
  });
  const { caller } = messages[0] as ReadyMessage;
  // What is begun together goes out together; each of these rows is this group's alone.
  const [vaultIds] = await together([
    storeContents(trx, deps.vault, chunks, caller),
    keepKeys(trx, messages, places),
    keepReceiptsDue(trx, messages, places),
    keepEndedDue(trx, messages, places),
  ]);
  // The counters of a service and an agency are held until the commit, so they come last and in a fixed order.
  await together([
    insertChunks(trx, chunks, vaultIds),
    queueChunks(trx, ids),
    recordForAgencies(trx, deps, messages),
    countAccepted(trx, chunks),
    reserveForAgencies(trx, deps, messages),
  ]);
  return places;
}

/** Waits for all: after an error nothing of the transaction is under way any more. */
async function together<const T extends readonly Promise<unknown>[]>(
  work: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** In the order of their ids. */
function byAgency(
  messages: readonly ReadyMessage[],
): { first: ReadyMessage; count: number; parts: number }[] {
  const groups = Map.groupBy(messages, ({ caller }) => `${caller.organisation.id} ${caller.space}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, own]) => ({
      first: own[0] as ReadyMessage,
      count: own.length,
      parts: own.reduce((sum, message) => sum + message.parts, 0),
    }));
}

async function recordForAgencies(
  trx: AnyTransaction,
  { audit }: WriteDeps,
  messages: readonly ReadyMessage[],
): Promise<void> {
  await together(
    byAgency(messages).map(({ first: { caller, requestId }, count, parts }) =>
      audit.record(trx, {
        caller,
        action: 'messaging.messages_accepted',
        subject: { kind: 'organisation', id: caller.organisation.id },
        details: { messages: count, parts },
        ...(requestId !== undefined && count === 1 && { requestId }),
      }),
    ),
  );
}

async function reserveForAgencies(
  trx: AnyTransaction,
  { reserveParts }: WriteDeps,
  messages: readonly ReadyMessage[],
): Promise<void> {
  for (const { first, parts } of byAgency(messages)) {
    const { organisation, space } = first.caller;
    await reserveParts(trx, { organisationId: organisation.id, space, parts });
  }
}

interface Grouped {
  readonly chunk: NewChunk;
  /** Places of the chunk's rows in the list of messages. */
  readonly members: readonly number[];
}

function groupIntoChunks(messages: readonly ReadyMessage[]): Grouped[] {
  const groups = Map.groupBy(messages.keys(), (place) => {
    const one = messages[place] as ReadyMessage;
    return [
      one.caller.organisation.id,
      one.caller.space,
      one.templateVersionId,
      one.class,
      one.telecom,
      one.scheduled ? one.notBefore.toString() : '',
      one.deleteBy.toString(),
    ].join(' ');
  });
  const chunks: Grouped[] = [];
  for (const group of groups.values()) {
    for (const members of cutToSize(group, messages)) {
      const rows = members.map((place) => messages[place] as ReadyMessage);
      const first = rows[0] as ReadyMessage;
      chunks.push({
        members,
        chunk: {
          organisationId: first.caller.organisation.id,
          space: first.caller.space,
          serviceId: first.serviceId,
          templateVersionId: first.templateVersionId,
          batchId: null,
          class: first.class,
          telecom: first.telecom,
          notBefore: first.notBefore,
          validUntil: first.validUntil,
          deleteBy: first.deleteBy,
          content: {
            numbers: rows.map((row) => row.number),
            fields: Object.fromEntries(
              first.fieldNames.map((name, field) => [name, rows.map((row) => row.values[field] ?? '')]),
            ),
            parts: rows.map((row) => row.parts),
          },
        },
      });
    }
  }
  return chunks;
}

/** Cuts a group where a chunk would have too many rows, or too many bytes for the vault (64 KiB with what JSON adds). */
function cutToSize(group: readonly number[], messages: readonly ReadyMessage[]): number[][] {
  const cut: number[][] = [[]];
  let bytes = 0;
  for (const place of group) {
    const values = messages[place]?.values ?? [];
    const size = 24 + values.reduce((sum, value) => sum + 3 + Buffer.byteLength(JSON.stringify(value)), 0);
    const current = cut.at(-1) as number[];
    if (current.length > 0 && (current.length === CHUNK_ROWS || bytes + size > CHUNK_BYTES)) {
      cut.push([place]);
      bytes = size;
    } else {
      current.push(place);
      bytes += size;
    }
  }
  return cut;
}

async function keepKeys(
  trx: AnyTransaction,
  messages: readonly ReadyMessage[],
  places: readonly MessagePlace[],
): Promise<void> {
  // In one order for all groups: two that share keys wait for each other, and never in a circle.
  const keyed = [...messages.keys()]
    .filter((place) => messages[place]?.key !== null)
    .sort((a, b) => Buffer.compare(messages[a]?.key?.digest as Buffer, messages[b]?.key?.digest as Buffer));
  if (keyed.length === 0) return;
  const of = <T>(read: (message: ReadyMessage) => T): T[] =>
    keyed.map((place) => read(messages[place] as ReadyMessage));
  const { numAffectedRows } = await sql`
    insert into messaging.accept_key (organisation_id, space, key_digest, body_digest, chunk_id, row, expires_at)
    select organisation_id, space, key_digest, body_digest, chunk_id, row,
      greatest(now(), not_before) + ${DAYS_OF_A_KEY} * interval '1 day'
    from unnest(${of(({ caller }) => caller.organisation.id)}::text[], ${of(({ caller }) => caller.space)}::text[],
      ${of(({ key }) => key?.digest)}::bytea[], ${of(({ key }) => key?.body)}::bytea[],
      ${keyed.map((place) => places[place]?.chunkId)}::bigint[], ${keyed.map((place) => places[place]?.row)}::integer[],
      ${of(({ notBefore }) => notBefore.toString())}::timestamptz[])
      as fresh (organisation_id, space, key_digest, body_digest, chunk_id, row, not_before)
    on conflict do nothing`.execute(trx);
  if (Number(numAffectedRows ?? 0) !== keyed.length) throw new KeyTaken();
}

async function keepReceiptsDue(
  trx: AnyTransaction,
  messages: readonly ReadyMessage[],
  places: readonly MessagePlace[],
): Promise<void> {
  const wanted = [...messages.keys()].filter((place) => messages[place]?.receiptFor !== null);
  if (wanted.length === 0) return;
  await sql`
    insert into messaging.smpp_receipt_due (account_id, chunk_id, row, due_at)
    select account_id, chunk_id, row, now() from unnest(${wanted.map((place) => messages[place]?.receiptFor)}::text[],
      ${wanted.map((place) => places[place]?.chunkId)}::bigint[], ${wanted.map((place) => places[place]?.row)}::integer[])
      as wanted (account_id, chunk_id, row)`.execute(trx);
}

async function keepEndedDue(
  trx: AnyTransaction,
  messages: readonly ReadyMessage[],
  places: readonly MessagePlace[],
): Promise<void> {
  const told = places.filter((_, place) => messages[place]?.isTold === true);
  if (told.length === 0) return;
  await sql`
    insert into messaging.ended_due (chunk_id, row)
    select * from unnest(${told.map(({ chunkId }) => chunkId)}::bigint[], ${told.map(({ row }) => row)}::integer[])`.execute(
    trx,
  );
}
