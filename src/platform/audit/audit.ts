import { join } from 'node:path';
import { renameSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { AnyTransaction, Database } from '../database.ts';
import { newId } from '../id.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import type { MigrationSet } from '../migrate.ts';
import type { ChainReport } from './chain.ts';
import { sealRound } from './seal.ts';
import type { AuditKeys } from './signing-key.ts';
import { verifyChain } from './verify.ts';

export { commit, commitmentOf } from './commitment.ts';
export { openAuditKeys, type AuditKeys } from './signing-key.ts';
export type { ChainReport } from './chain.ts';

/** Where the newest checkpoint of a data folder's trail is kept outside the database. */
export function checkpointFileOf(dataFolder: string): string {
  return join(dataFolder, 'audit-checkpoint');
}

/** The checkpoint kept in such a file, or null. */
export function readCheckpointFile(file: string | undefined): string | null {
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : null;
}

export const auditMigrations: MigrationSet = {
  schema: 'audit',
  folder: new URL('./migrations/', import.meta.url),
};

/** An act to record. Ids only: no name, address, number or other personal value in any field. */
export interface AuditEntry {
  readonly caller: Caller;
  /** `<area>.<what was done>`: `operators.match_judged`. */
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  /** The article or decision that allows the act; needed where personal data is read. */
  readonly legalBasis?: string;
  /** Counts, digests, old and new states, salted commitments (`commit`). */
  readonly details?: Readonly<Record<string, JsonValue>>;
  readonly requestId?: string;
}

/** The audit trail: append-only rows, sealed into a hash chain with signed Merkle checkpoints. */
export interface Audit {
  /** Records an act in the transaction that does it: both happen, or neither. */
  record(transaction: AnyTransaction, entry: AuditEntry): Promise<void>;
  /** Seals every row committed so far and signs a checkpoint; returns how many were sealed. */
  seal(): Promise<number>;
  /** Checks the whole chain; calls during a run share its outcome. */
  verify(): Promise<ChainReport>;
  /** Starts sealing in the background, about once a second. */
  start(): void;
  /** Stops the background sealer after its round. */
  stop(): Promise<void>;
}

export interface AuditDependencies {
  readonly database: Database;
  readonly keys: AuditKeys;
  readonly log?: Log;
  /** A file outside the database that keeps the newest checkpoint, so that a tail cut off is noticed. */
  readonly checkpointFile?: string;
}

const PAUSE_MILLISECONDS = 1000;

/** The audit trail over a database whose `auditMigrations` are applied. */
export function createAudit({ database, keys, log, checkpointFile }: AuditDependencies): Audit {
  let stopping: AbortController | null = null;
  let round: Promise<void> = Promise.resolve();
  let verification: Promise<ChainReport> | null = null;

  const sealAll = async (force: boolean): Promise<number> => {
    for (let total = 0; ;) {
      const { sealed, note } = await sealRound(database, keys.signer, force);
      if (note !== null && checkpointFile !== undefined) keepNote(checkpointFile, note);
      total += sealed;
      if (sealed === 0) return total;
    }
  };
  const loop = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        await sealAll(false);
      } catch (error) {
        log?.error({ err: error }, 'sealing the audit trail failed; it is tried again');
      }
      await sleep(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  };
  return {
    async record(transaction, entry) {
      const { caller, action, subject, legalBasis = null, details = null, requestId = null } = entry;
      await sql`
        insert into audit.entry (id, space, actor_kind, actor_id, organisation_id, action, subject_kind, subject_id,
          legal_basis, details, request_id)
        values (${newId('aud')}, ${caller.space}, ${caller.by}, ${caller.actorId}, ${caller.organisation.id}, ${action},
          ${subject.kind}, ${subject.id}, ${legalBasis}, ${details === null ? null : JSON.stringify(details)}::jsonb,
          ${requestId})`.execute(transaction);
    },
    seal: () => sealAll(true),
    verify() {
      verification ??= verifyChain(database.pool, keys.trusted, readCheckpointFile(checkpointFile)).finally(
        () => {
          verification = null;
        },
      );
      return verification;
    },
    start() {
      if (stopping !== null) return;
      stopping = new AbortController();
      round = loop(stopping.signal);
    },
    async stop() {
      stopping?.abort();
      stopping = null;
      await round;
    },
  };
}

/** Replaces the file in one step: a reader sees the old note or the new one. */
function keepNote(file: string, note: string): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, note, { mode: 0o600, flush: true });
  renameSync(fresh, file);
}
