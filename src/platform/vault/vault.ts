import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { AnyTransaction, Database } from '../database.ts';
import { newId } from '../id.ts';
import type { MigrationSet } from '../migrate.ts';
import { blindIndex, createDataKeys, openValue, sealValue, type WrappedKey } from './data-keys.ts';
import { eraseExpired, erasePurpose } from './erase.ts';
import { vaultErrors } from './errors.ts';
import type { RootKeys } from './root-key.ts';
import { rotatePurpose, type RotationProgress } from './rotate.ts';

export { fileRootKeys, keyFolderOf, openRootKeys, rootKeyFile, type FileRootKeys } from './key-file.ts';
export type { RootKey, RootKeys } from './root-key.ts';

export const vaultMigrations: MigrationSet = {
  schema: 'vault',
  folder: new URL('./migrations/', import.meta.url),
};

/** Longest value, in bytes of UTF-8. */
export const VALUE_LIMIT = 65_536;

/** Who reads, by which article or decision. */
export interface Reading {
  readonly caller: Caller;
  readonly legalBasis: string;
  readonly requestId?: string;
}

/** Personal values, encrypted at rest. Ids are `vlt_…`; the vault does not know whose a value is. */
export interface Vault {
  /** Stores a value (at most 64 KiB); `deleteBy` is the last day on which it may be kept. Returns its id. */
  put(
    trx: AnyTransaction,
    item: { readonly purpose: string; readonly value: string; readonly deleteBy: Temporal.PlainDate },
  ): Promise<string>;
  /** Stores many values in one statement, with one audit record of count and digest; ids in the order of the values. */
  putMany(
    trx: AnyTransaction,
    items: {
      readonly purpose: string;
      readonly values: readonly string[];
      readonly deleteBy: Temporal.PlainDate;
      readonly caller: Caller;
    },
  ): Promise<string[]>;
  /** The value, and an audit record of the reading. Throws `vault.not_found`, `vault.erased`, `vault.tampered`. */
  read(trx: AnyTransaction, id: string, reading: Reading): Promise<string>;
  /** Values by id, with one audit record of count and digest. All or none: throws as `read`. */
  readMany(trx: AnyTransaction, ids: readonly string[], reading: Reading): Promise<Map<string, string>>;
  /** Ids of the rows of a purpose that hold exactly this value, oldest first. */
  findByValue(trx: AnyTransaction, purpose: string, value: string): Promise<string[]>;
  /** Deletes values before their day, with one audit record; ids that are not there are passed over. */
  erase(trx: AnyTransaction, ids: readonly string[], reading: Reading): Promise<number>;
  /** Deletes every row whose `deleteBy` lies before `today`; returns how many. */
  eraseExpired(today: Temporal.PlainDate): Promise<number>;
  /** Destroys the keys of a purpose, then its rows: no copy of the database made from now on can be read. */
  erasePurpose(purpose: string, reading: Reading): Promise<number>;
  /** Gives a purpose (or all) a new data or index key and moves every row to it; goes on where a kill left it. */
  rotate(kind: 'data' | 'index', options: RotateOptions): Promise<RotationProgress[]>;
}

export interface RotateOptions {
  readonly caller: Caller;
  readonly purpose?: string;
  onProgress?(progress: RotationProgress): void;
}

export interface VaultDependencies {
  readonly database: Database;
  readonly audit: Audit;
  readonly rootKeys: RootKeys;
  readonly clock: Clock;
}

interface StoredRow extends WrappedKey {
  readonly item_id: string;
  readonly item_purpose: string;
  readonly data_key_id: number;
  readonly sealed: Buffer;
}

