/**
 * The map of the house: every part of `src/` and what it may import. `architecture.test.ts` holds the code to it and
 * `ARCHITECTURE.md` shows it. A new context is a row here, a folder, and its lines in `src/app.ts`.
 */
export interface Part {
  /** Folder below the root of the project. */
  readonly folder: string;
  /** Files outside the folder that belong to it. */
  readonly files?: readonly string[];
  /** What stands in the picture, after the name. */
  readonly owns: string;
  /** The parts it imports. An edge that nothing uses is a mistake. */
  readonly uses: readonly string[];
  /** A context: others use its `index.ts` only, the console its `contract.ts` only. */
  readonly context?: true;
}

export type ContextMap = Readonly<Record<string, Part>>;

export const contextMap: ContextMap = {
  shared: { folder: 'src/shared', owns: 'value objects of Taiwan', uses: [] },
  protocols: { folder: 'src/protocols', owns: 'wire formats and sessions', uses: [] },
  platform: { folder: 'src/platform', owns: 'the kernel', uses: ['shared'] },
  'public-page': {
    folder: 'src/web/public-page',
    files: ['src/web/console-files.ts'],
    owns: 'pages without script, files of the console',
    uses: ['platform'],
  },
  operators: {
    folder: 'src/contexts/operators',
    owns: 'register, reconciliation, findings',
    uses: ['platform', 'public-page', 'shared'],
    context: true,
  },
  messaging: {
    folder: 'src/contexts/messaging',
    owns: 'government texts under 111',
    uses: ['platform', 'protocols', 'public-page', 'shared'],
    context: true,
  },
};

/** Composition roots: the only files that know every context, and only by its door. */
export const compositionRoots: readonly string[] = ['src/app.ts', 'src/migrations.ts', 'src/sandbox.ts'];

const PICTURE = /<!-- map -->\n[^]*?<!-- \/map -->/;

/** The map as a Mermaid picture; contexts are boxes, the rest is rounded. */
export function drawMap(map: ContextMap): string {
  const nodes = Object.entries(map).map(([name, part]) => {
    const [open, close] = part.context === true ? ['[', ']'] : ['(', ')'];
    return `  ${name}${open}"${name}<br>${part.owns}"${close}`;
  });
  const edges = Object.entries(map).flatMap(([name, part]) =>
    part.uses.map((used) => `  ${name} --> ${used}`),
  );
  return ['<!-- map -->', '```mermaid', 'flowchart TD', ...nodes, ...edges, '```', '<!-- /map -->'].join(
    '\n',
  );
}

/** The picture as it stands in a document; null where there is none. */
export function pictureIn(document: string): string | null {
  return PICTURE.exec(document)?.[0] ?? null;
}

/** The document with the picture of the map in the place of the one that it has. */
export function withPicture(document: string, map: ContextMap): string {
  return document.replace(PICTURE, () => drawMap(map));
}
