import type { ContextMap } from './context-map.ts';
import { exists, loadedBy, readImportGraph, type Import, type SourceFile } from './import-graph.ts';

/** What the rules look at: a project on disk, its map and its package file. */
export interface Project {
  readonly root: string;
  readonly map: ContextMap;
  readonly compositionRoots: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

/** Contracts are lists of fields and their texts; a table of rules or names may be long as well. */
const LONG = /(?:^|\/)(?:contract|source-tables)\.ts$|\.test\.tsx?$|-contract\.ts$/;
const CODE_LINES = 400;
const EMPTY_WORDS = ['util', 'utils', 'helper', 'helpers', 'manager', 'base', 'common', 'misc'];
/** What the kernel offers to a browser: contracts, and the lists of kinds, roles and permissions. */
const BROWSER_DOOR =
  /^src\/(?:platform|contexts)\/(?:.+\/)?(?:contract|[a-z-]+-contract)\.ts$|^src\/platform\/access\.ts$/;

/** Every breach of the rules, as `file: what is wrong`, sorted. Empty where the code is as the map says. */
export function breaches(project: Project): string[] {
  const files = readImportGraph(project.root, ['src', 'test', 'scripts', 'bench'], project.aliases);
  const sources = files.filter((file) => file.path.startsWith('src/'));
  return [
    ...circles(project.map),
    ...edges(project, sources),
    ...unusedEdges(project.map, sources),
    ...browserCode(sources),
    ...packages(project, sources),
    ...shape(files),
  ].sort();
}

/** The part of the map that a path lies in; `console`, `cli` and `root` are what composes them. */
function partOf(map: ContextMap, path: string): string {
  for (const [name, part] of Object.entries(map)) {
    if (path.startsWith(`${part.folder}/`) || part.files?.includes(path) === true) return name;
  }
  if (path.startsWith('src/web/')) return 'console';
  if (path.startsWith('src/cli/')) return 'cli';
  return path.startsWith('src/') ? 'root' : 'outside';
}

function edges(project: Project, files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const problems: string[] = [];
    const reached = new Set<string>();
    for (const imported of file.imports) {
      if (imported.target === null) continue;
      const problem = edgeProblem(project, file, imported, imported.target);
      if (problem !== null) problems.push(`${file.path}: ${problem}`);
      const part = partOf(project.map, imported.target);
      if (project.map[part]?.context === true) reached.add(part);
    }
    if (partOf(project.map, file.path) === 'cli' && reached.size > 1) {
      problems.push(
        `${file.path}: a command is the face of one context, not of ${[...reached].sort().join(' and ')}`,
      );
    }
    return problems;
  });
}

function edgeProblem(project: Project, file: SourceFile, imported: Import, target: string): string | null {
  const { map } = project;
  if (!exists(project.root, target)) return `${imported.specifier} is no file`;
  const from = partOf(map, file.path);
  const to = partOf(map, target);
  if (from === to || to === 'outside') {
    // Tables of open data belong to no part; what serves tests is for tests.
    const isTestSupport = /\.test\.tsx?$|\/rig\.ts$|\/crash-child\.ts$/.test(file.path);
    return target.startsWith('test/') && !isTestSupport ? `${imported.specifier} is for tests` : null;
  }
  const isContext = map[to]?.context === true;
  const byDoor = target === `${map[to]?.folder ?? ''}/index.ts`;
  if (from === 'root') {
    if (isContext && !project.compositionRoots.includes(file.path))
      return `only ${project.compositionRoots.join(', ')} know the contexts`;
    return isContext && !byDoor ? `${imported.specifier} goes past the door of ${to}` : null;
  }
  // A command is the face of its context on the command line, as its routes are on HTTP.
  if (from === 'cli') return to === 'console' ? 'the command line does not use the console' : null;
  if (from === 'console') return consoleProblem(to, target, imported);
  if (to === 'console') return pageProblem(map, from, file.path, target);
  if (to === 'root' || to === 'cli') return `${imported.specifier} lies above ${from}`;
  if (!(map[from]?.uses.includes(to) ?? false)) return `${from} does not use ${to} (${imported.specifier})`;
  return isContext && !byDoor ? `${imported.specifier} goes past the door of ${to}` : null;
}

