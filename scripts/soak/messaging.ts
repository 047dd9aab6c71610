import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#platform/database';
import { createLog } from '#platform/log';
import { readLedger } from '../../src/contexts/messaging/dispatch/ledger.ts';
import { numbersFrom, openRig } from '../../src/contexts/messaging/dispatch/rig.ts';
import { createTelecom, type Telecom } from '../../src/contexts/messaging/simulator/telecom.ts';
import { allMigrations } from '../../src/migrations.ts';
import type { Campaign } from './campaign.ts';

/** What a link has under way at most; a kill leaves no more than this open. */
const WINDOW = 100;
/** Messages that wait for their turn. */
const AHEAD = 4000;

/** Telecoms that live while senders are killed; `once` goes to the first, `at-least-once` to the second. */
let telecoms: { readonly once: Telecom; readonly again: Telecom } | null = null;
const broken: string[] = [];

/** Rows with an intent that has no answer yet, by link. */
async function openRows(database: Database): Promise<{ link: string; rows: number }[]> {
  const { rows } = await database.pool.query<{ link: string; rows: number }>(`
    select intent.link_id as link, count(*)::int as rows from messaging.intent
    join messaging.link_lease as lease on lease.link_id = intent.link_id and intent.id >= lease.open_from
    cross join lateral generate_series(from_row, to_row) as place
    where not exists (select from messaging.submission
        where submission.chunk_id = intent.chunk_id and submission.intent_id = intent.id
          and place = any (submission.rows))
      and not exists (select from messaging.outcome
        where outcome.chunk_id = intent.chunk_id and outcome.row = place)
    group by 1`);
  return rows;
}

async function sample(database: Database): Promise<void> {
  const { accepted, waiting, sending, submitted, ended, lost, twice, miscounted } =
    await readLedger(database);
  if (waiting + sending + submitted + ended !== accepted)
    broken.push(`${waiting} + ${sending} + ${submitted} + ${ended} are not ${accepted}`);
  if (lost + twice + miscounted > 0)
    broken.push(`${lost} lost, ${twice} intended twice, ${miscounted} miscounted`);
}

/** Texts are sent over SMPP to telecoms that answer late, receipts first, receipts twice, and break connections. */
export const messaging: Campaign = {
  promise: 'no accepted text is lost or sent twice under `once`, and a kill leaves one window open at most',
  migrations: allMigrations.filter(({ schema }) => ['audit', 'vault', 'messaging'].includes(schema)),
  async open({ database, folder }) {
    const dials = { receiptMs: 30, responseJitterMs: 5, duplicateReceipts: 0.05, receiptFirst: 0.05 };
    const once = await createTelecom({ name: 'once', port: 0, seed: 1, dials, phones: 0 });
    const again = await createTelecom({ name: 'again', port: 0, seed: 2, dials, phones: 0 });
    telecoms = { once, again };
    writeFileSync(join(folder, 'ports'), `${once.port} ${again.port}`);
    const sampling = new AbortController();
    const samples = (async () => {
      while (!sampling.signal.aborted) {
        const began = performance.now();
        await sample(database);
        // The account is read row by row: it must not become the load.
        await sleep(100 + 4 * (performance.now() - began));
      }
    })();
    return async () => {
      sampling.abort();
      await samples;
      await Promise.all([once.close(), again.close()]);
    };
  },
  async work({ database, folder }, done) {
    const rig = await openRig(database, folder);
    const [once, again] = readFileSync(join(folder, 'ports'), 'utf8').split(' ').map(Number) as [
      number,
      number,
    ];
    await rig.addLink({ id: 'lnk_once', telecom: 'cht', port: once, window: WINDOW });
    await rig.addLink({ id: 'lnk_again', telecom: 'fet', port: again, window: WINDOW, mode: 'transceiver' });
    const dispatcher = rig.dispatcher({ holdMs: 300, log: createLog('silent') });
    await dispatcher.start();
    for (let start = Math.floor(Math.random() * 80_000_000); ; start += 2000) {
      const long = '案件資料'.repeat(20);
      const sent = await Promise.all([
        rig.send({ numbers: numbersFrom(start, 600), chunkRows: 300 }),
        rig.send({
          numbers: numbersFrom(start + 700, 60),
          class: 'single',
          item: long,
          parts: 2,
          chunkRows: 20,
        }),
        rig.send({
          numbers: numbersFrom(start + 800, 300),
          telecom: 'fet',
          policy: 'at-least-once',
          chunkRows: 300,
        }),
      ]);
      dispatcher.wake();
      for (const id of sent.flat()) done(String(id));
      for (let ahead = AHEAD + 1; ahead > AHEAD; await sleep(5)) {
        const { rows } = await database.pool.query<{ ahead: number }>(
          'select coalesce(sum(row_count), 0)::int as ahead from messaging.chunk_queue join messaging.chunk on id = chunk_id',
        );
        ahead = rows[0]?.ahead ?? 0;
      }
    }
  },
  async check({ database }, acknowledged) {
    for (const { link, rows } of await openRows(database))
      assert.ok(rows <= WINDOW, `${rows} messages of ${link} are open after a kill`);
    await sample(database);
    assert.deepEqual(broken, []);
    assert.equal(telecoms?.once.counters.duplicates, 0, 'a text was sent twice under `once`');
    const { rows } = await database.pool.query<{ known: number }>(
      'select count(*)::int as known from messaging.chunk where id = any ($1::bigint[])',
      [[...acknowledged]],
    );
    assert.equal(rows[0]?.known, acknowledged.size, 'an accepted chunk is gone');
  },
};
