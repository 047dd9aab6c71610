import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { systemCaller } from '#platform/access';
import { auditMigrations, createAudit, openAuditKeys } from '#platform/audit/audit';
import type { Campaign } from './campaign.ts';

const caller = systemCaller('soak');

/** Acts are recorded and sealed side by side. */
export const audit: Campaign = {
  promise:
    'an act that was committed is in the trail, and the trail is whole, whenever the process is killed',
  migrations: [auditMigrations],
  async work({ database, folder }, done) {
    const trail = createAudit({ database, keys: openAuditKeys(folder, { create: true }) });
    const record = async (): Promise<never> => {
      for (let number = 0; ; number++) {
        const id = `${process.pid}-${number}-${Math.random()}`;
        const entry = { caller, action: 'soak.done', subject: { kind: 'thing', id } };
        await database
          .of('audit')
          .transaction()
          .execute((trx) => trail.record(trx, entry));
        done(id);
      }
    };
    const seal = async (): Promise<never> => {
      for (;;) await trail.seal();
    };
    return Promise.race([record(), record(), seal()]);
  },
  async check({ database, folder }, acknowledged) {
    const trail = createAudit({ database, keys: openAuditKeys(folder, { create: false }) });
    const midway = await trail.verify();
    assert.ok(midway.ok, JSON.stringify(midway));
    await trail.seal();
    const whole = await trail.verify();
    assert.ok(whole.ok, JSON.stringify(whole));
    assert.ok(whole.entries >= acknowledged.size, `${whole.entries} sealed, ${acknowledged.size} told`);
    const { rows } = await sql<{ missing: number }>`
      select count(*)::int as missing from unnest(${[...acknowledged]}::text[]) as told (id)
      where not exists (select 1 from audit.entry e where e.subject_id = told.id and e.subject_kind = 'thing')`.execute(
      database.of('audit'),
    );
    assert.equal(rows[0]?.missing, 0, 'acts that were told are missing');
  },
};
