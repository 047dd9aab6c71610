import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allErrors } from '#platform/errors';
import { settingsSchema } from '#platform/settings';
import { errorsPage, settingsPage } from '../scripts/reference-pages.ts';

const root = new URL('..', import.meta.url);
const page = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const AGAIN = 'run `node scripts/write-docs.ts`';

test('docs/errors.md lists every error that the code defines', async () => {
  const expected = await errorsPage(fileURLToPath(root));
  assert.ok(allErrors().size > 50, `only ${allErrors().size} errors were found`);
  for (const code of allErrors().keys()) assert.ok(expected.includes(`\`${code}\``), code);
  assert.equal(page('docs/errors.md'), expected, AGAIN);
});

test('docs/settings.md lists every setting', () => {
  const expected = settingsPage();
  for (const name of Object.keys(settingsSchema.properties))
    assert.ok(expected.includes(`\`${name}\``), name);
  assert.equal(page('docs/settings.md'), expected, AGAIN);
});

test('an error says in Chinese and in English what to do, with the same parameters', async () => {
  await errorsPage(fileURLToPath(root));
  for (const [code, { zh, en, status }] of allErrors()) {
    assert.match(zh, /\p{Script=Han}/u, code);
    assert.match(en, /[a-z]/, code);
    assert.deepEqual(parameters(zh), parameters(en), code);
    assert.ok(status >= 400 && status < 600, code);
    assert.match(code, /^[a-z_-]+\.[a-z0-9_]+$/, code);
  }
});

/** `{zh}` and `{en}` are the same words in either language. */
function parameters(text: string): string[] {
  return [...new Set(text.replaceAll(/\{(?:zh|en)\}/g, '{words}').match(/\{\w+\}/g) ?? [])].sort();
}
