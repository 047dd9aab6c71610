import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from './csv.ts';

test('a chart leaves as CSV that Excel reads as text: BOM, quotes doubled, no formula', () => {
  const text = csvOf({
    categoryLabel: '業者',
    categories: ['=1+1', '甲, "乙"'],
    series: [{ name: '件數', values: [3, null] }],
  });
  assert.equal(text, '\uFEFF業者,件數\r\n\'=1+1,3\r\n"甲, ""乙""",\r\n');
});
