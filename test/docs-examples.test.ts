import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { organisationKinds, roles } from '#platform/access';
import { allErrors } from '#platform/errors';
import { environmentName, settingsSchema, type SettingName } from '#platform/settings';
import type { RouteSchema } from '#platform/http/contract';
import type { CommandModule } from '../src/cli/command-line.ts';
import { errorsPage } from '../scripts/reference-pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: root }),
];

/** Every match of a pattern in every page, as `page: match`. */
const mentions = (pattern: RegExp, among: readonly string[] = pages): { page: string; text: string }[] =>
  among.flatMap((page) =>
    [...read(page).matchAll(pattern)].map((match) => ({ page, text: match[1] ?? match[0] })),
  );

test('a link leads to a file', () => {
  const links = mentions(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
  assert.ok(links.length > 20);
  // Pictures are made by a script that needs a browser; where some are there, all must be.
  const pictures = globSync('docs/images/*.png', { cwd: root }).length > 0;
  const dead = links.filter(({ page, text }) => {
    const target = posix.join(dirname(page), text);
    return !existsSync(join(root, target)) && (pictures || !target.startsWith('docs/images/'));
  });
  assert.deepEqual(dead, []);
});

/** A command with its options, as `xinlai audit export`. */
async function commands(): Promise<Map<string, ReadonlySet<string>>> {
  const list = /const commands[^]*?\n};/.exec(read('src/cli/main.ts'))?.[0] ?? '';
  const found = new Map<string, ReadonlySet<string>>();
  const describe = (name: string, command: Command): void => {
    found.set(name, new Set(command.options.map((option) => option.long ?? '')));
    for (const inner of command.commands) describe(`${name} ${inner.name()}`, inner);
  };
  for (const [, name = '', file = ''] of list.matchAll(/^ {2}(\w+): \{[^]*?import\('\.\/([\w-]+\.ts)'\)/gm)) {
    const module = (await import(join(root, 'src/cli', file))) as CommandModule;
    const command = new Command(name);
    module.define(command);
    describe(name, command);
  }
  return found;
}

test('a command line of the guides exists with its options', async () => {
  const known = await commands();
  assert.ok(known.size > 8, [...known.keys()].join(', '));
  const lines = mentions(/(?:^|`|npx |exec app )xinlai ((?:[a-z-]+)(?: [^`\n]*)?)/gm);
  const wrong: string[] = [];
  let checked = 0;
  for (const { page, text } of lines) {
    const words = text.split(/\s+/);
    const two = `${words[0]} ${words[1]}`;
    const name = known.has(two) ? two : (words[0] ?? '');
    const options = known.get(name);
    if (options === undefined) {
      wrong.push(`${page}: xinlai ${text}`);
      continue;
    }
    checked += 1;
    for (const word of words.filter((one) => one.startsWith('--'))) {
      if (!options.has(word)) wrong.push(`${page}: xinlai ${name} has no ${word}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(checked > 20, `${checked}`);
});

async function routes(): Promise<Set<string>> {
  const files = globSync(['src/**/contract.ts', 'src/**/*-contract.ts'], { cwd: root });
  const urls = new Set<string>();
  for (const file of files) {
    const module = (await import(join(root, file))) as Record<string, unknown>;
    for (const value of Object.values(module)) {
      if (typeof value !== 'object' || value === null) continue;
      for (const route of Object.values(value as Record<string, Partial<RouteSchema>>)) {
        if (typeof route === 'object' && typeof route?.url === 'string') urls.add(route.url);
      }
    }
  }
  return urls;
}

test('a route of the guides exists', async () => {
  // A parameter has a name in the reference, and a variable of the shell in a command.
  const plain = (url: string): string => url.replace(/\/$/, '').replaceAll(/:[A-Za-z]+|\$[A-Z]+/g, ':');
  const known = new Set([...(await routes())].map(plain));
  assert.ok(known.size > 40, `${known.size}`);
  const named = mentions(/(\/api\/v1\/[A-Za-z0-9/:$-]+)/g);
  assert.ok(named.length > 8);
  const wrong = named.filter(({ text }) => !known.has(plain(text)));
  assert.deepEqual(wrong, []);
});

test('a setting of the guides exists', () => {
  const names = (Object.keys(settingsSchema.properties) as SettingName[]).map(environmentName);
  const known = new Set([
    ...names,
    ...names.map((name) => `${name}_FILE`),
    'XINLAI_DATA',
    'XINLAI_CONFIG',
    'XINLAI_DOMAIN',
  ]);
  const written = pages.filter((page) => !/access\.md$|adr\//.test(page));
  const wrong = mentions(/\b(XINLAI_[A-Z_]*[A-Z])\b/g, written).filter(({ text }) => !known.has(text));
  assert.deepEqual(wrong, []);
});

test('an error code of the guides exists', async () => {
  await errorsPage(root);
  const areas = new Set([...allErrors().keys()].map((code) => code.split('.')[0]));
  const guides = pages.filter((page) => page.startsWith('docs/guides/'));
  const codes = mentions(/`([a-z_-]+\.[a-z0-9_]+)`/g, guides).filter(
    ({ text }) => /_|invalid/.test(text) && areas.has(text.split('.')[0] ?? ''),
  );
  const events = new Set(eventTypes());
  assert.ok(codes.length > 2);
  assert.deepEqual(
    codes.filter(({ text }) => !allErrors().has(text) && !events.has(text)),
    [],
  );
});

/** Types of events: a list in the one context, where they are published in the other. */
function eventTypes(): string[] {
  const listed = [...read('src/contexts/operators/events.ts').matchAll(/'(operators\.\w+)':/g)];
  const published = globSync('src/contexts/messaging/**/*.ts', { cwd: root }).flatMap((path) => [
    ...read(path).matchAll(
      /(?:publish\(trx, |publish\(trx, \{\s*type: |announce\(deps, trx, batch, |_ENDED = )'(messaging\.\w+)'/g,
    ),
  ]);
  return [...new Set([...listed, ...published].map(([, type = '']) => type))];
}

test('the guides name every event, rule, role and kind of organisation', () => {
  for (const type of eventTypes()) assert.ok(read('docs/guides/developer.md').includes(`\`${type}\``), type);
  const pack = JSON.parse(read('src/contexts/operators/rules/packs/third-party-payment-2022.json')) as {
    rules: { id: string }[];
  };
  assert.deepEqual(
    mentions(/^\| `([a-z-]+)` \|/gm, ['docs/guides/case-officer.md'])
      .map(({ text }) => text)
      .sort(),
    pack.rules.map((rule) => rule.id).sort(),
  );
  const administrator = read('docs/guides/administrator.md');
  for (const role of roles) assert.match(administrator, new RegExp(`^\\| ${role} \\|`, 'm'));
  for (const kind of organisationKinds) assert.ok(administrator.includes(`\`${kind}\``), kind);
});