/** The console knows contracts and value objects; it finds the pages of contexts by their place. */
function consoleProblem(to: string, target: string, imported: Import): string | null {
  if (to === 'shared' || BROWSER_DOOR.test(target)) return null;
  return `the console uses contracts only, not ${imported.specifier}`;
}

/** Pages of a context build on the door of the console; the frame of public pages shares its tokens. */
function pageProblem(map: ContextMap, from: string, path: string, target: string): string | null {
  const doors = ['src/web/index.ts', 'src/web/message-catalogue.ts', 'src/web/theme/tokens.ts'];
  const isPage = map[from]?.context !== true || path.startsWith(`${map[from].folder}/web/`);
  return isPage && doors.includes(target) ? null : `${from} reaches into the console (${target})`;
}

function unusedEdges(map: ContextMap, files: readonly SourceFile[]): string[] {
  return Object.entries(map).flatMap(([name, part]) =>
    part.uses
      .filter(
        (used) =>
          map[used] === undefined ||
          !files.some(
            (file) =>
              partOf(map, file.path) === name &&
              file.imports.some(({ target }) => target !== null && partOf(map, target) === used),
          ),
      )
      .map((used) => `map: ${name} --> ${used} is used by no file`),
  );
}

function circles(map: ContextMap): string[] {
  const found: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name))
      found.push(`map: circle ${[...path.slice(path.indexOf(name)), name].join(' --> ')}`);
    else for (const next of map[name]?.uses ?? []) visit(next, [...path, name]);
  };
  for (const name of Object.keys(map)) visit(name, []);
  return found;
}

/** What a browser loads, types apart, is pages, contracts with lists of theirs that import nothing, and value objects; no module of Node. */
function browserCode(files: readonly SourceFile[]): string[] {
  const entries = files
    .map((file) => file.path)
    .filter((path) => path === 'src/web/main.tsx' || /^src\/contexts\/[^/]+\/web\/pages\.tsx$/.test(path));
  const loaded = loadedBy(files, entries);
  const ofContracts = new Set(
    files
      .filter((file) => BROWSER_DOOR.test(file.path))
      .flatMap((file) => file.imports.map((one) => one.target)),
  );
  return files
    .filter((file) => loaded.has(file.path))
    .flatMap((file) => {
      const allowed =
        /^src\/(?:web|shared)\/|^src\/contexts\/[^/]+\/web\//.test(file.path) ||
        BROWSER_DOOR.test(file.path) ||
        (ofContracts.has(file.path) && file.imports.every((one) => one.typeOnly));
      const node = file.imports.filter((one) => !one.typeOnly && one.specifier.startsWith('node:'));
      return [
        ...(allowed
          ? []
          : [`${file.path}: is loaded by the console, which takes contracts and value objects only`]),
        ...node.map((one) => `${file.path}: is loaded by the console and needs ${one.specifier}`),
      ];
    });
}

/** An installation without development packages runs the server and the command line. */
function packages(project: Project, files: readonly SourceFile[]): string[] {
  const server = loadedBy(files, ['src/main.ts', 'src/cli/main.ts', 'src/app.ts']);
  return files
    .filter((file) => server.has(file.path))
    .flatMap((file) =>
      file.imports
        .filter(({ specifier, typeOnly }) => !typeOnly && !/^[.#]|^node:/.test(specifier))
        .map(({ specifier }) =>
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !project.dependencies.includes(name))
        .map((name) => `${file.path}: the server loads ${name}, which is no dependency of it`),
    );
}

function shape(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, lines }) => {
    const words = (path.split('/').at(-1) ?? '').replace(/\..*$/, '').split('-');
    const empty = words.find((word) => EMPTY_WORDS.includes(word));
    return [
      ...(empty === undefined ? [] : [`${path}: “${empty}” says nothing; name the noun or the decision`]),
      ...(lines <= CODE_LINES || LONG.test(path)
        ? []
        : [`${path}: ${lines} lines of code, at most ${CODE_LINES}`]),
    ];
  });
}
