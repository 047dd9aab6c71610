import { crc32 } from 'node:zlib';
import * as yauzl from 'yauzl';
import type { ReadLimits } from './limits.ts';
import { FileProblem, refuse } from './problems.ts';

/** One file of an archive. */
export interface ZipEntry {
  name: string;
  bytes: number;
  /** Its content; ends in a FileProblem where it is damaged or larger than declared. */
  open(): AsyncGenerator<Buffer, void, undefined>;
}

/** What an archive is. */
export type ZipNature = 'zip' | 'xlsx' | 'ods' | { wrong: string } | 'protected';

/** An archive whose directory was read and found harmless. `close` it. */
export interface ZipArchive {
  nature: ZipNature;
  entries: ZipEntry[];
  unpackedBytes: number;
  close(): void;
}

const SMALL = 10 * 1024 * 1024;
const NO_DATA = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i;

const fail = (error: unknown): FileProblem =>
  error instanceof FileProblem
    ? error
    : refuse('archive_broken', { detail: error instanceof Error ? error.message.slice(0, 120) : 'zip' });

/** Names of Windows in Taiwan are Big5 without saying so. */
function entryName(entry: yauzl.Entry): string {
  const bytes = Buffer.from(entry.fileName as unknown as Buffer);
  const utf8 = bytes.toString('utf8');
  return utf8.includes('\uFFFD') ? new TextDecoder('big5').decode(bytes) : utf8;
}

async function* content(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer, void, undefined> {
  let sum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw fail(error);
  }
  if (sum !== entry.crc32) throw refuse('archive_broken', { detail: 'CRC-32' });
}

async function text(entry: ZipEntry, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of entry.open()) {
    pieces.push(piece);
    size += piece.length;
    if (size > limit) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function natureOf(entries: readonly ZipEntry[]): Promise<ZipNature> {
  const named = (name: string): ZipEntry | undefined => entries.find((entry) => entry.name === name);
  const mimetype = named('mimetype');
  if (mimetype !== undefined && mimetype.bytes < 200) {
    const kind = (await text(mimetype, 200)).trim();
    if (kind.startsWith('application/vnd.oasis.opendocument.')) {
      if (!kind.includes('spreadsheet')) return { wrong: 'ODF 文件' };
      const manifest = named('META-INF/manifest.xml');
      const encrypted = manifest !== undefined && (await text(manifest, SMALL)).includes('encryption-data');
      return encrypted ? 'protected' : 'ods';
    }
  }
  if (named('xl/workbook.xml') !== undefined) return 'xlsx';
  if (named('xl/workbook.bin') !== undefined) return { wrong: '.xlsb' };
  if (named('word/document.xml') !== undefined) return { wrong: 'Word（.docx）' };
  if (named('ppt/presentation.xml') !== undefined) return { wrong: 'PowerPoint（.pptx）' };
  return 'zip';
}

/** Opens an archive by its central directory and refuses it where what is declared goes beyond the limits. */
export async function openZip(path: string, limits: ReadLimits): Promise<ZipArchive> {
  let zip: yauzl.ZipFile;
  try {
    zip = await yauzl.openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw fail(error);
  }
  try {
    if (zip.entryCount > limits.zipEntries)
      throw refuse('archive_too_many_entries', { found: zip.entryCount, limit: limits.zipEntries });
    const entries: ZipEntry[] = [];
    let unpackedBytes = 0;
    for await (const entry of zip.eachEntry()) {
      const name = entryName(entry);
      if (name.endsWith('/') || NO_DATA.test(name)) continue;
      if (entry.isEncrypted()) throw refuse('password_protected');
      const bytes = entry.uncompressedSize;
      unpackedBytes += bytes;
      if (unpackedBytes > limits.unpackedBytes)
        throw refuse('archive_bomb', { found: unpackedBytes, limit: limits.unpackedBytes });
      if (bytes > SMALL && bytes > entry.compressedSize * limits.packRatio)
        throw refuse('archive_bomb', { found: bytes, limit: entry.compressedSize * limits.packRatio });
      entries.push({ name, bytes, open: () => content(zip, entry) });
    }
    return { nature: await natureOf(entries), entries, unpackedBytes, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw fail(error);
  }
}
