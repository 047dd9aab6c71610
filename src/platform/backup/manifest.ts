import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { backupErrors } from './errors.ts';
import { readTar, type TarEntry } from './tar.ts';

export const FORMAT = 'xinlai-backup';

const hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const tableSchema = Type.Object({
  schema: Type.String(),
  table: Type.String(),
  columns: Type.Array(Type.String(), { minItems: 1 }),
  rows: Type.Integer({ minimum: 0 }),
  /** SHA-256 of the rows as COPY text. */
  sha256: hash,
  /** Archive entries, in order; each is COPY text compressed with Zstandard; the hash is of the packed bytes. */
  parts: Type.Array(Type.Object({ name: Type.String(), sha256: hash })),
});

/** What a backup holds; the last entry of the archive but one, whose SHA-256 is the last. */
export const manifestSchema = Type.Object({
  format: Type.Literal(FORMAT),
  version: Type.Literal(1),
  product: Type.String(),
  postgres: Type.String(),
  /** Instant of the snapshot. */
  madeAt: Type.String(),
  /** Applied migrations of each schema, oldest first. */
  migrations: Type.Array(Type.Object({ schema: Type.String(), names: Type.Array(Type.String()) })),
  tables: Type.Array(tableSchema),
  sequences: Type.Array(
    Type.Object({ schema: Type.String(), name: Type.String(), value: Type.String(), called: Type.Boolean() }),
  ),
  files: Type.Array(Type.Object({ sha256: hash, size: Type.Integer({ minimum: 0 }) })),
});
export type Manifest = Static<typeof manifestSchema>;
export type BackedUpTable = Static<typeof tableSchema>;

/** A backup whose manifest was read and belongs to its archive. */
export interface OpenBackup {
  readonly path: string;
  readonly manifest: Manifest;
  readonly entries: ReadonlyMap<string, TarEntry>;
}

/** Reads the directory and the manifest of a backup; the parts themselves are not read yet. */
export async function openBackup(path: string): Promise<OpenBackup> {
  const entries = await readTar(path);
  const text = await readEntry(path, entries, 'manifest.json');
  const sum = (await readEntry(path, entries, 'manifest.sha256')).toString().trim();
  if (createHash('sha256').update(text).digest('hex') !== sum)
    throw backupErrors.corrupt({ file: path, part: 'manifest.json' });
  const manifest: unknown = JSON.parse(text.toString());
  const [problem] = Value.Errors(manifestSchema, manifest);
  if (problem !== undefined) {
    throw backupErrors.unreadable({
      file: path,
      problem: `manifest.json${problem.instancePath}: ${problem.message}`,
    });
  }
  return { path, manifest: manifest as Manifest, entries };
}

/** The archive entry of a stored file. */
export function fileEntry(sha256: string): string {
  return `files/${sha256}`;
}

/** The bytes of one entry; `backup.unreadable` where it is missing. */
export async function readEntry(
  path: string,
  entries: ReadonlyMap<string, TarEntry>,
  name: string,
): Promise<Buffer> {
  const entry = entries.get(name);
  if (entry === undefined) throw backupErrors.unreadable({ file: path, problem: `${name} is missing` });
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(entry.size), 0, entry.size, entry.offset);
    return buffer;
  } finally {
    await file.close();
  }
}
