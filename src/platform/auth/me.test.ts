import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRig, type AuthRig } from './rig.ts';

const look = async (rig: AuthRig, person: { email: string; password: string }) => {
  const browser = rig.browser();
  await browser.signIn(person);
  const { language, theme, lookChosen } = (await browser.send('GET', '/api/v1/me')).json();
  return { language, theme, lookChosen };
};

test('language and theme count as chosen only after the person chose, and hold at the next sign-in elsewhere', async () => {
  await using rig = await createRig({ mode: 'sandbox' });
  const organisation = await rig.organisation('agency');
  const person = await rig.person(organisation, ['viewer']);
  const other = await rig.person(organisation, ['viewer']);
  assert.equal((await look(rig, person)).lookChosen, false);
  const browser = rig.browser();
  await browser.signIn(person);
  const changed = await browser.send('PATCH', '/api/v1/me', { language: 'en', theme: 'dark' });
  assert.equal(changed.statusCode, 200, changed.body);
  assert.deepEqual(await look(rig, person), { language: 'en', theme: 'dark', lookChosen: true });
  assert.equal((await look(rig, other)).lookChosen, false);
});
