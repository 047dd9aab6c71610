import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '#test/database';
import type { Campaign } from './campaign.ts';
import { campaigns } from './campaigns.ts';
import { runCampaign } from './run-campaign.ts';

for (const [name, campaign] of Object.entries(campaigns)) {
  test(`${campaign.promise} (3 kills; npm run soak -- ${name})`, async () => {
    await using fresh = await freshDatabase();
    const units = await runCampaign({ name, campaign, url: fresh.url, rounds: 3, seed: 20_261_121 });
    assert.ok(units >= 3);
  });
}

test('a broken promise ends the campaign with its round and seed', async () => {
  await using fresh = await freshDatabase();
  const audit = campaigns['audit'] as Campaign;
  const broken: Campaign = {
    ...audit,
    check: async (surroundings, told) => {
      await surroundings.database.pool.query('alter table audit.entry disable trigger all');
      await surroundings.database.pool.query("update audit.entry set action = 'soak.other' where seq = 1");
      await audit.check(surroundings, told);
    },
  };
  const run = runCampaign({ name: 'audit', campaign: broken, url: fresh.url, rounds: 2, seed: 3 });
  await assert.rejects(run, /audit: round \d of seed 3/);
});
