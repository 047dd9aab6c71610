import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnLetter, findColumns } from './columns.ts';

const body = [
  ['王小明', '02-23808411', '912345678', '1,200'],
  ['李大同', '02-23808412', '0922333444', '300'],
];

test('the number column is found by name, by what stands in it, and never taken from a landline column', () => {
  const by = (header: string[]): unknown => {
    const found = findColumns([header, ...body], ['姓名']);
    return 'code' in found ? found.code : [found.phone, found.phoneBy, found.fields];
  };
  assert.deepEqual(by(['姓名', '電話', '手機號碼', '金額']), [2, 'name', [0]]);
  assert.deepEqual(by(['姓名', '電話', ' Mobile_Phone ', '金額']), [2, 'name', [0]]);
  assert.deepEqual(by(['姓名', '電話', '欄三', '金額']), [2, 'content', [0]]);
  assert.deepEqual(by(['全名', '電話', '手機', '金額']), 'field_columns_missing');
});

test('a choice overrides what was found, by name or letter; an unknown column is named', () => {
  const rows = [['名字', '電話', '手機', '金額'], ...body];
  const chosen = findColumns(rows, ['姓名', '金額'], { phone: 'B', fields: { 姓名: '名字' } });
  assert.ok(!('code' in chosen));
  assert.deepEqual([chosen.phone, chosen.phoneBy, chosen.fields], [1, 'choice', [0, 3]]);
  const wrong = findColumns(rows, [], { phone: '傳真' });
  assert.deepEqual('code' in wrong && wrong.code, 'column_unknown');
});

test('a file without a header begins with a recipient, and its columns are letters', () => {
  const found = findColumns(body, [], {});
  assert.ok(!('code' in found));
  assert.deepEqual([found.hasHeader, found.names.slice(0, 2), found.phone], [false, ['A', 'B'], 2]);
  // A first recipient whose number is wrong is none the less a recipient: nothing of him becomes the name of a column.
  for (const wrong of ['098765430', '0912-345-67', '02-23808411', '09123456789', '091234567o']) {
    const bad = findColumns([['王小明', 'x', wrong], ...body], []);
    assert.ok(!('code' in bad));
    assert.deepEqual([bad.hasHeader, bad.names.slice(0, 3)], [false, ['A', 'B', 'C']], wrong);
  }
  assert.equal(columnLetter(27), 'AB');
  const none = findColumns([['a'], ['b']], []);
  assert.equal('code' in none && none.code, 'phone_column_missing');
});
