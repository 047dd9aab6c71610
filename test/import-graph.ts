import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import of a file. */
export interface Import {
  /** As written: `../x.ts`, `#contexts/operators`, `pg`. */
  readonly specifier: string;
  /** File below the root; null where it is a package, a Node module or made by the build. */
  readonly target: string | null;
  /** True where only types are taken, so that nothing is loaded. */
  readonly typeOnly: boolean;
}

/** A source file of the project with what it imports. Paths are relative to the root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

type Aliases = Readonly<Record<string, string>>;

/** Reads every TypeScript file below the folders; throws on a file that cannot be parsed. */
export function readImportGraph(root: string, folders: readonly string[], aliases: Aliases): SourceFile[] {
  return globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: root },
  )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules/') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => readSource(root, path, aliases));
}

function readSource(root: string, path: string, aliases: Aliases): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? 'cannot be parsed'}`);
  const found: { specifier: string; typeOnly: boolean }[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    found.push({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
    });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ specifier: moduleRequest.value, typeOnly: isType });
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"])(.+)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[2] !== undefined) found.push({ specifier: literal[2], typeOnly: false });
  }
  return {
    path,
    lines: codeLines(text),
    imports: found.map(({ specifier, typeOnly }) => ({
      specifier,
      typeOnly,
      target: resolve(root, path, specifier, aliases),
    })),
  };
}

function resolve(root: string, from: string, specifier: string, aliases: Aliases): string | null {
  const [written = ''] = specifier.split('?', 1);
  if (written.startsWith('.')) return posix.join(dirname(from), written);
  if (!written.startsWith('#')) return null;
  for (const [pattern, place] of Object.entries(aliases)) {
    const [start = '', end = ''] = pattern.split('*');
    if (!written.startsWith(start) || !written.endsWith(end)) continue;
    const middle = written.slice(start.length, written.length - end.length);
    return posix.normalize(place.replace('*', middle));
  }
  return written;
}

/** Lines that are neither blank nor comment, as the linter counts them. */
function codeLines(text: string): number {
  let inComment = false;
  return text.split('\n').filter((line) => {
    const trimmed = line.trim();
    if (inComment) {
      inComment = !trimmed.includes('*/');
      return false;
    }
    if (trimmed.startsWith('/*')) {
      inComment = !trimmed.includes('*/');
      return false;
    }
    return trimmed !== '' && !trimmed.startsWith('//');
  }).length;
}

/** Every file that is loaded with one of the entries, types apart. */
export function loadedBy(files: readonly SourceFile[], entries: readonly string[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path) || !byPath.has(path)) continue;
    reached.add(path);
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (target !== null && !typeOnly) waiting.push(target);
    }
  }
  return reached;
}

/** True where the target of an import is a file. */
export function exists(root: string, target: string): boolean {
  return existsSync(join(root, target));
}
