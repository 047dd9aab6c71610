/**
 * Writes the pages of `docs/` that follow from the code, and the map in ARCHITECTURE.md: `node scripts/write-docs.ts`.
 * With `--check` it writes nothing and exits 1 where a page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contextMap, withPicture } from '#test/context-map';
import { errorsPage, settingsPage } from './reference-pages.ts';

const root = new URL('..', import.meta.url);
const pages: Readonly<Record<string, string>> = {
  'docs/errors.md': await errorsPage(fileURLToPath(root)),
  'docs/settings.md': settingsPage(),
  'ARCHITECTURE.md': withPicture(readFileSync(new URL('ARCHITECTURE.md', root), 'utf8'), contextMap),
};
for (const [path, text] of Object.entries(pages)) {
  const file = new URL(path, root);
  if (text === readOr(file)) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${path} written`);
  }
}

function readOr(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
