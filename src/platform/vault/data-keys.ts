import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { AnyTransaction } from '../database.ts';
import { vaultErrors } from './errors.ts';
import { decrypt, encrypt, type RootKey, type RootKeys } from './root-key.ts';

export type KeyKind = 'data' | 'index';

/** A data key row as queries return it. */
export interface WrappedKey {
  readonly id: number;
  readonly purpose: string;
  readonly kind: KeyKind;
  readonly version: number;
  readonly root_key_id: string;
  readonly wrapped: Buffer;
}

/** A key ready for use. */
export interface OpenKey {
  readonly id: number;
  readonly key: Buffer;
}

/** Opens and makes the keys of purposes. Opened keys stay in memory by their id, which is never given twice. */
export interface DataKeys {
  open(row: WrappedKey): Promise<Buffer>;
  /** The key that new values of the purpose take; made in the transaction at first use. */
  active(trx: AnyTransaction, purpose: string, kind: KeyKind): Promise<OpenKey>;
  /** Every index key of the purpose: more than one while a rotation is under way. */
  indexKeys(trx: AnyTransaction, purpose: string): Promise<OpenKey[]>;
  /** Forgets the active keys of a purpose, after a write found them replaced. */
  forget(purpose: string): void;
  /** Makes the next version, not yet the active one in memory. */
  insert(trx: AnyTransaction, purpose: string, kind: KeyKind): Promise<void>;
}

/** What a wrapped data key is bound to. */
export function keyContext(row: Pick<WrappedKey, 'purpose' | 'kind' | 'version'>): string {
  return `xinlai.vault.key.1\n${row.purpose}\n${row.kind}\n${row.version}`;
}

/** The data keys of a database under its root keys. */
export function createDataKeys(rootKeys: RootKeys): DataKeys {
  const opened = new Map<number, Buffer>();
  const actives = new Map<string, OpenKey>();

  const open = async (row: WrappedKey): Promise<Buffer> => {
    const known = opened.get(row.id);
    if (known !== undefined) return known;
    const root = await rootKeys.find(row.root_key_id);
    if (root === null) throw vaultErrors.root_key_unknown({ id: row.root_key_id, where: rootKeys.where });
    const key = await unwrap(root, row);
    opened.set(row.id, key);
    return key;
  };
  const insert = async (trx: AnyTransaction, purpose: string, kind: KeyKind): Promise<void> => {
    const latest = await sql<{ version: number }>`
      select coalesce(max(version), 0) + 1 as version from vault.data_key where purpose = ${purpose} and kind = ${kind}`.execute(
      trx,
    );
    const version = latest.rows[0]?.version ?? 1;
    const root = await rootKeys.current();
    const wrapped = await root.wrap(randomBytes(32), keyContext({ purpose, kind, version }));
    await sql`
      insert into vault.data_key (purpose, kind, version, root_key_id, wrapped, active)
      values (${purpose}, ${kind}, ${version}, ${root.id}, ${wrapped}, true) on conflict do nothing`.execute(
      trx,
    );
  };
  return {
    open,
    insert,
    async active(trx, purpose, kind) {
      const name = `${kind}\n${purpose}`;
      const known = actives.get(name);
      if (known !== undefined) return known;
      for (let attempt = 0; attempt < 3; attempt++) {
        const found = await sql<WrappedKey>`
          select id, purpose, kind, version, root_key_id, wrapped from vault.data_key
          where purpose = ${purpose} and kind = ${kind} and active`.execute(trx);
        const row = found.rows[0];
        if (row !== undefined) {
          const key = { id: row.id, key: await open(row) };
          actives.set(name, key);
          return key;
        }
        await insert(trx, purpose, kind);
      }
      throw vaultErrors.busy({ purpose });
    },
    async indexKeys(trx, purpose) {
      const found = await sql<WrappedKey>`
        select id, purpose, kind, version, root_key_id, wrapped from vault.data_key
        where purpose = ${purpose} and kind = 'index'`.execute(trx);
      return Promise.all(found.rows.map(async (row) => ({ id: row.id, key: await open(row) })));
    },
    forget(purpose) {
      actives.delete(`data\n${purpose}`);
      actives.delete(`index\n${purpose}`);
    },
  };
}

/** Opens a wrapped key; `vault.key_tampered` where the root key does not open it. */
export async function unwrap(root: RootKey, row: WrappedKey): Promise<Buffer> {
  try {
    return await root.unwrap(row.wrapped, keyContext(row));
  } catch (cause) {
    throw vaultErrors.key_tampered({ purpose: row.purpose, version: row.version }, { cause });
  }
}

/** A value as its row keeps it. */
export interface ValueRow {
  readonly id: string;
  readonly purpose: string;
  readonly data_key_id: number;
  readonly sealed: Buffer;
}

const FORMAT = Buffer.from([1]);

/**
 * Encrypts a value for its row: bound to row, purpose and key. Each row has a key of its own, derived from the data
 * key, so that the limit of 2³² random nonces under one AES-GCM key is never near.
 */
export function sealValue(key: OpenKey, id: string, purpose: string, value: string): Buffer {
  return Buffer.concat([
    FORMAT,
    encrypt(rowKey(key.key, id), Buffer.from(value), valueContext(id, purpose, key.id)),
  ]);
}

/** Decrypts a value of a row; `vault.tampered` where anything differs from what was sealed. */
export function openValue(key: Buffer, row: ValueRow): string {
  try {
    if (row.sealed[0] !== 1) throw new Error('unknown format');
    const context = valueContext(row.id, row.purpose, row.data_key_id);
    return decrypt(rowKey(key, row.id), row.sealed.subarray(1), context).toString();
  } catch (cause) {
    throw vaultErrors.tampered({ id: row.id }, { cause });
  }
}

/** The blind index of a value: equal values of one purpose have equal ones; 16 bytes of HMAC-SHA-256. */
export function blindIndex(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest().subarray(0, 16);
}

function rowKey(key: Buffer, id: string): Buffer {
  return createHmac('sha256', key).update(`xinlai.vault.row.1\n${id}`).digest();
}

function valueContext(id: string, purpose: string, keyId: number): string {
  return `xinlai.vault.value.1\n${purpose}\n${id}\n${keyId}`;
}
