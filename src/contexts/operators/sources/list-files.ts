import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, problem } from './problems.ts';

/** A file to read and the name it is listed under (its own name if left out). */
export interface SourceFile {
  path: string;
  name?: string;
  problem?: Problem;
}

/** Files that are no sources: hidden ones and the one that describes the others. */
const isAside = (name: string): boolean =>
  name.startsWith('.') || name === 'sources.json' || name === 'Thumbs.db';

/** The files of a folder (folders below it included, named `below/file`) in the order of their names, and given ones. */
export async function listFiles(
  directory: string | undefined,
  given: readonly SourceFile[],
  limit: number,
  leaveOut: ReadonlySet<string> = new Set(),
): Promise<{ files: (SourceFile & { bytes: number })[]; overflow: number }> {
  const found: SourceFile[] =
    directory === undefined ? [] : (await below(directory, '', 3)).filter(({ name }) => !leaveOut.has(name!));
  found.sort((a, b) => (a.name! < b.name! ? -1 : 1));
  const all = [...found, ...given];
  const files = await Promise.all(
    all.slice(0, limit).map(async (file) => {
      const status = await stat(file.path).catch((error: NodeJS.ErrnoException) => error);
      if (status instanceof Error)
        return { ...file, bytes: 0, problem: problem('unreadable', { detail: status.code ?? '?' }) };
      if (!status.isFile())
        return { ...file, bytes: 0, problem: problem('not_a_file', { detail: typeName(status) }) };
      return { ...file, bytes: status.size };
    }),
  );
  return { files, overflow: Math.max(0, all.length - limit) };
}

const typeName = (status: Stats): string =>
  status.isDirectory() ? 'directory' : status.isFIFO() ? 'pipe' : status.isSocket() ? 'socket' : 'device';

async function below(directory: string, prefix: string, depth: number): Promise<SourceFile[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const lists = await Promise.all(
    entries
      .filter((entry) => !isAside(entry.name))
      .map(async (entry): Promise<SourceFile[]> => {
        const path = join(directory, entry.name);
        const name = `${prefix}${entry.name}`;
        return entry.isDirectory() && depth > 0 ? below(path, `${name}/`, depth - 1) : [{ path, name }];
      }),
  );
  return lists.flat();
}
