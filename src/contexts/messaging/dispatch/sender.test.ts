import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { freshApp } from '#test/app';
import { createTelecom } from '../simulator/telecom.ts';
import type { LinkView } from './links-contract.ts';

const app = await freshApp({ XINLAI_ROLES: 'web,worker,smpp' });
const ministry = await app.keyOf('ministry');
const agency = await app.keyOf('agency');
after(() => app[Symbol.asyncDispose]());

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 500; look++) {
    if (await isTrue()) return;
    await sleep(30);
  }
  assert.fail(what);
}

test('a link is made disabled, tested, enabled, bound by the sending thread within seconds, drained and disabled', async (t) => {
  const telecom = await createTelecom({ name: 't', port: 0, seed: 1, accounts: { gov111: 'secret' } });
  t.after(() => telecom.close());
  const body = {
    telecom: 'twm',
    name: '測試連線',
    host: '127.0.0.1',
    port: telecom.port,
    systemId: 'gov111',
    password: 'secret',
    partsPerSecond: 50,
  };
  const made = await ministry.send('POST', '/api/v1/messaging/links', body);
  assert.equal(made.statusCode, 201);
  const { id, state } = made.json<LinkView>();
  assert.equal(state, 'disabled');
  assert.ok(!made.body.includes('secret'));
  const path = `/api/v1/messaging/links/${id}`;
  const trial = await ministry.send('POST', `${path}/test`);
  assert.partialDeepStrictEqual(trial.json(), { ok: true, peer: 'SMSC' });
  await ministry.send('PATCH', path, { state: 'enabled' });
  const stateOf = async (): Promise<string | undefined> =>
    (await ministry.send('GET', path)).json<LinkView>().health[0]?.state;
  await until('the link is bound', async () => (await stateOf()) === 'bound');
  await ministry.send('PATCH', path, { state: 'draining' });
  await until('the link drains', async () => (await stateOf()) === 'draining');
  await ministry.send('PATCH', path, { state: 'disabled' });
  await until('the link is unbound', async () => telecom.binds.length === 0);
});

test('a new address needs the password again, a wrong one is told, and only the ministry reaches links', async () => {
  const { items } = (await ministry.send('GET', '/api/v1/messaging/links')).json<{ items: LinkView[] }>();
  const sandbox = items.find(({ telecom }) => telecom === 'cht') as LinkView;
  const path = `/api/v1/messaging/links/${sandbox.id}`;
  const moved = await ministry.send('PATCH', path, { port: 1 });
  assert.equal(moved.json<{ code: string }>().code, 'messaging.link_password_needed');
  for (const options of [{ verifyCertificate: false }, { authority: 'of somebody else' }]) {
    const opened = await ministry.send('PATCH', path, { options });
    assert.equal(opened.json<{ code: string }>().code, 'messaging.link_password_needed');
  }
  await ministry.send('PATCH', path, { password: 'wrong' });
  const trial = await ministry.send('POST', `${path}/test`);
  assert.partialDeepStrictEqual(trial.json(), { ok: false });
  assert.match(trial.json<{ problem: string }>().problem, /ESME_RINVPASWD/u);
  assert.equal((await agency.send('GET', path)).statusCode, 403);
  assert.equal((await ministry.send('GET', '/api/v1/messaging/links/lnk_nothing')).statusCode, 404);
});
