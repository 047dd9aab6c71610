import type { Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import { newId } from '#platform/id';
import { operatorErrors } from './errors.ts';
import type { OperatorsTables } from './tables.ts';

/** A person's own views and those that colleagues of the same organisation share. */
export async function listSavedViews(db: Kysely<OperatorsTables>, caller: Caller) {
  return db
    .selectFrom('saved_view')
    .select(['id', 'name', 'page', 'query', 'shared'])
    .where('organisation_id', '=', caller.organisation.id)
    .where((where) => where.or([where('owner_id', '=', caller.actorId), where('shared', '=', true)]))
    .orderBy('name')
    .limit(200)
    .execute();
}

export async function createSavedView(
  db: Kysely<OperatorsTables>,
  view: { name: string; page: string; query: string; shared?: boolean },
  caller: Caller,
): Promise<string> {
  const id = newId('view');
  const { name, page, query, shared = false } = view;
  await db
    .insertInto('saved_view')
    .values({
      id,
      organisation_id: caller.organisation.id,
      owner_id: caller.actorId,
      shared,
      name,
      page,
      query,
    })
    .execute();
  return id;
}

/** Deletes a view of the caller's own. Throws `operators.saved_view_not_found`. */
export async function deleteSavedView(
  db: Kysely<OperatorsTables>,
  id: string,
  caller: Caller,
): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('saved_view')
    .where('id', '=', id)
    .where('organisation_id', '=', caller.organisation.id)
    .where('owner_id', '=', caller.actorId)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw operatorErrors.saved_view_not_found();
}
