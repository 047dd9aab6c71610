/** The facts of one cycle of a link, written in one statement and one commit, or not at all. */
import type { PoolClient } from 'pg';
import type { OutcomeState } from '../tables.ts';
import type { ChunkRun, Message } from './chunk-run.ts';
import { ON_CONFLICT, raiseSql, RISES } from './outcome-sql.ts';

export interface LooseReceipt {
  readonly messageId: string;
  /** Known where the receipt is one of several parts. */
  readonly message: Message | null;
  readonly part: number;
  readonly state: string;
  readonly error: string | null;
  readonly destination: Buffer | null;
  readonly reference: number | null;
  readonly doneAt: Date | null;
}

/** Columns of PostgreSQL arrays in their text form: one string each, whatever their length. */
class Columns {
  readonly #columns: string[][];
  length = 0;

  constructor(width: number) {
    this.#columns = Array.from({ length: width }, () => []);
  }

  add(...values: readonly (string | number | null)[]): void {
    values.forEach((value, place) => {
      this.#columns[place]!.push(value === null ? 'NULL' : String(value));
    });
    this.length++;
  }

  get literals(): string[] {
    return this.#columns.map((column) => `{${column.join(',')}}`);
  }
}

/** A text as an element of an array; PostgreSQL has no character 0. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\u0000', '\ufffd').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const orNull = (text: string | null): string | null => (text === null ? null : quoted(text));

type Rises = Map<
  string,
  { readonly key: readonly [string, string, string]; messages: number; parts: number }
>;

export class CycleFacts {
  readonly #intents = new Columns(4);
  readonly #submissions = new Columns(7);
  readonly #taken: Rises = new Map();
  readonly #outcomes = new Columns(5);
  /** Rises of the tallies by subject, state and cause, where every outcome is the first of its row. */
  readonly #rises: Rises = new Map();
  readonly #receipts = new Columns(9);
  readonly #done: number[] = [];
  readonly #givenBack: number[] = [];

  get isEmpty(): boolean {
    return (
      this.#intents.length === 0 &&
      this.#submissions.length === 0 &&
      this.#outcomes.length === 0 &&
      this.#receipts.length === 0 &&
      this.#done.length === 0 &&
      this.#givenBack.length === 0
    );
  }

  intent(id: number, chunkId: number, from: number, to: number): void {
    this.#intents.add(id, chunkId, from, to);
  }

  /** What the telecom answered to each part. `keys`: its ids as they are compared with receipts. */
  submission(message: Message): void {
    const { intentId, run, row, status, ids, digest } = message;
    for (let part = 0; part < message.partCount; part++) {
      if (status[part]! < 0) continue;
      const id = ids[part] ?? null;
      this.#submissions.add(
        intentId,
        run.chunkId,
        row,
        part + 1,
        status[part]!,
        orNull(id),
        part === 0 && status[0] === 0 ? digest : null,
      );
    }
  }

  /** Counts a message that the telecom took. */
  taken({ run, partCount }: Message): void {
    this.#raise(this.#taken, run.subjectId, 'submitted', '', partCount);
  }

  outcome(run: ChunkRun, row: number, parts: number, state: OutcomeState, cause: string | null): void {
    this.#outcomes.add(run.chunkId, row, parts, state, orNull(cause));
    this.#raise(this.#rises, run.subjectId, state, cause ?? '', parts);
  }

  #raise(rises: Rises, subject: string, kind: string, cause: string, parts: number): void {
    const name = `${subject}\u0000${kind}\u0000${cause}`;
    const sum = rises.get(name);
    if (sum === undefined) rises.set(name, { key: [subject, kind, cause], messages: 1, parts });
    else {
      sum.messages++;
      sum.parts += parts;
    }
  }

  receipt(receipt: LooseReceipt): void {
    const { message, destination, doneAt } = receipt;
    this.#receipts.add(
      quoted(receipt.messageId),
      message?.run.chunkId ?? null,
      message?.row ?? null,
      message === null ? null : receipt.part + 1,
      receipt.state,
      orNull(receipt.error),
      destination === null ? null : `"\\\\x${destination.toString('hex')}"`,
      receipt.reference,
      doneAt === null ? null : `"${doneAt.toISOString()}"`,
    );
  }

  /** A chunk whose last row is settled leaves the queue. */
  done(chunkId: number): void {
    this.#done.push(chunkId);
  }

  /** A chunk that another link, or a later moment, shall go on with. */
  giveBack(chunkId: number): void {
    this.#givenBack.push(chunkId);
  }

  /**
   * Writes all of it where the lease still holds, and answers whether it does. `cycle` is one more than that of the last
   * commit; `openFrom` is the lowest intent without an answer. A row that ended before breaks the statement (23505):
   * `again` then takes the outcomes one by one, and counts what they change.
   */
  async commit(client: PoolClient, fence: Fence, again = false): Promise<boolean> {
    const values: (string | number)[] = [
      fence.linkId,
      fence.token,
      fence.cycle,
      fence.openFrom,
      fence.holdMs,
    ];
    const parts: string[] = [];
    let mask = 0;
    const use = (
      bit: number,
      length: number,
      literals: () => string[],
      text: (first: number) => string,
    ): void => {
      if (length === 0) return;
      mask |= bit;
      parts.push(text(values.length + 1));
      values.push(...literals());
    };
    use(1, this.#intents.length, () => this.#intents.literals, intentSql);
    use(2, this.#submissions.length, () => this.#submissions.literals, submissionSql);
    use(
      again ? 4 : 8,
      this.#outcomes.length,
      () => this.#outcomes.literals,
      again ? changingSql : outcomeSql,
    );
    const rises = [...this.#taken.values(), ...(again ? [] : this.#rises.values())];
    use(128, rises.length, () => literalsOf(rises), risingSql);
    use(16, this.#receipts.length, () => this.#receipts.literals, receiptSql);
    use(32, this.#done.length, () => [`{${this.#done.join(',')}}`], doneSql);
    use(64, this.#givenBack.length, () => [`{${this.#givenBack.join(',')}}`], giveBackSql);
    if ((mask & 132) !== 0) parts.push(tallySql(mask));
    const text = `with ${[FENCE, ...parts].join(',\n')}\nselect count(*)::int as held from fence`;
    const { rows } = await client.query<{ held: number }>({ name: `messaging-cycle-${mask}`, text, values });
    return rows[0]?.held === 1;
  }
}

export interface Fence {
  readonly linkId: string;
  readonly token: number;
  readonly cycle: number;
  readonly openFrom: number;
  /** Milliseconds for which the lease holds from this commit on. */
  readonly holdMs: number;
}

const FENCE = `fence as (
  update messaging.link_lease set cycle = $3::bigint, open_from = $4::bigint,
    expires_at = now() + $5::integer * interval '1 millisecond'
  where link_id = $1::text and token = $2::bigint and cycle = $3::bigint - 1
  returning link_id
)`;

const intentSql = (n: number): string => `intents as (
  insert into messaging.intent (id, chunk_id, from_row, to_row, link_id, token, at)
  select id, chunk_id, from_row, to_row, $1, $2, now()
  from fence, unnest($${n}::bigint[], $${n + 1}::bigint[], $${n + 2}::integer[], $${n + 3}::integer[])
    as fresh (id, chunk_id, from_row, to_row)
)`;

const submissionSql = (n: number): string => `submissions as (
  insert into messaging.submission (intent_id, chunk_id, row, part, status, message_id, digest, link_id, at)
  select intent_id, chunk_id, row, part, status, message_id, digest, $1, now()
  from fence, unnest($${n}::bigint[], $${n + 1}::bigint[], $${n + 2}::smallint[], $${n + 3}::smallint[],
    $${n + 4}::integer[], $${n + 5}::text[], $${n + 6}::bigint[])
    as fresh (intent_id, chunk_id, row, part, status, message_id, digest)
)`;

const literalsOf = (
  rises: readonly { key: readonly string[]; messages: number; parts: number }[],
): string[] => [
  ...[0, 1, 2].map((place) => `{${rises.map(({ key }) => quoted(key[place]!)).join(',')}}`),
  `{${rises.map(({ messages }) => messages).join(',')}}`,
  `{${rises.map(({ parts }) => parts).join(',')}}`,
];

const risingSql = (n: number): string => `rising as (
  select subject_id, $1 as link_id, kind, cause, messages, parts
  from fence, unnest($${n}::text[], $${n + 1}::text[], $${n + 2}::text[], $${n + 3}::bigint[], $${n + 4}::bigint[])
    as fresh (subject_id, kind, cause, messages, parts)
)`;

const freshOutcomes = (n: number): string => `
  insert into messaging.outcome (chunk_id, row, parts, state, cause, link_id, at)
  select chunk_id, row, parts, state, cause, $1, now()
  from fence, unnest($${n}::bigint[], $${n + 1}::smallint[], $${n + 2}::smallint[], $${n + 3}::text[], $${n + 4}::text[])
    as fresh (chunk_id, row, parts, state, cause)`;

const outcomeSql = (n: number): string => `outcomes as (${freshOutcomes(n)})`;

/** Only `unknown` gives way; what was counted for it is taken back. */
const changingSql = (n: number): string => `ended as (${freshOutcomes(n)} ${ON_CONFLICT}), ${RISES}`;

const receiptSql = (n: number): string => `receipts as (
  insert into messaging.receipt (link_id, message_id, chunk_id, row, part, state, network_error, destination_digest,
    reference, done_at, at)
  select $1, message_id, chunk_id, row, part, state, network_error, destination_digest, reference, done_at, now()
  from fence, unnest($${n}::text[], $${n + 1}::bigint[], $${n + 2}::smallint[], $${n + 3}::smallint[],
    $${n + 4}::text[], $${n + 5}::text[], $${n + 6}::bytea[], $${n + 7}::integer[], $${n + 8}::timestamptz[])
    as fresh (message_id, chunk_id, row, part, state, network_error, destination_digest, reference, done_at)
)`;

const doneSql = (n: number): string => `done as (
  delete from messaging.chunk_queue using fence
  where chunk_id = any ($${n}::bigint[]) and chunk_queue.link_id = $1 and token = $2
)`;

const giveBackSql = (n: number): string => `given_back as (
  update messaging.chunk_queue set link_id = null, token = null, started = true from fence
  where chunk_id = any ($${n}::bigint[]) and chunk_queue.link_id = $1 and token = $2
)`;

function tallySql(mask: number): string {
  const columns = 'subject_id, link_id, kind, cause, messages, parts';
  const sources = [
    ...((mask & 128) === 0 ? [] : [`select ${columns} from rising`]),
    ...((mask & 4) === 0 ? [] : [`select ${columns} from rises`]),
  ];
  return `counted as (${raiseSql(sources.join(' union all '))})`;
}
