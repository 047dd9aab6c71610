import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunnelStepRow } from '../contract.ts';
import { stagesOf } from './funnel-steps.ts';

const step = (name: string, count: number, of: string | null): FunnelStepRow => ({
  step: name,
  count,
  of,
  zh: name,
  en: name,
  opens: { list: 'operators', key: name },
  parts: [],
});

const funnel = [
  step('register-rows', 64_193, null),
  step('with-item', 18_065, 'register-rows'),
  step('in-being', 12_353, 'with-item'),
  step('gone', 5533, 'with-item'),
  step('in-tax-register', 10_720, 'in-being'),
  step('with-item-and-activity', 84, 'with-item'),
  step('operating-with-item', 78, 'with-item-and-activity'),
  step('operating-without-item', 12, 'operating'),
  step('operating', 90, null),
  step('operating-registered', 21, 'operating'),
  step('unclear', 11, null),
  step('unclear-unidentified', 5, 'unclear'),
  step('finding:large-without-registration', 9, null),
];

test('every step of a run but its findings stands in the picture once', () => {
  const stages = stagesOf(funnel);
  const shown = stages.flatMap(({ step, beside }) => [step, ...beside].map(({ step }) => step)).sort();
  const wanted = funnel.map(({ step }) => step).filter((name) => !name.startsWith('finding:'));
  assert.deepEqual(shown, wanted.sort());
});

test('a share is that of the step it is a part of, and told of no other', () => {
  const shares = Object.fromEntries(stagesOf(funnel).map(({ step, share }) => [step.step, share]));
  assert.equal(shares['register-rows'], null);
  assert.equal(shares['in-being'], 12_353 / 18_065);
  assert.equal(shares['with-item-and-activity'], 84 / 18_065, 'firms not in being count too');
  assert.equal(shares['operating'], null, '90 operate of 84 with the item: 12 came from elsewhere');
  assert.equal(shares['operating-registered'], 21 / 90);
});

test('the longest bar is that of the largest step, and an empty step has none', () => {
  const [first, second] = stagesOf([
    step('register-rows', 1000, null),
    step('with-item', 0, 'register-rows'),
  ]);
  assert.equal(first?.length, 1);
  assert.equal(second?.length, 0);
});

test('a run without any step makes an empty picture', () => {
  assert.deepEqual(stagesOf([]), []);
});
