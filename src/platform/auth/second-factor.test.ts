import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { createRig, type AuthRig, type Browser, type TestPerson } from './rig.ts';
import { softwareAuthenticator } from './software-authenticator.ts';

/** RFC 6238 with the secret of an otpauth address. */
function totp(uri: string, at = Date.now()): string {
  const base32 = new URL(uri).searchParams.get('secret') ?? '';
  const bits = Array.from(base32)
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function enrol(browser: Browser, person: TestPerson): Promise<{ uri: string; backupCodes: string[] }> {
  const offered = await browser.send('POST', '/api/auth/two-factor/enable', { password: person.password });
  assert.equal(offered.statusCode, 200, offered.body);
  const { totpURI, backupCodes } = offered.json();
  const verified = await browser.send('POST', '/api/auth/two-factor/verify-totp', { code: totp(totpURI) });
  assert.equal(verified.statusCode, 200, verified.body);
  assert.deepEqual(verified.json(), {});
  return { uri: totpURI, backupCodes };
}

async function official(rig: AuthRig): Promise<{ person: TestPerson; browser: Browser }> {
  const person = await rig.person(await rig.organisation('ministry'), ['officer', 'administrator']);
  const browser = rig.browser();
  assert.equal((await browser.signIn(person)).statusCode, 200);
  return { person, browser };
}

const missing = async (browser: Browser): Promise<string> =>
  (await browser.send('GET', '/api/v1/me')).json().secondFactor.missing;

describe('an authenticator app', () => {
  it('is all that an official without one may set up, and opens the rest', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const me = (await browser.send('GET', '/api/v1/me')).json();
    assert.equal(me.secondFactor.missing, 'enrol');
    assert.deepEqual(me.permissions, []);
    for (const url of ['/api/v1/people', '/api/v1/me/sessions', '/api/v1/keys']) {
      assert.equal((await browser.send('GET', url)).json().code, 'auth.second_factor_needed', url);
    }
    await enrol(browser, person);
    assert.equal(await missing(browser), 'none');
    assert.equal((await browser.send('GET', '/api/v1/people')).statusCode, 200);
    assert.ok((await rig.acts()).includes('auth.authenticator_offered'));
  });

  it('is not needed by officials of a sandbox nor by people of a firm', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const { browser } = await official(rig);
    assert.equal(await missing(browser), 'none');
    await using live = await createRig();
    const firm = live.browser();
    await firm.signIn(await live.person(await live.organisation('operator', '04595257'), ['administrator']));
    assert.equal(await missing(firm), 'none');
    assert.equal((await firm.send('GET', '/api/v1/people')).statusCode, 200);
  });

  it('is asked after the password, and a password alone opens no session', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const { uri } = await enrol(browser, person);
    const again = rig.browser();
    const half = await again.signIn(person);
    assert.deepEqual(half.json(), { twoFactorRedirect: true, twoFactorMethods: ['totp'] });
    assert.ok(!again.cookies.has('xinlai_session'));
    assert.equal((await again.send('GET', '/api/v1/me')).statusCode, 401);
    const wrong = await again.send('POST', '/api/auth/two-factor/verify-totp', { code: wrongCode(uri) });
    assert.equal(wrong.json().code, 'auth.code_refused');
    // The code of the enrolment was taken; the one of the next half minute is right already.
    const code = totp(uri, Date.now() + 30_000);
    const right = await again.send('POST', '/api/auth/two-factor/verify-totp', { code });
    assert.equal(right.statusCode, 200, right.body);
    assert.equal(await missing(again), 'none');
  });

  it('locks a sign-in after five wrong codes', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const { uri } = await enrol(browser, person);
    const thief = rig.browser();
    await thief.signIn(person);
    const codes: string[] = [];
    for (let round = 0; round < 6; round++) {
      const answer = await thief.send('POST', '/api/auth/two-factor/verify-totp', { code: wrongCode(uri) });
      codes.push(answer.json().code);
    }
    assert.equal(codes.at(0), 'auth.code_refused');
    assert.equal(codes.at(-1), 'auth.challenge_expired');
    const late = await thief.send('POST', '/api/auth/two-factor/verify-totp', { code: totp(uri) });
    assert.equal(late.statusCode, 401);
  });

  it('takes each code for one sign-in only', async () => {
    await using rig = await createRig();
    const person = await rig.person(await rig.organisation('ministry'), ['officer']);
    const browser = rig.browser();
    await browser.signIn(person);
    const { uri } = await enrol(browser, person);
    const code = totp(uri, Date.now() + 30_000);
    const signInWith = async (): Promise<number> => {
      const other = rig.browser();
      await other.signIn(person);
      return (await other.send('POST', '/api/auth/two-factor/verify-totp', { code })).statusCode;
    };
    assert.deepEqual([await signInWith(), await signInWith()], [200, 401]);
  });

  it('may be replaced by a backup code, once', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const { backupCodes } = await enrol(browser, person);
    const use = async () => {
      const again = rig.browser();
      await again.signIn(person);
      return {
        again,
        answer: await again.send('POST', '/api/auth/two-factor/verify-backup-code', { code: backupCodes[0] }),
      };
    };
    const { again, answer } = await use();
    assert.equal(answer.statusCode, 200, answer.body);
    assert.equal(await missing(again), 'none');
    assert.equal((await use()).answer.json().code, 'auth.code_refused');
  });

  it('is removed or replaced only in a session in which it was shown, with the password', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    await enrol(browser, person);
    await rig.auth.queries.updateTable('session').set({ second_factor: null }).execute();
    assert.equal(await missing(browser), 'show');
    for (const path of [
      'two-factor/disable',
      'two-factor/enable',
      'two-factor/generate-backup-codes',
      'change-password',
    ]) {
      const body =
        path === 'change-password'
          ? { currentPassword: person.password, newPassword: 'a much better one' }
          : { password: person.password };
      const answer = await browser.send('POST', `/api/auth/${path}`, body);
      assert.equal(answer.json().code, 'auth.second_factor_needed', path);
    }
    await rig.auth.queries.updateTable('session').set({ second_factor: 'totp' }).execute();
    const changed = await browser.send('POST', '/api/auth/change-password', {
      currentPassword: person.password,
      newPassword: 'a much better one',
      revokeOtherSessions: true,
    });
    assert.equal(changed.statusCode, 200, changed.body);
    assert.equal(await missing(browser), 'none', 'a new session after a new password keeps what was shown');
    const disable = (password: string) => browser.send('POST', '/api/auth/two-factor/disable', { password });
    assert.equal((await disable('wrong')).json().code, 'auth.password_wrong');
    assert.equal((await disable('a much better one')).statusCode, 200);
    assert.equal(await missing(browser), 'enrol');
  });

  it('shown in a session that lacks it completes that session, guesses being slowed down', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const { uri } = await enrol(browser, person);
    await rig.auth.queries.updateTable('session').set({ second_factor: null }).execute();
    const show = (code: string) => browser.send('POST', '/api/auth/two-factor/verify-totp', { code });
    const statuses: number[] = [];
    for (let round = 0; round < 7; round++) statuses.push((await show(wrongCode(uri))).statusCode);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
    await rig.expireWaits();
    assert.equal((await show(totp(uri))).statusCode, 200);
    assert.equal(await missing(browser), 'none');
  });
});

