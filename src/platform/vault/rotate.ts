import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { Audit } from '../audit/audit.ts';
import type { AnyTransaction, Database } from '../database.ts';
import {
  blindIndex,
  openValue,
  keyContext,
  sealValue,
  unwrap,
  type DataKeys,
  type KeyKind,
  type WrappedKey,
} from './data-keys.ts';
import { vaultErrors } from './errors.ts';
import type { FileRootKeys } from './key-file.ts';
import type { RootKey, RootKeys } from './root-key.ts';

/** Rows moved to the new key in one transaction. */
const BATCH = 1000;

/** How far the rotation of one purpose is. */
export interface RotationProgress {
  readonly purpose: string;
  readonly kind: KeyKind;
  readonly items: number;
  readonly done: boolean;
}

/**
 * Gives purposes a new data or index key and moves their rows to it, 1,000 in a transaction. Values can be read, found
 * and stored all the time. What a kill interrupts is finished by the next call before anything new begins; the old key
 * is destroyed when no row uses it.
 */
export async function rotatePurpose(
  database: Database,
  audit: Audit,
  keys: DataKeys,
  kind: KeyKind,
  options: {
    readonly caller: Caller;
    readonly purpose?: string;
    onProgress?(progress: RotationProgress): void;
  },
): Promise<RotationProgress[]> {
  const { rows } = await sql<{ purpose: string }>`
    select distinct purpose from vault.data_key where kind = ${kind}
      and (${options.purpose ?? null}::text is null or purpose = ${options.purpose ?? null}) order by purpose`.execute(
    database.of('vault'),
  );
  const finished: RotationProgress[] = [];
  for (const { purpose } of rows) {
    await inTransaction(database, (trx) => begin(trx, audit, keys, kind, purpose, options.caller));
    keys.forget(purpose);
    for (let done = false; !done;) {
      const moved = await inTransaction(database, (trx) => moveBatch(trx, keys, kind, purpose));
      done =
        moved === 0 &&
        (await inTransaction(database, (trx) => finish(trx, audit, kind, purpose, options.caller)));
      const count = await sql<{ items: number }>`
        select items from vault.rotation where purpose = ${purpose} and kind = ${kind} order by id desc limit 1`.execute(
        database.of('vault'),
      );
      const progress = { purpose, kind, items: count.rows[0]?.items ?? 0, done };
      options.onProgress?.(progress);
      if (done) finished.push(progress);
    }
  }
  return finished;
}

async function begin(
  trx: AnyTransaction,
  audit: Audit,
  keys: DataKeys,
  kind: KeyKind,
  purpose: string,
  caller: Caller,
): Promise<void> {
  const started = await sql`
    insert into vault.rotation (purpose, kind) values (${purpose}, ${kind}) on conflict do nothing returning id`.execute(
    trx,
  );
  if (started.rows.length === 0) return;
  await sql`update vault.data_key set active = false where purpose = ${purpose} and kind = ${kind} and active`.execute(
    trx,
  );
  await keys.insert(trx, purpose, kind);
  await audit.record(trx, {
    caller,
    action: 'vault.rotation_started',
    subject: { kind: 'vault_purpose', id: purpose },
    details: { kind },
  });
}

interface MovedRow extends WrappedKey {
  readonly item_id: string;
  readonly data_key_id: number;
  readonly sealed: Buffer;
}

async function moveBatch(
  trx: AnyTransaction,
  keys: DataKeys,
  kind: KeyKind,
  purpose: string,
): Promise<number> {
  const column = sql.ref(kind === 'data' ? 'item.data_key_id' : 'item.index_key_id');
  const { rows } = await sql<MovedRow>`
    select item.id as item_id, item.data_key_id, item.sealed, data_key.id, data_key.purpose, data_key.kind,
      data_key.version, data_key.root_key_id, data_key.wrapped
    from vault.item join vault.data_key on data_key.id = item.data_key_id
    where ${column} in (select id from vault.data_key where purpose = ${purpose} and kind = ${kind} and not active)
    limit ${BATCH} for update of item skip locked`.execute(trx);
  if (rows.length === 0) return 0;
  const target = await keys.active(trx, purpose, kind);
  const ids = rows.map((row) => row.item_id);
  const bytes = await Promise.all(
    rows.map(async (row) => {
      const { item_id: id, data_key_id, sealed } = row;
      const value = openValue(await keys.open(row), { id, purpose, data_key_id, sealed });
      return kind === 'data' ? sealValue(target, id, purpose, value) : blindIndex(target.key, value);
    }),
  );
  const assignment =
    kind === 'data'
      ? sql`sealed = fresh.bytes, data_key_id = ${target.id}`
      : sql`blind_index = fresh.bytes, index_key_id = ${target.id}`;
  await sql`
    update vault.item set ${assignment} from unnest(${ids}::text[], ${bytes}::bytea[]) as fresh (id, bytes)
    where item.id = fresh.id`.execute(trx);
  await sql`
    update vault.rotation set items = items + ${rows.length}
    where purpose = ${purpose} and kind = ${kind} and finished_at is null`.execute(trx);
  return rows.length;
}

