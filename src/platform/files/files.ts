import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { Audit } from '../audit/audit.ts';
import { TAIPEI, type Clock } from '../clock.ts';
import type { Database } from '../database.ts';
import { newId } from '../id.ts';
import type { MigrationSet } from '../migrate.ts';
import { createContentStore, type ContentStore, type Incoming } from './content-store.ts';
import { filesErrors } from './errors.ts';
import { displayName } from './display-name.ts';
import { checkContent, declaredKind, fileKinds, type FileKind } from './file-kind.ts';
import { scanFile } from './scan.ts';
import type { FilesTables } from './tables.ts';

export { fileKinds, type FileKind } from './file-kind.ts';

export const filesMigrations: MigrationSet = {
  schema: 'files',
  folder: new URL('./migrations/', import.meta.url),
};

/** A file as it was handed in: the receipt of the sender. */
export interface StoredFile {
  readonly id: string;
  /** `20261120-000042`: the day in Taipei and a number. */
  readonly receipt: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  readonly kind: FileKind;
  /** Media type, as the bytes were checked against it. */
  readonly type: string;
  readonly name: string;
  readonly purpose: string;
  readonly organisationId: string;
  readonly receivedBy: string;
  readonly receivedAt: Temporal.Instant;
}

export interface Upload {
  readonly stream: Readable;
  /** Name as the sender gives it; kept for display without folders and control characters. */
  readonly name: string;
  readonly declaredType: string;
  readonly caller: Caller;
  /** What for: `operators.import`, `evidence`. */
  readonly purpose: string;
  readonly accept: readonly FileKind[];
  /** Smaller than the configured limit. */
  readonly limitBytes?: number;
  readonly requestId?: string;
}

/** Outcome of reading every file through. Lists name at most 1,000 hashes each. */
export interface StoreReport {
  readonly checked: number;
  readonly missing: readonly string[];
  readonly changed: readonly string[];
}

/** Files by their hash: type-checked, scanned, synced to disk before they are acknowledged. */
export interface Files {
  /** Takes a file in. Nothing is left behind where it is refused (`files.*`), but for what a scan quarantines. */
  store(upload: Upload): Promise<StoredFile>;
  /** A file by id, for the product's own use; the stream fails where the bytes were changed. `files.not_found`. */
  open(id: string): Promise<{ stream: Readable; file: StoredFile }>;
  /** As `open`, where the file belongs to the caller's organisation and space; else `files.not_found`. */
  openFor(caller: Caller, id: string): Promise<{ stream: Readable; file: StoredFile }>;
  /** The receipt of a file of the caller's organisation and space; else `files.not_found`. */
  find(caller: Caller, id: string): Promise<StoredFile>;
  /** Reads every file through and compares it with its hash. */
  verifyAll(): Promise<StoreReport>;
  /** Deletes what uploads of a stopped process left behind; returns how many. */
  sweep(): Promise<number>;
}

export interface FilesDependencies {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Folder of the store: `<data>/files`. */
  readonly folder: string;
  readonly limitBytes: number;
  /** `malwareScanCommand`; without it nothing is scanned. */
  readonly scanCommand?: string | undefined;
}

/** The folder of the file store in a data folder. */
export function filesFolderOf(dataFolder: string): string {
  return join(dataFolder, 'files');
}

