import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COUNTIES, countyByCode, countyOf } from './region.ts';

test('there are 22 counties, each with its own code, letter, name and tile', () => {
  assert.equal(COUNTIES.length, 22);
  for (const key of ['code', 'letter', 'name', 'english'] as const)
    assert.equal(new Set(COUNTIES.map((county) => county[key])).size, 22, key);
  assert.equal(new Set(COUNTIES.map(({ row, column }) => `${row},${column}`)).size, 22);
});

test('a county is read from the beginning of an address', () => {
  assert.equal(countyOf('臺北市大同區市民大道1段')?.english, 'Taipei City');
  assert.equal(countyOf('台北市大同區')?.name, '臺北市');
  assert.equal(countyOf('　103 臺東縣臺東市')?.name, '臺東縣');
  assert.equal(countyOf('(100)臺灣省新竹縣竹北市')?.name, '新竹縣');
  assert.equal(countyOf('福建省金門縣')?.name, '金門縣');
  assert.equal(countyOf('臺北縣板橋市')?.name, '新北市');
  assert.equal(countyOf('板橋區文化路'), null);
  assert.equal(countyOf(''), null);
  assert.equal(countyByCode('68000')?.name, '桃園市');
  assert.equal(countyByCode('1'), null);
});

test('every address of the registered businesses names its county', () => {
  const file = new URL(
    '../../datasets/company-lists/商業登記-第三方支付服務業-20240501.csv',
    import.meta.url,
  );
  const addresses = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[2]!);
  const lost = addresses.filter((address) => countyOf(address) === null);
  assert.deepEqual(lost, []);
});
