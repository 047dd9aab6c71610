import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { filesErrors } from './errors.ts';

/** Bytes that arrived and are synced, but are not yet in the store. */
export interface Incoming {
  readonly path: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  discard(): Promise<void>;
}

/** Bytes under their SHA-256 in a folder: `ab/cd/abcd…`. What is in it is whole, synced and never changes. */
export interface ContentStore {
  /** Takes a stream in; `files.too_large`, `files.empty`, `files.disk_full`, `files.interrupted` leave nothing behind. */
  receive(stream: Readable, limitBytes: number): Promise<Incoming>;
  /** Puts incoming bytes in their place, or drops them where equal bytes are there already. */
  keep(incoming: Incoming): Promise<void>;
  /** Puts incoming bytes aside, out of reach of reading. */
  quarantine(incoming: Incoming): Promise<void>;
  /** The bytes of a hash; the stream fails before its last bytes where they no longer have it. */
  read(sha256: string): Readable;
  /** Reads the bytes of a hash through and says how they are. */
  check(sha256: string): Promise<'whole' | 'changed' | 'missing'>;
  /** Deletes uploads that a stopped process left, older than a day. */
  sweep(): Promise<number>;
  pathOf(sha256: string): string;
}

const DAY_MILLISECONDS = 86_400_000;

/** The store of a folder, made if it is missing. */
export function createContentStore(folder: string): ContentStore {
  const incomingFolder = join(folder, 'incoming');
  const quarantineFolder = join(folder, 'quarantine');
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

  const place = async (from: string, to: string): Promise<void> => {
    const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
    await syncFolder(dirname(to));
    // Folders made on the way are entries of their parents.
    if (made !== undefined)
      for (let at = dirname(dirname(to)); at.length >= folder.length; at = dirname(at)) await syncFolder(at);
  };
  return {
    pathOf,
    async receive(stream, limitBytes) {
      await mkdir(incomingFolder, { recursive: true, mode: 0o700 });
      const path = join(incomingFolder, `${randomUUID()}.part`);
      const discard = (): Promise<void> => rm(path, { force: true });
      const hash = createHash('sha256');
      let size = 0;
      const meter = new Transform({
        transform(chunk: Buffer, _encoding, callback) {
          size += chunk.length;
          if (size > limitBytes)
            return callback(filesErrors.too_large({ limit: Math.floor(limitBytes / 1024 / 1024) }));
          hash.update(chunk);
          callback(null, chunk);
        },
      });
      try {
        const file = await open(path, 'wx', 0o600);
        await pipeline(stream, meter, file.createWriteStream({ flush: true }));
        if (size === 0) throw filesErrors.empty();
      } catch (error) {
        await discard();
        throw storageError(error);
      }
      return { path, sha256: hash.digest('hex'), size, discard };
    },
    async keep(incoming) {
      const path = pathOf(incoming.sha256);
      const there = await stat(path).catch(() => null);
      if (there?.size === incoming.size) return incoming.discard();
      try {
        await chmod(incoming.path, 0o400);
        await place(incoming.path, path);
      } catch (error) {
        await incoming.discard();
        throw storageError(error);
      }
    },
    async quarantine(incoming) {
      await place(incoming.path, join(quarantineFolder, incoming.sha256));
    },
    read: (sha256) => {
      const check = verifyWhilePassing(sha256);
      const source = createReadStream(pathOf(sha256));
      source.on('error', (error) => check.destroy(filesErrors.corrupt({ id: sha256 }, { cause: error })));
      check.on('close', () => source.destroy());
      return source.pipe(check);
    },
    async check(sha256) {
      const hash = createHash('sha256');
      try {
        await pipeline(createReadStream(pathOf(sha256)), hash);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
        throw error;
      }
      return (hash.read() as Buffer).toString('hex') === sha256 ? 'whole' : 'changed';
    },
    async sweep() {
      let swept = 0;
      for (const name of await readdir(incomingFolder).catch(() => [])) {
        const path = join(incomingFolder, name);
        const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now());
        if (age < DAY_MILLISECONDS) continue;
        await rm(path, { force: true });
        swept++;
      }
      return swept;
    },
  };
}

/** Passes bytes on one chunk late, so that the last one is held back where the hash is wrong. */
function verifyWhilePassing(sha256: string): Transform {
  const hash = createHash('sha256');
  let held: Buffer | null = null;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk);
      const before = held;
      held = chunk;
      callback(null, before ?? undefined);
    },
    flush(callback) {
      if (hash.digest('hex') === sha256) callback(null, held ?? undefined);
      else callback(filesErrors.corrupt({ id: sha256 }));
    },
  });
}

function storageError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return filesErrors.disk_full({}, { cause: error });
  if (['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'FST_MP_PREMATURE_CLOSE', 'ABORT_ERR'].includes(code)) {
    return filesErrors.interrupted({}, { cause: error });
  }
  return error;
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
