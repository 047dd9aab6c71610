import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import attribution from '../../datasets/attribution.json' with { type: 'json' };

const DATASETS = fileURLToPath(new URL('../../datasets/', import.meta.url));
const shipped = readdirSync(DATASETS, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(DATASETS, join(entry.parentPath, entry.name)).normalize('NFC'))
  .filter((file) => file !== 'README.md' && file !== 'attribution.json')
  .sort();

test('every shipped file has one source with licence and statement, and no source names a missing file', () => {
  assert.deepEqual(attribution.flatMap((source) => source.files).sort(), shipped);
  for (const { id, licence, statement } of attribution) {
    assert.ok(['OGDL-Taiwan-1.0', 'Apache-2.0'].includes(licence), id);
    if (licence === 'OGDL-Taiwan-1.0')
      assert.match(statement, /〔.+〕。.*https:\/\/data\.gov\.tw\/license$/u, id);
  }
});

test('the README names every file', () => {
  const readme = readFileSync(join(DATASETS, 'README.md'), 'utf8');
  for (const file of shipped) assert.ok(readme.includes(`\`${file}\``), file);
});

test('the data stays small', () => {
  const bytes = shipped.reduce((sum, file) => sum + statSync(join(DATASETS, file)).size, 0);
  assert.ok(bytes < 3_500_000, `${bytes} bytes`);
});

test('the company list ships without the names of persons', () => {
  const rows = readFileSync(join(DATASETS, 'company-lists/公司登記-第三方支付服務業-20250301.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(rows[0]?.split(',')[2], '負責人');
  assert.deepEqual(
    rows.slice(1).filter((row) => row.split(',')[2] !== ''),
    [],
  );
});
