/** Uploads on their way to be read: encrypted as they arrive, so that plain bytes never touch the disk. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AnyTransaction } from '#platform/database';
import type { Reading, Vault } from '#platform/vault/vault';
import type { SealedPlace } from '../recipients/read-file.ts';
import { fileFaults } from '../recipients/reading.ts';
import {
  FRAME_BYTES,
  FrameSealer,
  readSealed,
  SealedFileError,
  type FramePlace,
  type ReadFrame,
} from '../recipients/sealed-file.ts';
import { EncodingJudge, type EncodingFinding } from '../recipients/text-encoding.ts';
import { batchErrors } from './batch-errors.ts';

export const STAGED_KEY_PURPOSE = 'messaging.staged-files';
/** Days for which a staged file may be kept. */
export const STAGED_DAYS = 7;

export type StagedPart = 'upload' | 'good' | 'listed' | 'preview';

export interface StagedFile {
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly kind: 'text' | 'workbook';
  readonly encoding: EncodingFinding;
}

/** A file that has arrived and stands beside its place: two uploads at once never write into each other. */
export interface ReceivedFile extends StagedFile {
  /** Puts it in its place. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

export interface Staging {
  /** Makes the key of a batch, which lives until a day in the vault. */
  newKey(trx: AnyTransaction, until: Temporal.PlainDate): Promise<string>;
  /** Throws `messaging.batch_files_gone` where the key was erased. */
  readKey(trx: AnyTransaction, keyId: string, reading: Reading): Promise<Buffer>;
  place(batchId: string, file: number, part: StagedPart): SealedPlace;
  /** Throws `batch_file_too_large`, `batch_file_empty`, `batch_file_unreadable`; then nothing of the file is left. */
  receive(to: SealedPlace, key: Buffer, stream: Readable, limitBytes: number): Promise<ReceivedFile>;
  remove(batchId: string): Promise<void>;
  /** Batches that have files. */
  list(): Promise<string[]>;
}

const ZIP = Buffer.from('PK\u0003\u0004');
const OLD_OFFICE = Buffer.from('d0cf11e0', 'hex');

export function createStaging(folder: string, vault: Pick<Vault, 'put' | 'read'>): Staging {
  const root = join(folder, 'batches');
  return {
    newKey: (trx, until) =>
      vault.put(trx, {
        purpose: STAGED_KEY_PURPOSE,
        value: randomBytes(32).toString('base64'),
        deleteBy: until,
      }),
    async readKey(trx, keyId, reading) {
      try {
        return Buffer.from(await vault.read(trx, keyId, reading), 'base64');
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === 'vault.not_found' || code === 'vault.erased') {
          throw batchErrors.batch_files_gone({}, { cause: error });
        }
        throw error;
      }
    },
    place: (batchId, file, part) => ({
      path: join(root, batchId, `${file}-${part}`),
      name: `${batchId}/${file}-${part}`,
    }),
    async receive(to, key, stream, limitBytes) {
      await mkdir(join(to.path, '..'), { recursive: true, mode: 0o700 });
      const partial = `${to.path}.${randomBytes(6).toString('hex')}.part`;
      const file = await open(partial, 'w', 0o600);
      try {
        const sealer = new FrameSealer(key, to.name);
        await file.write(sealer.header);
        const staged = await seal(stream, sealer, limitBytes, (bytes) => file.write(bytes));
        await file.sync();
        await file.close();
        return {
          ...staged,
          keep: () => rename(partial, to.path),
          discard: () => rm(partial, { force: true }),
        };
      } catch (error) {
        await file.close().catch(() => {});
        await rm(partial, { force: true });
        throw error;
      }
    },
    remove: (batchId) => rm(join(root, batchId), { recursive: true, force: true }),
    list: () => readdir(root).catch(() => []),
  };
}

async function seal(
  stream: Readable,
  sealer: FrameSealer,
  limitBytes: number,
  write: (bytes: Buffer) => Promise<unknown>,
): Promise<StagedFile> {
  const hash = createHash('sha256');
  const judge = new EncodingJudge();
  let bytes = 0;
  let head = Buffer.alloc(0);
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes)
      throw batchErrors.batch_file_too_large({ limit: Math.floor(limitBytes / 2 ** 20) });
    hash.update(chunk);
    judge.take(chunk);
    if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]);
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= FRAME_BYTES) {
      await write(sealer.seal(Buffer.concat(held), false));
      held = [];
      heldBytes = 0;
    }
  }
  if (bytes === 0) throw batchErrors.batch_file_empty();
  await write(sealer.seal(Buffer.concat(held), true));
  const encoding = judge.end();
  const isWorkbook = head.subarray(0, 4).equals(ZIP);
  if (head.subarray(0, 4).equals(OLD_OFFICE)) throw unreadable('old_office_file');
  if (!isWorkbook && encoding.binary) throw unreadable('binary_file');
  return { bytes, sha256: hash.digest(), kind: isWorkbook ? 'workbook' : 'text', encoding };
}

function unreadable(fault: 'old_office_file' | 'binary_file'): Error {
  const { zh, en } = fileFaults[fault];
  return batchErrors.batch_file_unreadable({ zh, en });
}

/** Frames of a staged file; throws `messaging.batch_file_damaged` where it is not what was written, or not whole. */
export function* readStaged(
  { path, name }: SealedPlace,
  key: Buffer,
  from?: FramePlace,
): Generator<ReadFrame, void, undefined> {
  try {
    yield* readSealed(path, key, name, from);
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isGone) throw batchErrors.batch_files_gone({}, { cause: error });
    if (error instanceof SealedFileError) throw batchErrors.batch_file_damaged({}, { cause: error });
    throw error;
  }
}
