/** Streams text into a file, plain or as the only entry of a zip, in constant memory and always with the same bytes. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

const CHUNK = 1 << 18; // characters: fewer, larger writes halve the time of the national size
/** 2023-11-30 00:00 as DOS date: the clock must not change the bytes. */
const DOS_DATE = ((2023 - 1980) << 9) | (11 << 5) | 30;

/** Takes text piece by piece; `close` ends the file and answers its size in bytes. */
export interface FileSink {
  /** Resolves when more may come; wait for it only if it is a promise. */
  write(text: string): void | Promise<void>;
  close(): Promise<number>;
}

/** A plain UTF-8 file. */
export const plainSink = (path: string): FileSink => sink(path, (file) => new PlainEnd(file));

/** A zip with one UTF-8 entry, written with a data descriptor because its size is not known before. */
export const zipSink = (path: string, entry: string): FileSink =>
  sink(path, (file) => new ZipEnd(file, entry));

interface End {
  push(bytes: Buffer): Promise<void> | undefined;
  finish(): Promise<void>;
}

function sink(path: string, end: (file: WriteStream) => End): FileSink {
  const file = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => file.once('error', reject));
  failed.catch(() => undefined);
  const to = end(file);
  let pending = '';
  const flush = (): Promise<void> | undefined => {
    const bytes = Buffer.from(pending, 'utf8');
    pending = '';
    const drained = to.push(bytes);
    return drained === undefined ? undefined : Promise.race([drained, failed]);
  };
  return {
    write(text) {
      pending += text;
      return pending.length >= CHUNK ? flush() : undefined;
    },
    async close() {
      await flush();
      await Promise.race([to.finish(), failed]);
      file.end();
      await Promise.race([once(file, 'close'), failed]);
      return file.bytesWritten;
    },
  };
}

const drained = (stream: WriteStream | DeflateRaw, bytes: Buffer): Promise<void> | undefined =>
  stream.write(bytes) ? undefined : once(stream, 'drain').then(() => undefined);

class PlainEnd implements End {
  readonly #file: WriteStream;
  constructor(file: WriteStream) {
    this.#file = file;
  }
  push(bytes: Buffer): Promise<void> | undefined {
    return drained(this.#file, bytes);
  }
  async finish(): Promise<void> {}
}

class ZipEnd implements End {
  readonly #file: WriteStream;
  readonly #name: Buffer;
  readonly #deflate = createDeflateRaw({ level: 3 });
  #crc = 0;
  #size = 0;
  #packed = 0;

  constructor(file: WriteStream, entry: string) {
    this.#file = file;
    this.#name = Buffer.from(entry, 'utf8');
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    this.#fields().copy(header, 4);
    file.write(Buffer.concat([header, this.#name]));
    this.#deflate.on('data', (bytes: Buffer) => (this.#packed += bytes.length));
    this.#deflate.pipe(file, { end: false });
  }

  push(bytes: Buffer): Promise<void> | undefined {
    this.#crc = crc32(bytes, this.#crc);
    this.#size += bytes.length;
    return drained(this.#deflate, bytes);
  }

  /** Version, flags (descriptor follows, names are UTF-8), method, time, date, CRC, sizes, name length, extra length. */
  #fields(): Buffer {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0808, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt16LE(DOS_DATE, 8);
    fields.writeUInt16LE(this.#name.length, 22);
    return fields;
  }

  async finish(): Promise<void> {
    const ended = once(this.#deflate, 'end');
    this.#deflate.end();
    await ended;
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(this.#crc, 0);
    sums.writeUInt32LE(this.#packed, 4);
    sums.writeUInt32LE(this.#size, 8);
    const descriptor = Buffer.alloc(4);
    descriptor.writeUInt32LE(0x08074b50);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    this.#fields().copy(central, 6);
    sums.copy(central, 16);
    const last = Buffer.alloc(22);
    last.writeUInt32LE(0x06054b50, 0);
    last.writeUInt16LE(1, 8);
    last.writeUInt16LE(1, 10);
    last.writeUInt32LE(46 + this.#name.length, 12);
    last.writeUInt32LE(30 + this.#name.length + this.#packed + 16, 16);
    this.#file.write(Buffer.concat([descriptor, sums, central, this.#name, last]));
  }
}
