import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MatchRow } from '../contract.ts';
import { firmsOf } from './match-firms.ts';

const candidate = (ubn: string, name: string, score = 1) => ({
  ubn,
  name,
  gone: false,
  score,
  address: null,
});
const match = (part: Partial<MatchRow>): MatchRow => ({
  key: 'mk_1',
  row: { file: 'a.csv', row: 2, source: 'fsc_reply', values: {} },
  name: '甲公司',
  ubn: null,
  outcome: 'ambiguous',
  explanation: null,
  candidates: [],
  judgement: null,
  ...part,
});

test('the firm that a row was tied to comes first, and none comes twice', () => {
  const firms = firmsOf(match({ ubn: '2', candidates: [candidate('1', '乙'), candidate('2', '丙')] }));
  assert.deepEqual(
    firms.map(({ ubn }) => ubn),
    ['2', '1'],
  );
});

test('a number that disagrees with the name is shown with the name of the register', () => {
  const firms = firmsOf(
    match({
      ubn: '9',
      outcome: 'conflict',
      candidates: [candidate('1', '甲公司')],
      explanation: { tier: 'ubn-and-name', score: 0, features: { registerName: '丁公司' }, runnerUp: null },
    }),
  );
  assert.deepEqual(
    firms.map(({ ubn, name }) => [ubn, name]),
    [
      ['9', '丁公司'],
      ['1', '甲公司'],
    ],
  );
});

const explained = (ubn: string | null) =>
  firmsOf(
    match({
      explanation: {
        tier: 'similar-name',
        score: 0.8,
        features: {},
        runnerUp: { ubn, name: '戊', score: 0.7 },
      },
    }),
  );

test('the runner-up can be chosen, one without a number cannot', () => {
  assert.deepEqual(
    explained('5').map(({ ubn }) => ubn),
    ['5'],
  );
  assert.deepEqual(explained(null), []);
});