describe('the secrets that sign cookies and encrypt seeds', () => {
  it('may be replaced: sessions end, authenticators work on, in the next process and without the old cookie', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const { uri } = await enrol(browser, person);
    await using renewed = await createRig({
      database: rig.deps.database,
      secrets: ['a new secret of at least thirty-two letters', ...rig.deps.secrets],
    });
    const moved = renewed.browser();
    moved.cookies.set('xinlai_session', browser.cookies.get('xinlai_session') ?? '');
    assert.equal((await moved.send('GET', '/api/v1/me')).statusCode, 401);
    assert.equal((await moved.signIn(person)).json().twoFactorRedirect, true);
    const shown = await moved.send('POST', '/api/auth/two-factor/verify-totp', { code: totp(uri) });
    assert.equal(shown.statusCode, 200, shown.body);
    assert.equal(await missing(moved), 'none');
  });
});

describe('names and addresses', () => {
  it('of people stand in no audit record and in no table but their own', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    await enrol(browser, person);
    await browser.send('POST', '/api/v1/invitations', {
      email: 'x@ministry.example',
      name: '趙錢孫',
      roles: ['viewer'],
    });
    await rig.browser().signIn({ email: person.email, password: 'not the password' });
    const { rows: tables } = await rig.deps.database.pool.query<{ name: string }>(
      `select table_schema || '.' || quote_ident(table_name) as name from information_schema.tables
       where table_schema in ('auth', 'audit') and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const { rows } = await rig.deps.database.pool.query<{ text: string }>(
        `select t::text as text from ${name} t`,
      );
      const dump = rows.map((row) => row.text).join('\n');
      const found = [person.email, '王小明', 'x@ministry.example', '趙錢孫'].filter((value) =>
        dump.includes(value),
      );
      if (name === 'auth.person') assert.equal(found.length, 4);
      else assert.deepEqual(found, [], name);
    }
  });
});

describe('a passkey', () => {
  it('is registered and signs in with both factors at once', async () => {
    await using rig = await createRig();
    const { person, browser } = await official(rig);
    const device = softwareAuthenticator('localhost', 'http://localhost:8080');
    const options = await browser.send('GET', '/api/auth/passkey/generate-register-options');
    assert.equal(options.statusCode, 200, options.body);
    const registered = await browser.send('POST', '/api/auth/passkey/verify-registration', {
      response: device.register(options.json().challenge),
      name: '辦公室',
    });
    assert.equal(registered.statusCode, 200, registered.body);
    assert.equal(registered.json().name, '辦公室');
    assert.ok((await rig.acts()).includes('auth.passkey_registered'));

    const again = rig.browser();
    const challenge = (await again.send('GET', '/api/auth/passkey/generate-authenticate-options')).json()
      .challenge;
    const signedIn = await again.send('POST', '/api/auth/passkey/verify-authentication', {
      response: device.signIn(challenge),
    });
    assert.equal(signedIn.statusCode, 200, signedIn.body);
    assert.deepEqual(signedIn.json(), {});
    assert.equal(await missing(again), 'none');
    assert.equal((await again.send('GET', '/api/v1/me')).json().person.email, person.email);
    const passkeys = (await again.send('GET', '/api/auth/passkey/list-user-passkeys')).json();
    assert.deepEqual(Object.keys(passkeys[0]).sort(), ['createdAt', 'deviceType', 'id', 'name']);

    const passwordOnly = rig.browser();
    await passwordOnly.signIn(person);
    assert.equal(await missing(passwordOnly), 'show');
    const takeover = await passwordOnly.send('POST', '/api/auth/two-factor/enable', {
      password: person.password,
    });
    assert.equal(
      takeover.json().code,
      'auth.second_factor_needed',
      'a password alone adds no second factor beside a passkey',
    );
  });

  it('is refused for a replayed challenge, another origin, a missing PIN, a wrong signature and garbage', async () => {
    await using rig = await createRig();
    const { browser } = await official(rig);
    const device = softwareAuthenticator('localhost', 'http://localhost:8080');
    const register = async (make: (challenge: string) => unknown) => {
      const { challenge } = (await browser.send('GET', '/api/auth/passkey/generate-register-options')).json();
      return browser.send('POST', '/api/auth/passkey/verify-registration', { response: make(challenge) });
    };
    for (const make of [
      () => ({ id: 'AAAA' }),
      () => device.register('bm90IHRoZSBjaGFsbGVuZ2U'),
      (challenge: string) => softwareAuthenticator('localhost', 'https://evil.example').register(challenge),
      (challenge: string) =>
        softwareAuthenticator('evil.example', 'http://localhost:8080').register(challenge),
      (challenge: string) => device.register(challenge, { verified: false }),
    ]) {
      const answer = await register(make);
      assert.ok(answer.statusCode === 400 || answer.statusCode === 401, answer.body);
    }
    assert.equal((await register((challenge) => device.register(challenge))).statusCode, 200);

    const signIn = async (make: (challenge: string) => unknown) => {
      const guest = rig.browser();
      const { challenge } = (
        await guest.send('GET', '/api/auth/passkey/generate-authenticate-options')
      ).json();
      const response = make(challenge);
      const answer = await guest.send('POST', '/api/auth/passkey/verify-authentication', { response });
      return { guest, answer, response };
    };
    for (const make of [
      (challenge: string) => device.signIn(challenge, { verified: false }),
      (challenge: string) => device.signIn(challenge, {}, 'AAAA'),
      (challenge: string) =>
        softwareAuthenticator('localhost', 'http://localhost:8080').signIn(challenge, {}, device.id),
      () => device.signIn('bm90IHRoZSBjaGFsbGVuZ2U'),
    ]) {
      const { answer, guest } = await signIn(make);
      assert.equal(answer.statusCode, 401, answer.body);
      assert.ok(!guest.cookies.has('xinlai_session'));
    }
    const { guest, answer, response } = await signIn((challenge) => device.signIn(challenge));
    assert.equal(answer.statusCode, 200, answer.body);
    const replay = await guest.send('POST', '/api/auth/passkey/verify-authentication', { response });
    assert.equal(replay.json().code, 'auth.challenge_expired');
  });
});

/** Six digits that no step around now accepts. */
function wrongCode(uri: string): string {
  const near = [-60_000, -30_000, 0, 30_000, 60_000].map((shift) => totp(uri, Date.now() + shift));
  return (
    ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? ''
  );
}
