/**
 * Files of recipients at rest: AES-256-GCM frames, so that neither a disk nor a copy of it shows a number. The key of a
 * batch lies in the vault with a delete-by date; once it is gone, the files are noise. A frame that was changed, moved,
 * dropped or added, and a file that was cut off, are found when they are read.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const MAGIC = Buffer.from('XLS1');
const SALT = 16;
const TAG = 16;
const LAST = 0x8000_0000;
/** Longest frame that is believed. */
const MOST_FRAME = 64 * 1024 * 1024;
/** Bytes of plain content that a stream puts into one frame. */
export const FRAME_BYTES = 256 * 1024;
const HEADER = MAGIC.length + SALT;

/** The bytes are not what was written: damaged, cut off, or sealed under another key or name. */
export class SealedFileError extends Error {
  override readonly name = 'SealedFileError';
}

/** Every file has a key of its own, so that counting nonces can never repeat under one key. */
const keyOf = (key: Uint8Array, salt: Uint8Array, name: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, name, 32));

function nonceOf(frame: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(frame), 4);
  return nonce;
}

/** Seals frames of one file, in order; `name` must be given again to read it. */
export class FrameSealer {
  readonly header: Buffer;
  readonly #key: Buffer;
  #frame = 0;

  constructor(key: Uint8Array, name: string) {
    const salt = randomBytes(SALT);
    this.header = Buffer.concat([MAGIC, salt]);
    this.#key = keyOf(key, salt, name);
  }

  /** The bytes of the next frame. The last one must be said to be it. */
  seal(content: Uint8Array, isLast: boolean): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#frame));
    const head = Buffer.alloc(4);
    head.writeUInt32BE((content.length | (isLast ? LAST : 0)) >>> 0);
    cipher.setAAD(head);
    this.#frame += 1;
    return Buffer.concat([head, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Writes a sealed file frame by frame, synchronously: for threads that do nothing else. */
export class SealedWriter {
  readonly #file: number;
  readonly #sealer: FrameSealer;

  constructor(path: string, key: Uint8Array, name: string) {
    this.#sealer = new FrameSealer(key, name);
    this.#file = openSync(path, 'w', 0o600);
    writeSync(this.#file, this.#sealer.header);
  }

  frame(content: Uint8Array): void {
    writeSync(this.#file, this.#sealer.seal(content, false));
  }

  /** Ends the file; it is on disk afterwards. */
  end(): void {
    writeSync(this.#file, this.#sealer.seal(new Uint8Array(0), true));
    fsyncSync(this.#file);
    closeSync(this.#file);
  }

  /** Leaves the file unended, so that nobody takes it for whole. */
  abandon(): void {
    closeSync(this.#file);
  }
}

/** Where a frame begins. */
export interface FramePlace {
  readonly offset: number;
  readonly frame: number;
}

export interface ReadFrame {
  readonly content: Buffer;
  readonly place: FramePlace;
  /** Where the next one begins. */
  readonly next: FramePlace;
}

/** Frames of a file from a place on (the first by default). Throws a SealedFileError where the file is not whole. */
export function* readSealed(
  path: string,
  key: Uint8Array,
  name: string,
  from?: FramePlace,
): Generator<ReadFrame, void, undefined> {
  const file = openSync(path, 'r');
  try {
    const header = take(file, 0, HEADER);
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new SealedFileError('no sealed file');
    const own = keyOf(key, header.subarray(MAGIC.length), name);
    let place: FramePlace = from ?? { offset: HEADER, frame: 0 };
    for (;;) {
      const head = take(file, place.offset, 4);
      const word = head.readUInt32BE();
      const length = word & ~LAST;
      if (length > MOST_FRAME) throw new SealedFileError('a frame has an impossible length');
      const sealed = take(file, place.offset + 4, length + TAG);
      const content = openFrame(own, place.frame, head, sealed);
      const next = { offset: place.offset + 4 + length + TAG, frame: place.frame + 1 };
      if (content.length > 0) yield { content, place, next };
      if ((word & LAST) !== 0) return;
      place = next;
    }
  } finally {
    closeSync(file);
  }
}

function openFrame(key: Buffer, frame: number, head: Buffer, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(frame));
    decipher.setAAD(head);
    decipher.setAuthTag(sealed.subarray(-TAG));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
  } catch (error) {
    throw new SealedFileError(`frame ${frame} was changed`, { cause: error });
  }
}

function take(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const got = readSync(file, bytes, read, length - read, offset + read);
    if (got === 0) throw new SealedFileError('the file is cut off');
    read += got;
  }
  return bytes;
}
