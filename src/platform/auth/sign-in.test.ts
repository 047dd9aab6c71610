import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig } from './rig.ts';

describe('signing in with a password', () => {
  it('opens a session whose cookie script cannot read', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['administrator']);
    const browser = rig.browser();
    const answer = await browser.signIn(person);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json(), {});
    const [cookie] = answer.cookies;
    assert.equal(cookie?.name, 'xinlai_session');
    assert.equal(cookie?.httpOnly, true);
    assert.equal(cookie?.sameSite, 'Lax');
    const me = await browser.send('GET', '/api/v1/me');
    assert.equal(me.statusCode, 200, me.body);
    assert.equal(me.json().person.email, person.email);
    assert.equal(me.json().organisation.ubn, '04595257');
    assert.ok(me.json().permissions.includes('people.manage'));
    assert.ok(!me.json().permissions.includes('operators.read'));
    assert.deepEqual(await rig.acts(), ['auth.signed_in']);
  });
});