/** The vault over a database whose `vaultMigrations` are applied. */
export function createVault({ database, audit, rootKeys, clock }: VaultDependencies): Vault {
  const keys = createDataKeys(rootKeys);

  const insert = async (
    trx: AnyTransaction,
    purpose: string,
    values: readonly string[],
    deleteBy: Temporal.PlainDate,
  ): Promise<string[]> => {
    for (const value of values) {
      if (Buffer.byteLength(value) > VALUE_LIMIT) throw vaultErrors.too_long({ limit: VALUE_LIMIT });
    }
    const ids = values.map(() => newId('vlt'));
    for (let attempt = 0; attempt < 3; attempt++) {
      const data = await keys.active(trx, purpose, 'data');
      const index = await keys.active(trx, purpose, 'index');
      const sealed = values.map((value, place) => sealValue(data, ids[place] as string, purpose, value));
      const blind = values.map((value) => blindIndex(index.key, value));
      // The share lock keeps a rotation from destroying a key between this check and the commit.
      const { rows } = await sql`
        with usable as (
          select id from vault.data_key where id in (${data.id}, ${index.id}) and active for key share
        )
        insert into vault.item (id, purpose, data_key_id, index_key_id, blind_index, sealed, delete_by)
        select fresh.id, ${purpose}, ${data.id}, ${index.id}, fresh.blind, fresh.sealed, ${deleteBy.toString()}::date
        from unnest(${ids}::text[], ${blind}::bytea[], ${sealed}::bytea[]) as fresh (id, blind, sealed)
        where (select count(*) from usable) = 2
        returning id`.execute(trx);
      if (rows.length === values.length) return ids;
      keys.forget(purpose);
    }
    throw vaultErrors.busy({ purpose });
  };

  const select = async (
    trx: AnyTransaction,
    ids: readonly string[],
  ): Promise<Map<string, { purpose: string; value: string }>> => {
    const { rows } = await sql<StoredRow>`
      select item.id as item_id, item.purpose as item_purpose, item.data_key_id, item.sealed, data_key.id,
        data_key.purpose, data_key.kind, data_key.version, data_key.root_key_id, data_key.wrapped
      from vault.item left join vault.data_key on data_key.id = item.data_key_id
      where item.id = any(${[...ids]}::text[]) and item.delete_by >= ${clock.today().toString()}::date`.execute(
      trx,
    );
    const values = new Map<string, { purpose: string; value: string }>();
    for (const row of rows) {
      const { item_id: id, item_purpose: purpose, data_key_id, sealed } = row;
      if ((row.id as number | null) === null) throw vaultErrors.erased({ id, purpose });
      values.set(id, {
        purpose,
        value: openValue(await keys.open(row), { id, purpose, data_key_id, sealed }),
      });
    }
    for (const id of ids) if (!values.has(id)) throw vaultErrors.not_found({ id });
    return values;
  };

  return {
    async put(trx, { purpose, value, deleteBy }) {
      const [id] = await insert(trx, purpose, [value], deleteBy);
      return id as string;
    },
    async putMany(trx, { purpose, values, deleteBy, caller }) {
      if (values.length === 0) return [];
      const ids = await insert(trx, purpose, values, deleteBy);
      const details = { count: ids.length, digest: digestOf(ids), deleteBy: deleteBy.toString() };
      await audit.record(trx, {
        caller,
        action: 'vault.stored',
        subject: { kind: 'vault_purpose', id: purpose },
        details,
      });
      return ids;
    },
    async read(trx, id, reading) {
      requireBasis(reading);
      const { purpose, value } = (await select(trx, [id])).get(id) as { purpose: string; value: string };
      await audit.record(trx, {
        ...reading,
        action: 'vault.read',
        subject: { kind: 'vault_item', id },
        details: { purpose },
      });
      return value;
    },
    async readMany(trx, ids, reading) {
      requireBasis(reading);
      if (ids.length === 0) return new Map();
      const found = await select(trx, ids);
      const purposes = [...new Set([...found.values()].map((item) => item.purpose))].sort();
      const details = { count: found.size, digest: digestOf([...found.keys()]), purposes };
      const subject = { kind: 'vault_items', id: details.digest };
      await audit.record(trx, { ...reading, action: 'vault.read_many', subject, details });
      return new Map([...found].map(([id, item]) => [id, item.value]));
    },
    async findByValue(trx, purpose, value) {
      for (let attempt = 0; attempt < 3; attempt++) {
        const known = await keys.indexKeys(trx, purpose);
        const blind = known.map((key) => blindIndex(key.key, value));
        const { rows } = await sql<{ newest: number | null; ids: string[] }>`
          select (select max(id) from vault.data_key where purpose = ${purpose} and kind = 'index') as newest,
            array(select id from vault.item where blind_index = any(${blind}::bytea[]) and purpose = ${purpose}
              and delete_by >= ${clock.today().toString()}::date order by id) as ids`.execute(trx);
        // A rotation that began between the two statements may have moved rows to an index not looked at.
        const [found] = rows;
        if (found !== undefined && (found.newest ?? 0) === Math.max(0, ...known.map((key) => key.id)))
          return found.ids;
      }
      throw vaultErrors.busy({ purpose });
    },
    async erase(trx, ids, reading) {
      requireBasis(reading);
      const { rows } = await sql<{
        id: string;
      }>`delete from vault.item where id = any(${[...ids]}::text[]) returning id`.execute(trx);
      if (rows.length === 0) return 0;
      const digest = digestOf(rows.map((row) => row.id));
      const details = { count: rows.length, digest };
      await audit.record(trx, {
        ...reading,
        action: 'vault.erased',
        subject: { kind: 'vault_items', id: digest },
        details,
      });
      return rows.length;
    },
    eraseExpired: (today) => eraseExpired(database, audit, today),
    async erasePurpose(purpose, reading) {
      requireBasis(reading);
      return erasePurpose(database, audit, purpose, reading);
    },
    rotate: (kind, options) => rotatePurpose(database, audit, keys, kind, options),
  };
}

function requireBasis(reading: Reading): void {
  if (reading.legalBasis.trim() === '') throw vaultErrors.no_legal_basis();
}

/** SHA-256 over the sorted ids, one a line: names a set of rows without listing them. */
function digestOf(ids: readonly string[]): string {
  return createHash('sha256')
    .update([...ids].sort().join('\n'))
    .digest('hex');
}
