import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { allMigrations } from '../../../migrations.ts';
import { freshDatabase } from '#test/database';
import { createTelecom } from '../simulator/telecom.ts';
import { numbersFrom, openRig } from './rig.ts';

const fresh = await freshDatabase(allMigrations);
const folder = mkdtempSync(join(tmpdir(), 'xinlai-dispatch-'));
const rig = await openRig(fresh.database, folder);
after(async () => {
  await fresh[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('a batch is sent once and every receipt becomes an outcome', async (t) => {
  const telecom = await createTelecom({ name: 't', port: 0, seed: 1, dials: { receiptMs: 20 } });
  t.after(() => telecom.close());
  await rig.addLink({ port: telecom.port });
  await rig.send({ numbers: numbersFrom(0, 2500) });
  const dispatcher = rig.dispatcher();
  await dispatcher.start();
  t.after(() => dispatcher.stop());
  for (let i = 0; i < 200 && telecom.counters.receiptsAcknowledged < 2500; i++) await sleep(50);
  assert.equal(telecom.counters.distinct, 2500);
  assert.equal(telecom.counters.duplicates, 0);
  const { rows } = await fresh.database.pool.query(
    'select state, count(*)::int from messaging.outcome group by 1',
  );
  console.log(
    rows,
    (await fresh.database.pool.query('select kind,link_id,messages from messaging.tally')).rows,
    telecom.textsOf('0912000000')[0],
  );
});
