/**
 * A process that delivers one event and is killed while the handler works; run by outbox.test.ts.
 * argv: database address. Writes its effect in the transaction of the handler, says so, and never ends by itself.
 */
import { sql } from 'kysely';
import { connect } from '../database.ts';
import { createLog } from '../log.ts';
import { createOutbox } from './outbox.ts';

const database = connect(process.argv[2] ?? '', 4);
const outbox = createOutbox({ database, log: createLog('silent'), pollMs: 20 });
outbox.subscribe({
  name: 'counter',
  types: ['shop.*'],
  async handle(transaction, event) {
    await sql`insert into public.effect (event, pid) values (${event.id}, ${process.pid})`.execute(
      transaction,
    );
    process.stdout.write('effect written\n');
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  },
});
await outbox.start();
