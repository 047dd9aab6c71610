import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folders = ['src/web/messages', ...globSync('src/contexts/*/web/messages', { cwd: root })];
const pages = globSync(['src/web/**/*.tsx', 'src/contexts/*/web/**/*.tsx'], { cwd: root });

type Messages = Readonly<Record<string, string>>;
const read = (folder: string, locale: string): Messages =>
  JSON.parse(readFileSync(`${root}/${folder}/${locale}.json`, 'utf8')) as Messages;
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
const withoutComments = (source: string): string =>
  source.replaceAll(/(?<=^|\s|\{)(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*)/gm, '');

test('every message stands in both languages, with the same placeholders and some text', () => {
  for (const folder of folders) {
    const [zh, en] = [read(folder, 'zh-TW'), read(folder, 'en')];
    assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort(), folder);
    for (const [key, text] of Object.entries(zh)) {
      assert.notEqual(text, '', `${folder}: ${key}`);
      assert.deepEqual(placeholders(text), placeholders(en[key]!), `${folder}: ${key}`);
    }
  }
});

test('no two folders hold the same message', () => {
  const keys = folders.flatMap((folder) => Object.keys(read(folder, 'en')));
  assert.deepEqual(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    [],
  );
});

test('every message that a page asks for is there, is given its placeholders, and none is unused', () => {
  const known: Messages = Object.assign({}, ...folders.map((folder) => read(folder, 'en'))) as Messages;
  const sources = globSync(['src/web/**/*.{ts,tsx}', 'src/contexts/*/web/**/*.{ts,tsx}'], { cwd: root });
  const used = new Set<string>();
  const wrong: string[] = [];
  for (const file of sources.filter((file) => !file.endsWith('.test.ts'))) {
    const source = withoutComments(readFileSync(`${root}/${file}`, 'utf8'));
    for (const [, key = '', given] of source.matchAll(/\bm\.([a-z][a-z0-9_]*)\((\)|\{)?/g)) {
      used.add(key);
      const text = known[key];
      if (text === undefined) wrong.push(`${file}: ${key} is in no language`);
      else if (given === ')' && placeholders(text).length > 0)
        wrong.push(`${file}: ${key} lacks its placeholders`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(
    Object.keys(known).filter((key) => !used.has(key)),
    [],
  );
});

test('no page holds Chinese text of its own', () => {
  // Words for the palette are typed in either language and never shown.
  const shown = (source: string): string => withoutComments(source).replaceAll(/^\s*words: '[^']*',$/gm, '');
  const found = pages.filter((file) =>
    /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]/u.test(shown(readFileSync(`${root}/${file}`, 'utf8'))),
  );
  assert.deepEqual(found, []);
});
