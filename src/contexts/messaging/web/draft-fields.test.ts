import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldNames, fieldsOf, valuePlaces } from './draft-fields.ts';

describe('the fields of a body', () => {
  it('are named once each, in the order in which they stand', () => {
    assert.deepEqual(fieldNames('{{姓名}}您好，{{ 金額 }}元，{{姓名}}請於{{期限}}前'), [
      '姓名',
      '金額',
      '期限',
    ]);
  });

  it('keep what was settled of them, and are guessed where nothing was', () => {
    const [name, code] = fieldsOf('{{姓名}} {{驗證碼}}', { 姓名: { type: 'text', maxLength: 7 } });
    assert.deepEqual(name, { name: '姓名', type: 'text', maxLength: 7 });
    assert.equal(code?.type, 'code');
  });

  it('are found in a composed text, given or sampled', () => {
    const text = '678數位發展部：王小明您好，共1,200元。請洽1999';
    const start = text.indexOf('王');
    const places = valuePlaces(text, start, '{{姓名}}您好，共{{金額}}元。請洽', { 金額: '1,200' });
    assert.deepEqual(
      places.map(({ start: from, end }) => text.slice(from, end)),
      ['王小明', '1,200'],
    );
  });

  it('are not guessed at where a text is of another body', () => {
    assert.deepEqual(valuePlaces('別的文字', 0, '您好{{姓名}}', {}), []);
  });
});
