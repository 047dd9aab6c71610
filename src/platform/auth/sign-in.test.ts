import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from './engine.ts';
import { createRig, PUBLIC_URL } from './rig.ts';

const withoutId = (body: string): unknown => ({ ...(JSON.parse(body) as object), instance: '' });

describe('signing in with a password', () => {
  it('opens a session whose cookie script cannot read', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['administrator']);
    const browser = rig.browser();
    const answer = await browser.signIn(person);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json(), {}, 'the session token is in the cookie alone');
    const [cookie] = answer.cookies;
    assert.equal(cookie?.name, 'xinlai_session');
    assert.equal(cookie?.httpOnly, true);
    assert.equal(cookie?.sameSite, 'Lax');
    assert.equal(cookie?.secure, undefined);
    const me = await browser.send('GET', '/api/v1/me');
    assert.equal(me.statusCode, 200, me.body);
    assert.equal(me.json().person.email, person.email);
    assert.equal(me.json().organisation.ubn, '04595257');
    assert.ok(me.json().permissions.includes('people.manage'));
    assert.ok(!me.json().permissions.includes('operators.read'));
    assert.deepEqual(await rig.acts(), ['auth.signed_in']);
  });

  it('marks the cookie Secure where the product is reached by https', async () => {
    await using rig = await createRig({ publicUrl: 'https://xinlai.example' });
    const person = await rig.person(await rig.organisation('telecom'), ['officer']);
    const answer = await rig
      .browser()
      .send(
        'POST',
        '/api/auth/sign-in/email',
        { email: person.email, password: person.password },
        { origin: 'https://xinlai.example' },
      );
    assert.equal(answer.statusCode, 200, answer.body);
    assert.equal(answer.cookies[0]?.secure, true);
  });

  it('answers an unknown address exactly like a wrong password, after the same work', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const wrong = await rig.browser().signIn({ email: person.email, password: 'not the password' });
    const unknown = await rig
      .browser()
      .signIn({ email: 'nobody@staff.example', password: 'not the password' });
    assert.equal(wrong.statusCode, 401);
    assert.equal(wrong.json().code, 'auth.sign_in_refused');
    assert.deepEqual(withoutId(unknown.body), withoutId(wrong.body));
    assert.equal(unknown.statusCode, wrong.statusCode);
    assert.deepEqual(Object.keys(unknown.headers).sort(), Object.keys(wrong.headers).sort());
  });

  it('hashes once for a known and once for an unknown address', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    let hashed = 0;
    const password = {
      hash: async () => {
        hashed++;
        return 'x:y';
      },
      verify: async () => {
        hashed++;
        return false;
      },
    };
    const engine = await createEngine(
      rig.deps,
      { openSession: async () => null, sendPasswordReset: async () => {}, passwordReset: async () => {} },
      password,
    );
    const counts: number[] = [];
    for (const email of [person.email, 'nobody@staff.example']) {
      hashed = 0;
      await engine.handle(
        new Request(`${PUBLIC_URL}/api/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email, password: 'not the password' }),
        }),
      );
      counts.push(hashed);
    }
    assert.deepEqual(counts, [1, 1]);
  });

  it('makes guesses wait longer and longer, for known and unknown addresses alike, also when sent at once', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    for (const email of [person.email, 'nobody@staff.example']) {
      const answers = await Promise.all(
        Array.from({ length: 9 }, () => rig.browser().signIn({ email, password: 'not the password' })),
      );
      const statuses = answers.map((answer) => answer.statusCode).sort((a, b) => a - b);
      assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429, 429]);
      const [locked] = answers.filter((answer) => answer.statusCode === 429);
      assert.equal(locked?.json().code, 'auth.locked');
      assert.ok(Number(locked?.headers['retry-after']) >= 1);
    }
    const right = await rig.browser().signIn(person);
    assert.equal(right.statusCode, 429, 'the right password waits too, so a guess learns nothing');
    assert.equal((await rig.acts()).filter((action) => action === 'auth.guessing_slowed').length, 2);
    await rig.expireWaits();
    assert.equal((await rig.browser().signIn(person)).statusCode, 200);
  });

  it('never adopts a session id that the browser brought along', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const other = rig.browser();
    await other.signIn(await rig.person(person.organisationId, ['officer']));
    const planted = other.cookies.get('xinlai_session') ?? '';
    const browser = rig.browser();
    browser.cookies.set('xinlai_session', planted);
    await browser.signIn(person);
    assert.notEqual(browser.cookies.get('xinlai_session'), planted);
    assert.equal((await browser.send('GET', '/api/v1/me')).json().person.email, person.email);
    assert.notEqual((await other.send('GET', '/api/v1/me')).json().person.email, person.email);
  });

  it('refuses a cookie whose signature was changed', async () => {
    await using rig = await createRig();
    const browser = rig.browser();
    await browser.signIn(await rig.person(await rig.organisation('operator', '04595257'), ['officer']));
    const value = decodeURIComponent(browser.cookies.get('xinlai_session') ?? '');
    for (const forged of [`${value.split('.')[0]}`, `${value.split('.')[0]}.AAAA`, `x${value}`]) {
      browser.cookies.set('xinlai_session', encodeURIComponent(forged));
      assert.equal((await browser.send('GET', '/api/v1/me')).statusCode, 401);
    }
  });

  it('ends a session on the server at sign-out, when it is ended elsewhere, and when it was idle for too long', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const [desk, phone, idle] = [rig.browser(), rig.browser(), rig.browser()];
    for (const browser of [desk, phone, idle]) await browser.signIn(person);
    const kept = desk.cookies.get('xinlai_session') ?? '';
    const sessions = (await desk.send('GET', '/api/v1/me/sessions')).json().items as {
      id: string;
      current: boolean;
    }[];
    assert.equal(sessions.length, 3);
    assert.equal(sessions.filter((session) => session.current).length, 1);

    assert.equal((await desk.send('POST', '/api/auth/sign-out')).statusCode, 200);
    desk.cookies.set('xinlai_session', kept);
    assert.equal((await desk.send('GET', '/api/v1/me')).statusCode, 401);

    await rig.auth.queries
      .updateTable('session')
      .set({ last_seen_at: new Date(Date.now() - 61 * 60_000) })
      .execute();
    assert.equal((await idle.send('GET', '/api/v1/me')).statusCode, 401);
    await rig.auth.queries.updateTable('session').set({ last_seen_at: new Date() }).execute();
    assert.equal((await idle.send('GET', '/api/v1/me')).statusCode, 401, 'the idle session was deleted');

    const [left] = (await phone.send('GET', '/api/v1/me/sessions')).json().items as { id: string }[];
    assert.equal((await phone.send('DELETE', `/api/v1/me/sessions/${left?.id}`)).statusCode, 200);
    assert.equal((await phone.send('GET', '/api/v1/me')).statusCode, 401);
  });

  it('ends a session at its absolute end, however busy it is', async () => {
    await using rig = await createRig();
    const browser = rig.browser();
    await browser.signIn(await rig.person(await rig.organisation('operator', '04595257'), ['officer']));
    await rig.auth.queries
      .updateTable('session')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    assert.equal((await browser.send('GET', '/api/v1/me')).statusCode, 401);
  });

  it('leaves nothing behind once it has ended', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const [over, open] = [rig.browser(), rig.browser()];
    await over.signIn(person);
    await over.send('GET', '/api/auth/passkey/generate-register-options');
    await rig.auth.queries
      .updateTable('session')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    await rig.deps.database.pool.query(
      "update auth.verification set expires_at = now() - interval '1 second'",
    );
    await open.signIn(person);
    await rig.auth.tidy();
    const { rows } = await rig.deps.database.pool.query<{ sessions: number; challenges: number }>(
      'select (select count(*)::int from auth.session) as sessions, (select count(*)::int from auth.verification) as challenges',
    );
    assert.deepEqual(rows, [{ sessions: 1, challenges: 0 }]);
    assert.equal((await open.send('GET', '/api/v1/me')).statusCode, 200);
  });

  it('opens no account to strangers: there is no way to sign up', async () => {
    await using rig = await createRig();
    for (const path of [
      'sign-up/email',
      'update-user',
      'delete-user',
      'link-social',
      'list-sessions',
      'get-session',
    ]) {
      const answer = await rig.browser().send('POST', `/api/auth/${path}`, {});
      assert.equal(answer.statusCode, 404, path);
      assert.equal(answer.json().code, 'http.not_found');
    }
  });
});

describe('another site', () => {
  it('can neither use the cookie of a browser nor sign it in', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const browser = rig.browser();
    await browser.signIn(person);
    const attacks: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' },
      { 'sec-fetch-site': '', origin: 'null' },
      { 'sec-fetch-site': 'none', origin: 'https://evil.example' },
    ];
    for (const headers of attacks) {
      const change = await browser.send('PATCH', '/api/v1/me', { language: 'en' }, headers);
      assert.equal(change.json().code, 'http.cross_site', JSON.stringify(headers));
      const signIn = await rig.browser().send('POST', '/api/auth/sign-in/email', person, headers);
      assert.equal(signIn.json().code, 'http.cross_site', JSON.stringify(headers));
    }
    assert.equal((await browser.send('PATCH', '/api/v1/me', { language: 'en' })).json().language, 'en');
  });

  it('is never where a sign-in leads', async () => {
    await using rig = await createRig({
      oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y' },
    });
    for (const callbackURL of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      const answer = await rig
        .browser()
        .send('POST', '/api/auth/sign-in/social', { provider: 'oidc', callbackURL });
      assert.equal(answer.statusCode, 422, callbackURL);
    }
  });
});

describe('a forgotten password', () => {
  it('is replaced by a mailed link that works once, and every session ends', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const signedIn = rig.browser();
    await signedIn.signIn(person);
    const asked = await rig
      .browser()
      .send('POST', '/api/auth/request-password-reset', { email: person.email });
    const unknown = await rig
      .browser()
      .send('POST', '/api/auth/request-password-reset', { email: 'nobody@staff.example' });
    assert.equal(asked.statusCode, 200, asked.body);
    assert.equal(asked.body, unknown.body);
    await rig.settle();
    assert.deepEqual(
      rig.mails.map((mail) => mail.to),
      [person.email],
    );
    const token = /#(\S+)/.exec(rig.mails[0]?.text ?? '')?.[1];
    const newPassword = 'a much better one';
    const reset = () => rig.browser().send('POST', '/api/auth/reset-password', { token, newPassword });
    assert.equal((await reset()).statusCode, 200);
    assert.equal((await reset()).json().code, 'auth.token_invalid');
    assert.equal((await signedIn.send('GET', '/api/v1/me')).statusCode, 401);
    assert.equal((await rig.browser().signIn(person)).statusCode, 401);
    assert.equal(
      (await rig.browser().signIn({ email: person.email, password: newPassword })).statusCode,
      200,
    );
  });

  it('is changed by who knows it', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    const browser = rig.browser();
    await browser.signIn(person);
    const change = (currentPassword: string, newPassword: string) =>
      browser.send('POST', '/api/auth/change-password', {
        currentPassword,
        newPassword,
        revokeOtherSessions: false,
      });
    assert.equal((await change('wrong', 'a much better one')).json().code, 'auth.password_wrong');
    assert.equal((await change(person.password, 'short')).statusCode, 422);
    assert.equal((await change(person.password, 'a much better one')).statusCode, 200);
    assert.equal(
      (await rig.browser().signIn({ email: person.email, password: 'a much better one' })).statusCode,
      200,
    );
  });
});
