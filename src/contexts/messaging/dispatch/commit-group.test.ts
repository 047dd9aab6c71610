import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { createLog } from '#platform/log';
import { allMigrations, freshDatabase } from '#test/database';
import { CommitGroup } from './commit-group.ts';
import { Committer } from './cycle-commit.ts';
import { CycleFacts } from './facts.ts';

const fresh = await freshDatabase(allMigrations);
const { database } = fresh;
const { pool } = database;
const links = ['lnk_a', 'lnk_b', 'lnk_c'] as const;
for (const id of links)
  await pool.query(
    `insert into messaging.link (id, space, telecom, name, host, port, system_id, sealed_password, parts_per_second)
    values ($1, 'test', 'cht', $1, '127.0.0.1', 1, 's', '\\x00', 100)`,
    [id],
  );
const group = new CommitGroup(database);
after(async () => {
  group.close();
  await fresh[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await pool.query('truncate messaging.link_lease, messaging.intent');
  for (const id of links)
    await pool.query(
      `insert into messaging.link_lease (link_id, holder, token, expires_at) values ($1, 'h', 2, now())`,
      [id],
    );
});

const committerOf = (linkId: string, token = 2): Committer =>
  new Committer({
    database,
    log: createLog('silent'),
    lease: { linkId, token, cycle: 0, openFrom: 0 },
    holdMs: 1000,
    group,
  });

function intentOf(id: number, toRow = 9): CycleFacts {
  const facts = new CycleFacts();
  facts.intent(id, 1, 0, toRow);
  return facts;
}

const never = () => false;
const written = async (): Promise<{ id: number; link_id: string; transaction: string }[]> =>
  (await pool.query('select id, link_id, xmin::text as transaction from messaging.intent order by id')).rows;

test('cycles of links that meet are one transaction', async () => {
  const [a, b, c] = links.map((id) => committerOf(id)) as [Committer, Committer, Committer];
  // The first goes at once; the others arrive while it is under way.
  const first = a.commit(intentOf(1), 0, never);
  const held = await Promise.all([first, b.commit(intentOf(2), 0, never), c.commit(intentOf(3), 0, never)]);
  assert.deepEqual(held, [true, true, true]);
  const [one, two, three] = await written();
  assert.equal(two?.transaction, three?.transaction);
  assert.deepEqual([one?.link_id, two?.link_id, three?.link_id], links);
});

test('a link whose lease is lost writes nothing, and those it shares a commit with are none the worse', async () => {
  const [a, b, c] = [committerOf('lnk_a'), committerOf('lnk_b', 1), committerOf('lnk_c')] as const;
  const held = await Promise.all([
    a.commit(intentOf(1), 0, never),
    b.commit(intentOf(2), 0, never),
    c.commit(intentOf(3), 0, never),
  ]);
  assert.deepEqual(held, [true, false, true]);
  assert.deepEqual(
    (await written()).map(({ id }) => id),
    [1, 3],
  );
});

test('facts that the database refuses keep no other link from its commit', async () => {
  const [a, b, c] = links.map((id) => committerOf(id)) as [Committer, Committer, Committer];
  let ended = false;
  const [, refused, held] = await Promise.all([
    a.commit(intentOf(1), 0, never),
    b.commit(intentOf(2, 2 ** 40), 0, () => ended),
    c.commit(intentOf(3), 0, never).finally(() => (ended = true)),
  ]);
  assert.deepEqual([refused, held], [false, true]);
  assert.deepEqual(
    (await written()).map(({ id }) => id),
    [1, 3],
  );
});
