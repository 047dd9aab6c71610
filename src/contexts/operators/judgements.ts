import { sql, type Kysely, type Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import { operatorErrors } from './errors.ts';
import type { Judgement } from './judgement.ts';
import { toJudgement } from './match-key.ts';
import type { Match } from './run-result.ts';
import type { OperatorsTables } from './tables.ts';

/** Every judgement in force, oldest first, as the engine reads them. */
export async function judgementsInForce(db: Kysely<OperatorsTables>): Promise<Judgement[]> {
  const rows = await db
    .selectFrom('judgement')
    .select(['content', 'made_at'])
    .where('undone_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.content as Judgement);
}

/** Judges a match of the newest run. A new verdict on the same row replaces the earlier one, which stays on file. */
export async function judgeMatch(
  trx: Transaction<OperatorsTables>,
  input: {
    matchKey: string;
    verdict: 'same' | 'not-same' | 'unsure';
    ubn?: string | undefined;
    reason: string;
  },
  caller: Caller,
): Promise<{ id: string; ubn: string; verdict: string }> {
  await oneAtATime(trx);
  const { rows } = await sql<{ content: Match }>`
    select content from operators.run_match where key = ${input.matchKey}
      and run_id = (select id from operators.run where state = 'done' order by number desc limit 1) limit 1`.execute(
    trx,
  );
  const match = rows[0]?.content;
  if (match === undefined) throw operatorErrors.match_not_found();
  const ubn = input.ubn ?? match.ubn ?? match.candidates[0]?.ubn;
  if (ubn === undefined) throw operatorErrors.judgement_needs_ubn();
  if (ubn !== match.ubn && !match.candidates.some((candidate) => candidate.ubn === ubn))
    await requireKnown(trx, ubn);
  const content = toJudgement(match, input.verdict, ubn);
  // A row is one firm at most, so a new "same" also takes the place of one with another firm.
  const replaced =
    input.verdict === 'same'
      ? sql`(content ->> 'ubn' = ${ubn} or content ->> 'verdict' = 'same')`
      : sql`content ->> 'ubn' = ${ubn}`;
  await undoWhere(trx, caller, sql`match_key = ${input.matchKey} and ${replaced}`);
  const id = await insert(trx, caller, {
    matchKey: input.matchKey,
    name: match.name,
    content,
    reason: input.reason,
  });
  return { id, ubn, verdict: input.verdict };
}

/** Declares that a firm does, or does not, carry on third-party payment, whatever the evidence says. */
export async function declareOperating(
  trx: Transaction<OperatorsTables>,
  input: { ubn: string; name: string; operating: boolean; reason: string },
  caller: Caller,
): Promise<string> {
  await oneAtATime(trx);
  const content: Judgement = {
    kind: 'operating',
    ubn: input.ubn,
    verdict: input.operating ? 'operating' : 'not-operating',
  };
  await undoWhere(trx, caller, sql`content ->> 'kind' = 'operating' and content ->> 'ubn' = ${input.ubn}`);
  return insert(trx, caller, { matchKey: null, name: input.name, content, reason: input.reason });
}

/** Takes a judgement back. Throws `operators.judgement_not_found` where it is not in force. */
export async function undoJudgement(
  trx: Transaction<OperatorsTables>,
  id: string,
  caller: Caller,
): Promise<void> {
  const undone = await undoWhere(trx, caller, sql`id = ${id}`);
  if (undone === 0) throw operatorErrors.judgement_not_found({ id });
}

export async function listJudgements(
  db: Kysely<OperatorsTables>,
  page: { limit?: number | undefined; cursor?: string | undefined },
) {
  const limit = page.limit ?? 50;
  const after = parseCursor(page.cursor, 'text');
  const rows = await db
    .selectFrom('judgement')
    .selectAll()
    .$if(after !== null, (query) => query.where('id', '<', after?.[0] ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => {
      const content = row.content as Judgement;
      return {
        id: row.id,
        matchKey: row.match_key,
        name: row.name,
        verdict: content.verdict,
        ubn: 'ubn' in content ? content.ubn : null,
        reason: row.reason,
        at: row.made_at.toISOString(),
        by: row.made_by,
        undoneAt: row.undone_at?.toISOString() ?? null,
      };
    },
  );
}

/** Judgements made at once wait for each other: each replaces the one before it, and none stays in force beside another. */
async function oneAtATime(trx: Transaction<OperatorsTables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('operators.judgement'))`.execute(trx);
}

async function requireKnown(trx: Transaction<OperatorsTables>, ubn: string): Promise<void> {
  const found = await trx.selectFrom('operator').select('ubn').where('ubn', '=', ubn).executeTakeFirst();
  if (found === undefined) throw operatorErrors.operator_not_found({ ubn });
}

async function insert(
  trx: Transaction<OperatorsTables>,
  caller: Caller,
  judgement: { matchKey: string | null; name: string; content: Judgement; reason: string },
): Promise<string> {
  const id = newId('jdg');
  await trx
    .insertInto('judgement')
    .values({
      id,
      match_key: judgement.matchKey,
      name: judgement.name,
      content: JSON.stringify(judgement.content),
      reason: judgement.reason,
      made_by: caller.actorId,
      undone_by: null,
      undone_at: null,
    })
    .execute();
  return id;
}

async function undoWhere(
  trx: Transaction<OperatorsTables>,
  caller: Caller,
  condition: ReturnType<typeof sql>,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update operators.judgement set undone_at = now(), undone_by = ${caller.actorId} where undone_at is null and ${condition}`.execute(
    trx,
  );
  return Number(numAffectedRows ?? 0);
}
