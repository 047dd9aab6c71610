import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { createGroupCommit } from './group-commit.ts';

const busy = (): Error => new Error('busy');

test('every item gets its own result, in groups no larger than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      async (items, most, lanes) => {
        let running = 0;
        let widest = 0;
        const commits = createGroupCommit<number, number>({
          most,
          lanes,
          waiting: 1000,
          partyOf: () => 'one',
          waitingOfParty: 1000,
          refuse: busy,
          commit: async (group) => {
            assert.ok(group.length <= most);
            widest = Math.max(widest, ++running);
            await sleep(0);
            running--;
            return group.map((item) => item * 2);
          },
        });
        const results = await Promise.all(Array.from({ length: items }, (_, item) => commits.add(item)));
        assert.deepEqual(
          results,
          Array.from({ length: items }, (_, item) => item * 2),
        );
        assert.ok(widest <= lanes);
        await commits.idle();
      },
    ),
    { numRuns: 40 },
  );
});

test('what arrives while a commit runs goes into the next one together', async () => {
  const sizes: number[] = [];
  const commits = createGroupCommit<number, number>({
    most: 500,
    lanes: 1,
    waiting: 1000,
    partyOf: () => 'one',
    waitingOfParty: 1000,
    refuse: busy,
    commit: async (group) => {
      sizes.push(group.length);
      await sleep(5);
      return [...group];
    },
  });
  const first = commits.add(0);
  await sleep(2);
  await Promise.all([first, ...Array.from({ length: 40 }, (_, item) => commits.add(item))]);
  assert.deepEqual(sizes, [1, 40]);
});

test('a group that fails is refused as a whole and the next one goes on', async () => {
  let calls = 0;
  const commits = createGroupCommit<number, number>({
    most: 10,
    lanes: 1,
    waiting: 100,
    partyOf: () => 'one',
    waitingOfParty: 1000,
    refuse: busy,
    commit: async (group) => {
      if (++calls === 1) throw new Error('disk full');
      return [...group];
    },
  });
  const failed = await Promise.allSettled([commits.add(1), commits.add(2)]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await commits.add(3), 3);
});

test('above the limit of waiting items the newcomer is refused at once', async () => {
  let release = (): void => {};
  const commits = createGroupCommit<number, number>({
    most: 1,
    lanes: 1,
    waiting: 2,
    partyOf: () => 'one',
    waitingOfParty: 1000,
    refuse: busy,
    commit: (group) => new Promise((resolve) => (release = () => resolve([...group]))),
  });
  const first = commits.add(1);
  // Under way, so that it waits no more.
  await nextTurn();
  await nextTurn();
  const second = commits.add(2);
  const third = commits.add(3);
  await assert.rejects(commits.add(4), /busy/);
  for (const waiting of [first, second, third]) {
    release();
    await waiting;
    await nextTurn();
    await nextTurn();
  }
});

test('another commit beside one under way is begun only for many, and those just answered are waited for together', async () => {
  const groups: number[] = [];
  const open: (() => void)[] = [];
  const commits = createGroupCommit<number, number>({
    most: 10,
    lanes: 2,
    another: 4,
    gatherMs: 60_000,
    waiting: 100,
    partyOf: () => 'one',
    waitingOfParty: 1000,
    refuse: busy,
    commit: (group) => {
      groups.push(group.length);
      return new Promise((resolve) => open.push(() => resolve([...group])));
    },
  });
  const turns = async (): Promise<void> => {
    await nextTurn();
    await nextTurn();
  };
  const first = [commits.add(1), commits.add(2), commits.add(3)];
  await turns();
  const second = [commits.add(4), commits.add(5), commits.add(6)];
  await turns();
  assert.deepEqual(groups, [3]);
  second.push(commits.add(7));
  await turns();
  assert.deepEqual(groups, [3, 4]);
  for (const done of open) done();
  await Promise.all([...first, ...second]);
  const third = [commits.add(8), commits.add(9), commits.add(10)];
  await turns();
  assert.deepEqual(groups, [3, 4]);
  third.push(commits.add(11));
  await turns();
  assert.deepEqual(groups, [3, 4, 4]);
  open.at(-1)?.();
  await Promise.all(third);
});

test('a party that fills its queue delays and shuts out nobody else', async () => {
  const groups: string[][] = [];
  const commits = createGroupCommit<string, string>({
    most: 10,
    lanes: 1,
    waiting: 1000,
    waitingOfParty: 200,
    partyOf: (item) => item.slice(0, 1),
    refuse: busy,
    commit: async (group) => {
      groups.push([...group]);
      await sleep(1);
      return [...group];
    },
  });
  const bulk = Array.from({ length: 200 }, (_, item) => commits.add(`a${item}`));
  await assert.rejects(commits.add('a-too-much'), /busy/);
  const code = commits.add('b0');
  await code;
  assert.ok(groups.length <= 2, `served in commit ${groups.length}`);
  await Promise.all(bulk);
  assert.deepEqual(
    groups.flat().filter((item) => item.startsWith('a')),
    Array.from({ length: 200 }, (_, item) => `a${item}`),
    'in the order of its coming',
  );
});
