import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Database } from '#platform/database';
import { createLog } from '#platform/log';
import { createOutbox, outboxMigrations, type Outbox } from '#platform/outbox/outbox';
import type { Campaign } from './campaign.ts';

/** Two subscribers that write down what they handle. */
function listening(database: Database): Outbox {
  const outbox = createOutbox({ database, log: createLog('silent'), pollMs: 10 });
  for (const name of ['one', 'two']) {
    outbox.subscribe({
      name,
      types: ['soak.*'],
      handle: async (trx, event) => {
        const { unit } = event.payload as { unit: string };
        await sql`insert into public.effect (subscriber, unit) values (${name}, ${unit})`.execute(trx);
      },
    });
  }
  return outbox;
}

/** Events are published and handled side by side. */
export const outbox: Campaign = {
  promise: 'an event that was committed is handled once by each subscriber, whenever the process is killed',
  migrations: [outboxMigrations],
  sql: 'create table public.effect (subscriber text, unit text); create index on public.effect (unit)',
  async work({ database }, done) {
    const box = listening(database);
    await box.start();
    for (let number = 0; ; number++) {
      const unit = `${process.pid}-${number}-${Math.random()}`;
      await database
        .of('outbox')
        .transaction()
        .execute((trx) => box.publish(trx, { type: 'soak.done', payload: { unit } }));
      done(unit);
    }
  },
  async check({ database }, acknowledged) {
    await listening(database).drain();
    const { rows } = await sql<{ wrong: number }>`
      select count(*)::int as wrong from unnest(${[...acknowledged]}::text[]) as told (unit)
      cross join (values ('one'), ('two')) as expected (subscriber)
      where (select count(*) from public.effect e where e.unit = told.unit and e.subscriber = expected.subscriber) <> 1`.execute(
      database.of('outbox'),
    );
    assert.equal(rows[0]?.wrong, 0, 'events that were told have no effect, or several');
  },
};
