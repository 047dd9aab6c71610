import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { reconcileFolderForTruth } from './synthetic-truth.ts';

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'xinlai-truth-'));
  folders.push(made);
  return made;
};
after(() => Promise.all(folders.map((made) => rm(made, { recursive: true, force: true }))));

test('the audit of 2023-11-30 is found as planted: 90 operating, 12 without the item, 9 large and not passed', async () => {
  const { result, disagreements } = await reconcileFolderForTruth({
    seed: 7,
    size: 'audit',
    folder: await folder(),
    asOf: '2023-11-30',
  });
  assert.deepEqual(disagreements, []);
  const count = new Map(result.funnel.map((step) => [step.step, step.count]));
  assert.ok(count.get('in-being')! > 12_000);
  assert.deepEqual(
    [
      'operating',
      'operating-without-item',
      'finding:large-without-registration',
      'finding:high-risk-shop-without-measure',
    ].map((step) => count.get(step)),
    [90, 12, 9, 2],
  );
});

test('60 registrations are in force on 2024-06-07, and what has lapsed since is found', async () => {
  const { result, truth, disagreements } = await reconcileFolderForTruth({
    seed: 8,
    size: 'audit',
    folder: await folder(),
    asOf: '2024-06-07',
  });
  assert.deepEqual(disagreements, []);
  const inForce = result.operators.filter((one) => one.registration === 'in-force').map((one) => one.ubn);
  assert.deepEqual(inForce, truth.passed);
  assert.equal(inForce.length, 60);
});
