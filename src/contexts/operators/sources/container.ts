import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { ReadLimits } from './limits.ts';
import { FileProblem, type Problem, refuse } from './problems.ts';
import { isEncryptedOffice, readSignature } from './signature.ts';
import { type SheetCellNote, readSheets } from './spreadsheet.ts';
import { openZip } from './zip-archive.ts';

/** How a part was packed. */
export type Container = 'plain' | 'gzip' | 'zip' | 'xlsx' | 'ods';

/** One table inside a file: the file itself, a member of an archive, or a sheet of a workbook. */
export interface Part {
  /** `list.csv`, `BGMOPEN1.zip/BGMOPEN1.csv`, `list.ods#現生效`. */
  name: string;
  container: Container;
  /** Its bytes: text in any encoding; a sheet comes as UTF-8 CSV with a line per row. Read it once. */
  content: AsyncIterable<Buffer>;
  /** The file itself, where its bytes are the content. */
  path?: string;
  /** A sheet's name, its cells that are formulas, and the path of its workbook. */
  sheet?: { name: string; notes: readonly SheetCellNote[]; workbook: string };
  /** Set where the part cannot be taken at all. */
  problem?: Problem;
}

const HEAD = 4096;

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD);
    const { bytesRead } = await file.read(head, 0, HEAD, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* gunzip(path: string, limits: ReadLimits): AsyncGenerator<Buffer, void, undefined> {
  const packed = (await stat(path)).size;
  const limit = Math.min(limits.unpackedBytes, Math.max(packed * limits.packRatio, 10 * 1024 * 1024));
  let size = 0;
  const source = createReadStream(path);
  const unpack = createGunzip();
  source.on('error', (error) => unpack.destroy(error));
  try {
    for await (const chunk of source.pipe(unpack) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw refuse('archive_bomb', { found: size, limit });
      yield chunk;
    }
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw refuse('archive_broken', { detail: error instanceof Error ? error.message : 'gzip' });
  } finally {
    source.destroy();
  }
}

async function* plain(path: string, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  yield* createReadStream(path, {
    highWaterMark: 1 << 19,
    ...(signal ? { signal } : {}),
  }) as AsyncIterable<Buffer>;
}

/** A CFB file is an old spreadsheet, or a protected new one: the directory tells, anywhere in the first 16 MiB. */
async function oldOffice(path: string): Promise<FileProblem> {
  for await (const chunk of createReadStream(path, {
    end: 16 * 1024 * 1024,
    highWaterMark: 1 << 24,
  }) as AsyncIterable<Buffer>)
    if (isEncryptedOffice(chunk)) return refuse('password_protected');
  return refuse('legacy_office_file');
}

/** Parts of the file at `path`, one after the other. A problem of the whole file is thrown as a FileProblem. */
export async function* openParts(
  path: string,
  name: string,
  limits: ReadLimits,
  signal?: AbortSignal,
  inside = false,
): AsyncGenerator<Part, void, undefined> {
  const { size } = await stat(path);
  if (size === 0) throw refuse('empty_file');
  if (size > limits.fileBytes) throw refuse('file_too_large', { found: size, limit: limits.fileBytes });
  const signature = readSignature(await headOf(path));
  if (typeof signature === 'object')
    throw signature.code === 'legacy_office_file' ? await oldOffice(path) : new FileProblem(signature);
  if (signature === 'other') {
    yield { name, container: 'plain', content: plain(path, signal), ...(inside ? {} : { path }) };
    return;
  }
  if (signature === 'gzip') {
    yield { name, container: 'gzip', content: gunzip(path, limits) };
    return;
  }
  const zip = await openZip(path, limits);
  try {
    if (zip.nature === 'protected') throw refuse('password_protected');
    if (typeof zip.nature === 'object') throw refuse('wrong_office_file', { detail: zip.nature.wrong });
    if (zip.nature !== 'zip') {
      if (size > limits.sheetFileBytes || zip.unpackedBytes > limits.sheetUnpackedBytes) {
        const mebibytes = Math.ceil(Math.max(size, zip.unpackedBytes) / 1024 / 1024);
        throw refuse('sheet_too_large', { detail: `${mebibytes} MiB` });
      }
      const container = zip.nature;
      for await (const sheet of readSheets(path, container, limits, signal))
        yield {
          name: sheet.alone ? name : `${name}#${sheet.name}`,
          container,
          content: sheet.content,
          sheet: { ...sheet, workbook: path },
        };
      return;
    }
    if (inside) throw refuse('archive_nested');
    if (zip.entries.length === 0) throw refuse('archive_empty');
    for (const entry of zip.entries) yield* memberParts(entry, `${name}/${entry.name}`, limits, signal);
  } finally {
    zip.close();
  }
}

interface Member {
  bytes: number;
  open(): AsyncGenerator<Buffer, void, undefined>;
}

/** A member that is itself packed is written to disk and opened there; text is read as it is unpacked. */
async function* memberParts(
  member: Member,
  name: string,
  limits: ReadLimits,
  signal?: AbortSignal,
): AsyncGenerator<Part, void, undefined> {
  try {
    const content = member.open();
    const first = await content.next();
    const head = first.done ? Buffer.alloc(0) : first.value;
    const signature = readSignature(head);
    if (head.length === 0) throw refuse('empty_file');
    if (signature === 'gzip') throw refuse('archive_nested');
    if (typeof signature === 'object') throw new FileProblem(signature);
    if (signature === 'other') {
      yield { name, container: 'zip', content: chain(head, content) };
      return;
    }
    if (member.bytes > limits.sheetFileBytes) throw refuse('archive_nested');
    const folder = await mkdtemp(join(tmpdir(), 'xinlai-member-'));
    try {
      const path = join(folder, 'member');
      await writeFile(path, chain(head, content));
      yield* openParts(path, name, limits, signal, true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    yield { name, container: 'zip', content: nothing(), problem: error.problem };
  }
}

async function* chain(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  yield* rest;
}

async function* nothing(): AsyncGenerator<Buffer, void, undefined> {}
