import type { Kysely, Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import { newId } from '#platform/id';
import { operatorErrors } from './errors.ts';
import { packInForce, type RulePack } from './rules/rule-pack.ts';
import type { OperatorsTables } from './tables.ts';

/** The pack in force on a day, with the weights that the ministry has set over the shipped ones. */
export async function packWithWeights(
  db: Kysely<OperatorsTables>,
  asOf: Temporal.PlainDate,
): Promise<RulePack> {
  const pack = packInForce(asOf);
  const set = await db
    .selectFrom('weights')
    .select(['weights', 'changed_at'])
    .where('pack', '=', pack.id)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  if (set === undefined) return pack;
  const score = Object.fromEntries(
    Object.entries(pack.score).map(([part, shipped]) => [
      part,
      { ...shipped, weight: set.weights[part] ?? shipped.weight },
    ]),
  );
  return { ...pack, score: score as RulePack['score'] };
}

/** The weight of each part of the score, by name. */
export function weightsOf(pack: RulePack): Record<string, number> {
  return Object.fromEntries(Object.entries(pack.score).map(([part, { weight }]) => [part, weight]));
}

/** Sets weights; earlier ones stay on file. Throws `operators.unknown_weight`. */
export async function changeWeights(
  trx: Transaction<OperatorsTables>,
  pack: RulePack,
  weights: Readonly<Record<string, number>>,
  reason: string,
  caller: Caller,
): Promise<string> {
  const known = weightsOf(pack);
  const unknown = Object.keys(weights).find((name) => known[name] === undefined);
  if (unknown !== undefined)
    throw operatorErrors.unknown_weight({ name: unknown, known: Object.keys(known).join('、') });
  const id = newId('wgt');
  await trx
    .insertInto('weights')
    .values({
      id,
      pack: pack.id,
      weights: JSON.stringify({ ...known, ...weights }),
      reason,
      changed_by: caller.actorId,
    })
    .execute();
  return id;
}

export async function weightsHistory(db: Kysely<OperatorsTables>, packId: string) {
  const rows = await db
    .selectFrom('weights')
    .selectAll()
    .where('pack', '=', packId)
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  return rows.map((row) => ({
    at: row.changed_at.toISOString(),
    by: row.changed_by,
    weights: row.weights,
    reason: row.reason,
  }));
}
