/** The answer to the citizen's question, from keyed digests alone. */
import type { Kysely } from 'kysely';
import type { Clock } from '#platform/clock';
import type { MessagingTables, Space } from '../tables.ts';
import { digestOf } from './digest.ts';
import { findDigest } from './fold.ts';
import type { CheckKeys } from './keys.ts';

export interface AskDeps {
  readonly db: Kysely<MessagingTables>;
  readonly keys: Pick<CheckKeys, 'all'>;
  readonly clock: Clock;
  /** Texts of this space count: the sandbox answers for its own, live for what was really sent. */
  readonly space: Space;
}

export interface Answer {
  readonly sent: boolean;
  /** The registered name of the service, as it opens the text. */
  readonly sender: string | null;
  /** To the minute: enough to recognise it, too little to follow a batch. */
  readonly sentAt: Temporal.Instant | null;
  /** Texts before this day can no longer be checked. */
  readonly knownSince: Temporal.PlainDate;
}

/** Asks every key that still exists. The newest sending counts; a text of another space or one a telecom refused does not. */
export async function askWhetherSent(
  { db, keys, clock, space }: AskDeps,
  text: string,
  lastDigits: string,
): Promise<Answer> {
  const known = await keys.all();
  const lastThree = lastDigits.slice(-3);
  const digests = known.map(({ key }) => digestOf(lastThree, text, key));
  const found = await findDigest(db, digests, space);
  const oldest = known.at(-1)?.week;
  return {
    sent: found !== null,
    sender: found?.name ?? null,
    sentAt:
      found === null
        ? null
        : Temporal.Instant.from(found.at.toISOString()).round({
            smallestUnit: 'minute',
            roundingMode: 'floor',
          }),
    knownSince: oldest ?? clock.today(),
  };
}