test('the two commands of the README give the figures of the README', (t) => {
  const text = read('README.md');
  const lines = [...text.matchAll(/^npx xinlai (synthetic|reconcile) (.+)$/gm)];
  assert.deepEqual(
    lines.map(([, name]) => name),
    ['synthetic', 'reconcile'],
  );
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-readme-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [, name = '', rest = ''] of lines) {
    execFileSync(process.execPath, [join(root, 'bin/xinlai.js'), name, ...rest.split(' ')], {
      cwd: folder,
      stdio: 'pipe',
    });
  }
  const { funnel } = JSON.parse(readFileSync(join(folder, 'out/findings.json'), 'utf8')) as {
    funnel: { step: string; count: number }[];
  };
  const count = (step: string): string =>
    (funnel.find((one) => one.step === step)?.count ?? -1).toLocaleString('en-US');
  const [, inBeing, operating, withoutItem] =
    /\*\*勾稽與漏斗\*\*：([\d,]+) 家.*?，(\d+) 家實際經營，其中 (\d+) 家/.exec(text) ?? [];
  assert.equal(count('in-being'), inBeing);
  assert.equal(count('operating'), operating);
  assert.equal(count('operating-without-item'), withoutItem);
  for (const figure of [inBeing, operating, withoutItem])
    assert.ok(new RegExp(`\\b${figure}\\b[^]*\\b${figure}\\b`).test(text), `${figure} in both languages`);
  for (const file of text.match(/`(findings\.\w+|rejected\.csv)`/g) ?? [])
    assert.ok(existsSync(join(folder, 'out', file.replaceAll('`', ''))), file);
});
