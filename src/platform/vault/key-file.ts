import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Config } from '../config.ts';
import { vaultErrors } from './errors.ts';
import { localRootKey, type RootKey, type RootKeys } from './root-key.ts';

/** Root keys in files: `root.key`, during a rotation `root.key.new`, after it `root.key.retired-<id>`. */
export interface FileRootKeys extends RootKeys {
  readonly file: string;
  /** The key that a rotation moves to; made beside the old one where none is waiting. */
  prepareNext(): RootKey;
  /** Puts the next key in the place of the current one, which is kept as `….retired-<id>`; returns that file. */
  promote(): string;
}

/** The file of the root key: `vaultKeyFile`, or `<data>/keys/root.key`. */
export function rootKeyFile(config: Config): string {
  return config.settings.vaultKeyFile ?? join(config.dataFolder, 'keys', 'root.key');
}

/** The folder of the root key; the signing key of the audit trail lies in it too. */
export function keyFolderOf(config: Config): string {
  return dirname(rootKeyFile(config));
}

/**
 * Opens the root key. The sandbox makes `<data>/keys/root.key` by itself (0600); a file that is named and missing is
 * refused, and live mode also refuses a key inside the data folder or readable by others (`vault.key_*`).
 */
export function openRootKeys(config: Config): FileRootKeys {
  const file = rootKeyFile(config);
  const live = config.settings.mode === 'live';
  if (live && config.settings.vaultKeyFile === undefined) throw vaultErrors.key_file_required();
  if (live) refuseInside(file, config.dataFolder);
  if (!existsSync(file)) {
    if (live || config.settings.vaultKeyFile !== undefined) throw vaultErrors.key_file_missing({ file });
    createRootKey(file);
  }
  const mode = statSync(file).mode & 0o777;
  if (live && (mode & 0o007) !== 0)
    throw vaultErrors.key_file_open({ file, mode: mode.toString(8).padStart(4, '0') });
  return fileRootKeys(file);
}

/** Makes a new root key file (0600, synced); `vault.key_file_exists` where there is one. */
export function createRootKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw vaultErrors.key_file_exists({ file }, { cause: error });
  }
  syncFolder(dirname(file));
}

/** `vault.key_in_data_folder` where a key file of live mode lies inside the data folder, by whatever link. */
export function refuseInside(file: string, folder: string): void {
  if (`${realPath(file)}${sep}`.startsWith(`${realPath(folder)}${sep}`)) {
    throw vaultErrors.key_in_data_folder({ file, folder });
  }
}

/** The root keys of a key file and of the files that rotations leave beside it. */
export function fileRootKeys(file: string): FileRootKeys {
  const next = `${file}.new`;
  return {
    file,
    where: file,
    current: () => Promise.resolve(readRootKey(file)),
    async find(id) {
      const folder = dirname(file);
      const names = readdirSync(folder).filter(
        (name) => name === basename(file) || name.startsWith(`${basename(file)}.`),
      );
      for (const name of names) {
        const key = readRootKey(join(folder, name));
        if (key.id === id) return key;
      }
      return null;
    },
    prepareNext() {
      if (!existsSync(next)) createRootKey(next);
      return readRootKey(next);
    },
    promote() {
      const retired = `${file}.retired-${readRootKey(file).id}`;
      // The current file exists at every moment: the copy first, then one rename over it.
      writeFileSync(retired, readFileSync(file), { mode: 0o600, flush: true });
      renameSync(next, file);
      syncFolder(dirname(file));
      return retired;
    },
  };
}

/** Reads one root key file; `vault.key_file_invalid` where it is not 32 bytes in base64. */
export function readRootKey(file: string): RootKey {
  const text = readFileSync(file, 'utf8').trim();
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32 || key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw vaultErrors.key_file_invalid({ file });
  }
  return localRootKey(key);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** The path with every link followed, as far as it exists. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
}
