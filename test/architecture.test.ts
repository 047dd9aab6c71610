import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { breaches, type Project } from './architecture-rules.ts';
import {
  compositionRoots,
  contextMap,
  drawMap,
  pictureIn,
  withPicture,
  type ContextMap,
} from './context-map.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const aliases = packageJson.imports;

test('every import runs along the map', () => {
  const project = {
    root,
    map: contextMap,
    compositionRoots,
    aliases,
    dependencies: Object.keys(packageJson.dependencies),
  };
  assert.deepEqual(breaches(project), []);
});

test('the picture in ARCHITECTURE.md is the map', () => {
  const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  assert.equal(pictureIn(document), drawMap(contextMap), 'run `node scripts/write-docs.ts`');
});

test('a picture of another map is seen', () => {
  const document = withPicture('# Title\n<!-- map -->\nold\n<!-- /map -->\n', contextMap);
  assert.equal(pictureIn(document), drawMap(contextMap));
  assert.notEqual(
    pictureIn(document),
    drawMap({ ...contextMap, planted: { folder: 'src/planted', owns: '', uses: [] } }),
  );
  assert.equal(pictureIn('# no picture'), null);
});

const plantedMap: ContextMap = {
  shared: { folder: 'src/shared', owns: '', uses: [] },
  platform: { folder: 'src/platform', owns: '', uses: ['shared'] },
  low: { folder: 'src/contexts/low', owns: '', uses: ['platform'], context: true },
  high: { folder: 'src/contexts/high', owns: '', uses: ['low'], context: true },
};

/** A house that keeps every rule; the tests below plant one breach each. */
const soundHouse = {
  'src/shared/ubn.ts': 'export const ubn = 1;',
  'src/platform/clock.ts': "import { ubn } from '#shared/ubn'; export const clock = ubn;",
  'src/platform/access.ts': 'export const roles = [];',
  'src/contexts/low/index.ts':
    "import { clock } from '#platform/clock'; export { rule } from './rule.ts'; export const low = clock;",
  'src/contexts/low/rule.ts': 'export const rule = 1;',
  'src/contexts/low/contract.ts': 'export const routes = {};',
  'src/contexts/low/web/pages.tsx':
    "import { page } from '#web/index'; import { routes } from '#contracts/low'; export default [page, routes];",
  'src/contexts/high/index.ts': "import { low } from '#contexts/low'; export const high = low;",
  'src/web/index.ts': 'export const page = 1;',
  'src/web/main.tsx':
    "import { roles } from '#platform/access'; import { createRoot } from 'react-dom'; console.log(roles, createRoot);",
  'src/app.ts':
    "import { low } from '#contexts/low'; import { high } from '#contexts/high'; import pg from 'pg'; console.log(low, high, pg);",
  'src/cli/main.ts': "const load = () => import('./tell.ts'); export { load };",
  'src/cli/tell.ts': "import { rule } from '../contexts/low/rule.ts'; export const tell = rule;",
};

function planted(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  map: ContextMap = plantedMap,
): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-architecture-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ ...soundHouse, ...files })) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const project: Project = {
    root: folder,
    map,
    compositionRoots: ['src/app.ts'],
    aliases,
    dependencies: ['pg'],
  };
  return breaches(project);
}

test('a house that keeps the rules has no breach', (t) => {
  assert.deepEqual(planted(t, {}), []);
});

const plants: readonly (readonly [rule: string, path: string, text: string, breach: RegExp])[] = [
  ['shared uses nothing', 'src/shared/day.ts', "import '#platform/clock';", /shared does not use platform/],
  [
    'the kernel knows no context',
    'src/platform/feed.ts',
    "import { low } from '#contexts/low';",
    /platform does not use low/,
  ],
  [
    'news does not go down by import',
    'src/contexts/low/news.ts',
    "import '#contexts/high';",
    /low does not use high/,
  ],
  ['a context has one door', 'src/contexts/high/deep.ts', "import '../low/rule.ts';", /past the door of low/],
  [
    'a context does not take the contract of another',
    'src/contexts/high/far.ts',
    "import type { routes } from '#contracts/low';",
    /past the door of low/,
  ],
  [
    'a type counts as an import',
    'src/contexts/low/kind.ts',
    "import type { high } from '#contexts/high';",
    /low does not use high/,
  ],
  [
    'a lazy import counts',
    'src/contexts/low/late.ts',
    "export const late = () => import('#contexts/high');",
    /low does not use high/,
  ],
  ['an import that leads nowhere', 'src/contexts/high/lost.ts', "import '#contexts/low/rule';", /is no file/],
  [
    'only the composition root knows contexts',
    'src/side.ts',
    "import '#contexts/low';",
    /only src\/app\.ts know/,
  ],
  [
    'the composition root uses doors',
    'src/app.ts',
    "import './contexts/low/rule.ts';",
    /past the door of low/,
  ],
  [
    'a command serves one context',
    'src/cli/both.ts',
    "import '#contexts/low'; import '#contexts/high';",
    /face of one context/,
  ],
  [
    'the console uses contracts',
    'src/web/page.ts',
    "import type { clock } from '#platform/clock';",
    /contracts only/,
  ],
  [
    'server code does not use the console',
    'src/contexts/low/mix.ts',
    "import '#web/index';",
    /reaches into the console/,
  ],
  ['a page loads nothing of Node', 'src/contexts/low/web/pages.tsx', "import 'node:fs';", /needs node:fs/],
  [
    'a page loads no server code',
    'src/contexts/low/web/pages.tsx',
    "import '../rule.ts';",
    /loaded by the console/,
  ],
  [
    'the server runs without development packages',
    'src/contexts/low/index.ts',
    "import 'vite'; import '#platform/clock'; export const low = 1;",
    /no dependency/,
  ],
  [
    'tests are not part of the product',
    'src/contexts/low/cheat.ts',
    "import '../../../test/database.ts';",
    /is for tests|is no file/,
  ],
  ['a name says something', 'src/shared/date-utils.ts', '', /says nothing/],
  ['a file stays readable', 'src/shared/long.ts', 'export {};\n'.repeat(401), /401 lines of code/],
];

for (const [rule, path, text, breach] of plants) {
  test(`a planted breach is found: ${rule}`, (t) => {
    const found = planted(t, { [path]: text });
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', breach);
  });
}

test('an edge that nothing uses is found', (t) => {
  const map = { ...plantedMap, high: { ...plantedMap['high']!, uses: ['low', 'shared'] } };
  assert.deepEqual(planted(t, {}, map), ['map: high --> shared is used by no file']);
});

test('a circle in the map is found', (t) => {
  const map = { ...plantedMap, low: { ...plantedMap['low']!, uses: ['platform', 'high'] } };
  const found = planted(t, { 'src/contexts/low/up.ts': "import '#contexts/high';" }, map);
  assert.ok(found.includes('map: circle low --> high --> low'), found.join('\n'));
});
