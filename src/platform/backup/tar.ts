import { open, type FileHandle } from 'node:fs/promises';
import { backupErrors } from './errors.ts';

/** The part of POSIX ustar that a backup needs: plain files with short names, below 8 GiB each. */

const BLOCK = 512;
const OCTAL_LIMIT = 8 ** 11;

/** Appends entries to a new tar file. */
export interface TarWriter {
  add(name: string, body: Buffer): Promise<void>;
  /** An entry of a known size from a stream; throws where the stream has another length. */
  addStream(name: string, size: number, body: AsyncIterable<Buffer>): Promise<void>;
  /** Writes the end mark and syncs. */
  end(): Promise<void>;
}

/** A writer on an open, empty file. */
export function tarWriter(file: FileHandle): TarWriter {
  return {
    async add(name, body) {
      await file.appendFile(Buffer.concat([header(name, body.length), body, pad(body.length)]));
    },
    async addStream(name, size, body) {
      await file.appendFile(header(name, size));
      let written = 0;
      for await (const chunk of body) {
        await file.appendFile(chunk);
        written += chunk.length;
      }
      if (written !== size) throw new Error(`${name}: ${written} bytes instead of ${size}`);
      await file.appendFile(pad(size));
    },
    async end() {
      await file.appendFile(Buffer.alloc(2 * BLOCK));
      await file.sync();
    },
  };
}

/** An entry of a tar file: its bytes lie at `offset`. */
export interface TarEntry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Reads the directory of a tar file; `backup.unreadable` where it is cut off or not a tar file. */
export async function readTar(path: string): Promise<Map<string, TarEntry>> {
  const file = await open(path, 'r').catch((cause: Error) => {
    throw backupErrors.unreadable({ file: path, problem: cause.message }, { cause });
  });
  try {
    const { size: length } = await file.stat();
    const entries = new Map<string, TarEntry>();
    const block = Buffer.alloc(BLOCK);
    for (let at = 0; ;) {
      const { bytesRead } = await file.read(block, 0, BLOCK, at);
      if (bytesRead < BLOCK)
        throw backupErrors.unreadable({ file: path, problem: `ends at byte ${at + bytesRead}` });
      if (block.every((byte) => byte === 0)) return entries;
      const entry = parseHeader(block, at);
      if (entry === null)
        throw backupErrors.unreadable({ file: path, problem: `no tar header at byte ${at}` });
      if (entries.has(entry.name))
        throw backupErrors.unreadable({ file: path, problem: `${entry.name} twice` });
      entries.set(entry.name, entry);
      at = entry.offset + Math.ceil(entry.size / BLOCK) * BLOCK;
      if (at > length) throw backupErrors.unreadable({ file: path, problem: `${entry.name} is cut off` });
    }
  } finally {
    await file.close();
  }
}

/** What fills the last block of a body. */
function pad(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100 || size >= OCTAL_LIMIT)
    throw new RangeError(`${name} does not fit a tar entry`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 'latin1');
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.fill(' ', 148, 156);
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** The entry of a header that is byte for byte as `header` writes it; else null. */
function parseHeader(block: Buffer, at: number): TarEntry | null {
  const text = (from: number, to: number): string => block.toString('latin1', from, to).replace(/\0.*$/s, '');
  const name = text(0, 100);
  const size = Number.parseInt(text(124, 136), 8);
  if (!(size >= 0 && size < OCTAL_LIMIT) || !header(name, size).equals(block)) return null;
  return { name, offset: at + BLOCK, size };
}

function sumOf(block: Buffer): number {
  return block.reduce((sum, byte) => sum + byte, 0);
}
