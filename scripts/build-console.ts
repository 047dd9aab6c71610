/**
 * Builds the console into `dist/console`: `node scripts/build-console.ts [--force]`. Does nothing when every file that
 * went into the last build is unchanged (`dist/console.json` holds their hashes), so that `npm start` may always call it.
 */
import { compile } from '@inlang/paraglide-js';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import config from '../vite.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'dist/console.json');
const locales = ['zh-TW', 'en'] as const;
/** What decides the build beside the modules in it. */
const always = ['vite.config.ts', 'scripts/build-console.ts', 'package-lock.json', 'src/web/index.html'];
/** A file added here changes the build although no module of the last one knew it. */
const found = [
  'src/web/messages/*.json',
  'src/contexts/*/web/messages/*.json',
  'src/contexts/*/web/pages.tsx',
  'src/web/public/*',
];

type Stamp = Readonly<Record<string, string>>;

const discovered = (): string[] => [...always, ...globSync(found, { cwd: root })].sort();
const digest = (file: string): string => {
  const path = join(root, file);
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'gone';
};

function isFresh(): boolean {
  if (!existsSync(stampFile) || !existsSync(join(root, 'dist/console/index.html'))) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
  return (
    discovered().every((file) => file in stamp) &&
    Object.entries(stamp).every(([file, hash]) => digest(file) === hash)
  );
}

/** Compiles the messages of the shell and of every context; throws where a language lacks one of the other's. */
async function compileMessages(): Promise<void> {
  const folders = ['src/web/messages', ...globSync('src/contexts/*/web/messages', { cwd: root }).sort()];
  for (const folder of folders) {
    const [first, second] = locales.map((locale) =>
      readFileSync(join(root, folder, `${locale}.json`), 'utf8'),
    );
    const keys = [first, second].map((text) => new Set(Object.keys(JSON.parse(text ?? '{}') as object)));
    const missing = [...keys[0]!.symmetricDifference(keys[1]!)];
    if (missing.length > 0) throw new Error(`${folder}: not in both languages: ${missing.join(', ')}`);
  }
  const project = join(root, '.cache/console.inlang');
  mkdirSync(project, { recursive: true });
  const settings = {
    baseLocale: locales[0],
    locales,
    // The plugin from node_modules: its usual address is a CDN, without which nothing would be compiled.
    modules: ['../node_modules/@inlang/plugin-message-format/dist/index.js'],
    'plugin.inlang.messageFormat': { pathPattern: folders.map((folder) => `../${folder}/{locale}.json`) },
  };
  writeFileSync(join(project, 'settings.json'), JSON.stringify(settings));
  await compile({
    project,
    outdir: join(root, '.cache/messages'),
    strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
    localStorageKey: 'xinlai.language',
    disableAsyncLocalStorage: true,
    emitReadme: false,
    emitPrettierIgnore: false,
  });
}

async function buildConsole(): Promise<void> {
  await compileMessages();
  const modules = new Set(discovered());
  const remember: Plugin = {
    name: 'remember-modules',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of chunk.moduleIds) {
          const file = relative(root, id.split('?', 1)[0]!);
          if (/^(src|scripts)\//u.test(file)) modules.add(file);
        }
      }
    },
    moduleParsed({ id }) {
      const file = relative(root, id.split('?', 1)[0]!);
      if (file.startsWith('src/')) modules.add(file);
    },
  };
  await build({ ...config, configFile: false, plugins: [remember] });
  rmSync(join(root, 'dist/console'), { recursive: true, force: true });
  renameSync(join(root, 'dist/console.new'), join(root, 'dist/console'));
  const stamp = Object.fromEntries([...modules].sort().map((file) => [file, digest(file)]));
  writeFileSync(stampFile, `${JSON.stringify(stamp, null, 1)}\n`);
}

/** The first of the folders above `path` that exists. */
function standing(path: string): string {
  return existsSync(path) ? path : standing(dirname(path));
}

if (process.argv.includes('--force') || !isFresh()) {
  for (const folder of ['dist', '.cache']) {
    try {
      accessSync(standing(join(root, folder)), constants.W_OK);
    } catch {
      console.error(`cannot build the console: ${join(root, folder)} is not writable for this user`);
      process.exit(1);
    }
  }
  const started = performance.now();
  await buildConsole();
  console.log(`console built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