/** Destroys old keys that no row uses, waiting for those who still store under one; false where rows are left. */
async function finish(
  trx: AnyTransaction,
  audit: Audit,
  kind: KeyKind,
  purpose: string,
  caller: Caller,
): Promise<boolean> {
  const column = sql.ref(kind === 'data' ? 'item.data_key_id' : 'item.index_key_id');
  await sql`
    select id from vault.data_key where purpose = ${purpose} and kind = ${kind} and not active for update`.execute(
    trx,
  );
  await sql`
    delete from vault.data_key where purpose = ${purpose} and kind = ${kind} and not active
      and not exists (select from vault.item where ${column} = data_key.id)`.execute(trx);
  const left = await sql`
    select from vault.data_key where purpose = ${purpose} and kind = ${kind} and not active`.execute(trx);
  if (left.rows.length > 0) return false;
  const ended = await sql<{ items: number }>`
    update vault.rotation set finished_at = now()
    where purpose = ${purpose} and kind = ${kind} and finished_at is null returning items`.execute(trx);
  const [rotation] = ended.rows;
  if (rotation === undefined) return true;
  await audit.record(trx, {
    caller,
    action: 'vault.rotation_finished',
    subject: { kind: 'vault_purpose', id: purpose },
    details: { kind, items: rotation.items },
  });
  return true;
}

/** How a root key was replaced. */
export interface RootRotation {
  readonly rewrapped: number;
  readonly rootKeyId: string;
  /** Where the old key lies now; null where the caller keeps the files. */
  readonly retiredFile: string | null;
}

/**
 * Replaces the root key file: every data key is wrapped anew, then the new key takes the place of the old one, which is
 * kept as `….retired-<id>` (backups made before need it). A call after a kill goes on with the same new key.
 */
export async function rotateRootFile(
  database: Database,
  audit: Audit,
  files: FileRootKeys,
  caller: Caller,
): Promise<RootRotation> {
  const next = files.prepareNext();
  const before = await rewrap(database, audit, files, next, caller);
  const retiredFile = files.promote();
  // A process that made a key just before the change wrapped it with the old one.
  const after = await rewrap(database, audit, files, next, caller);
  return { rewrapped: before + after, rootKeyId: next.id, retiredFile };
}

/** Wraps every data key that another root key wraps with `target`; one transaction, one audit record. */
export function rewrap(
  database: Database,
  audit: Audit,
  rootKeys: RootKeys,
  target: RootKey,
  caller: Caller,
): Promise<number> {
  return inTransaction(database, async (trx) => {
    const { rows } = await sql<WrappedKey>`
      select id, purpose, kind, version, root_key_id, wrapped from vault.data_key
      where root_key_id <> ${target.id} order by id for update`.execute(trx);
    for (const row of rows) {
      const root = await rootKeys.find(row.root_key_id);
      if (root === null) throw vaultErrors.root_key_unknown({ id: row.root_key_id, where: rootKeys.where });
      const wrapped = await target.wrap(await unwrap(root, row), keyContext(row));
      await sql`update vault.data_key set wrapped = ${wrapped}, root_key_id = ${target.id} where id = ${row.id}`.execute(
        trx,
      );
    }
    if (rows.length > 0) {
      await audit.record(trx, {
        caller,
        action: 'vault.root_rotated',
        subject: { kind: 'vault_root', id: target.id },
        details: { keys: rows.length },
      });
    }
    return rows.length;
  });
}

function inTransaction<T>(database: Database, work: (trx: AnyTransaction) => Promise<T>): Promise<T> {
  return database.of('vault').transaction().execute(work);
}