/** The file store over a database whose `filesMigrations` are applied. */
export function createFiles(deps: FilesDependencies): Files {
  const content = createContentStore(deps.folder);
  const tables = deps.database.of<FilesTables>('files');

  const rowOf = async (id: string, caller: Caller | null): Promise<StoredFile> => {
    let query = tables.selectFrom('file').selectAll().where('id', '=', id);
    if (caller !== null) {
      query = query.where('organisation_id', '=', caller.organisation.id).where('space', '=', caller.space);
    }
    const row = await query.executeTakeFirst();
    if (row === undefined) throw filesErrors.not_found({ id });
    return toStoredFile(row);
  };
  const openStored = (file: StoredFile): { stream: Readable; file: StoredFile } => ({
    stream: content.read(file.sha256),
    file,
  });

  return {
    async store(upload) {
      const kind = declaredKind(upload.declaredType, upload.name, upload.accept);
      const limit = Math.min(upload.limitBytes ?? deps.limitBytes, deps.limitBytes);
      const incoming = await content.receive(upload.stream, limit);
      try {
        await checkContent(incoming.path, kind);
        await scan(deps, content, incoming, upload);
      } catch (error) {
        await incoming.discard();
        throw error;
      }
      await content.keep(incoming);
      return insertFile(deps, upload, incoming, kind);
    },
    open: async (id) => openStored(await rowOf(id, null)),
    openFor: async (caller, id) => openStored(await rowOf(id, caller)),
    find: (caller, id) => rowOf(id, caller),
    sweep: () => content.sweep(),
    async verifyAll() {
      const missing: string[] = [];
      const changed: string[] = [];
      let checked = 0;
      for (let last: Buffer = Buffer.alloc(0); ;) {
        const rows = await tables
          .selectFrom('file')
          .select('sha256')
          .distinct()
          .where('sha256', '>', last)
          .orderBy('sha256')
          .limit(500)
          .execute();
        for (const row of rows) {
          const sha256 = row.sha256.toString('hex');
          const state = await content.check(sha256);
          checked++;
          if (state === 'missing' && missing.length < 1000) missing.push(sha256);
          if (state === 'changed' && changed.length < 1000) changed.push(sha256);
          last = row.sha256;
        }
        if (rows.length < 500) return { checked, missing, changed };
      }
    },
  };
}

async function scan(
  deps: FilesDependencies,
  content: ContentStore,
  incoming: Incoming,
  upload: Upload,
): Promise<void> {
  if (deps.scanCommand === undefined) return;
  const result = await scanFile(deps.scanCommand, incoming.path);
  if (result.verdict === 'clean') return;
  if (result.verdict === 'failed') throw filesErrors.scan_failed({ problem: result.problem });
  const id = newId('qrt');
  const { caller, purpose, requestId } = upload;
  await content.quarantine(incoming);
  await deps.database
    .of<FilesTables>('files')
    .transaction()
    .execute(async (trx) => {
      const sha256 = Buffer.from(incoming.sha256, 'hex');
      const owner = { organisation_id: caller.organisation.id, actor_id: caller.actorId };
      await trx
        .insertInto('quarantine')
        .values({ id, sha256, size: incoming.size, purpose, ...owner })
        .execute();
      await deps.audit.record(trx, {
        caller,
        action: 'files.quarantined',
        subject: { kind: 'quarantine', id },
        details: { sha256: incoming.sha256, size: incoming.size, purpose },
        ...(requestId !== undefined && { requestId }),
      });
    });
  throw filesErrors.infected({ id });
}

async function insertFile(
  deps: FilesDependencies,
  upload: Upload,
  incoming: Incoming,
  kind: FileKind,
): Promise<StoredFile> {
  const { caller, purpose, requestId } = upload;
  const now = deps.clock.now();
  const day = now.toZonedDateTimeISO(TAIPEI).toPlainDate().toString().replaceAll('-', '');
  return deps.database
    .of<FilesTables>('files')
    .transaction()
    .execute(async (trx) => {
      const next = await sql<{
        number: string;
      }>`select nextval('files.receipt_number')::text as number`.execute(trx);
      const row = await trx
        .insertInto('file')
        .values({
          id: newId('fil'),
          receipt: `${day}-${(next.rows[0]?.number ?? '0').padStart(6, '0')}`,
          sha256: Buffer.from(incoming.sha256, 'hex'),
          size: incoming.size,
          kind,
          name: displayName(upload.name),
          purpose,
          organisation_id: caller.organisation.id,
          space: caller.space,
          actor_id: caller.actorId,
          received_at: new Date(now.epochMilliseconds),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await deps.audit.record(trx, {
        caller,
        action: 'files.stored',
        subject: { kind: 'file', id: row.id },
        details: { sha256: incoming.sha256, size: incoming.size, kind, purpose, receipt: row.receipt },
        ...(requestId !== undefined && { requestId }),
      });
      return toStoredFile(row);
    });
}

type FileRow = Omit<FilesTables['file'], 'received_at'> & { received_at: Date };

function toStoredFile(row: FileRow): StoredFile {
  return {
    id: row.id,
    receipt: row.receipt,
    sha256: row.sha256.toString('hex'),
    size: row.size,
    kind: row.kind,
    type: fileKinds[row.kind].type,
    name: row.name,
    purpose: row.purpose,
    organisationId: row.organisation_id,
    receivedBy: row.actor_id,
    receivedAt: Temporal.Instant.fromEpochMilliseconds(row.received_at.getTime()),
  };
}
