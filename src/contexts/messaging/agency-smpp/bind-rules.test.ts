import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBindAttempts } from './bind-attempts.ts';
import { isWithin, parseNetwork } from './networks.ts';
import { createPace } from './pace.ts';
import { hashPassword, isPassword, newPassword } from './password.ts';

test('an account is reached from its networks alone', () => {
  const networks = ['203.0.113.0/28', '2001:db8::/32'];
  assert.ok(isWithin('203.0.113.7', networks));
  assert.ok(isWithin('::ffff:203.0.113.7', networks), 'IPv4 on a socket of both families');
  assert.ok(isWithin('2001:db8::1', networks));
  assert.ok(!isWithin('203.0.113.16', networks));
  assert.ok(!isWithin('203.0.113.7', []), 'no network lets nobody in');
  assert.ok(!isWithin('nonsense', networks));
});

test('a network that is none is refused', () => {
  assert.equal(parseNetwork(' 203.0.113.7 '), '203.0.113.7/32');
  assert.equal(parseNetwork('2001:db8::/32'), '2001:db8::/32');
  for (const text of ['', 'example', '203.0.113.0/33', '203.0.113.0/-1', '203.0.113.0/2/3', '::1/129']) {
    assert.equal(parseNetwork(text), null, text);
  }
});

test('a password is right as it was given and in no other way', async () => {
  const password = newPassword();
  assert.match(password, /^[2-9A-HJ-NP-Za-km-z]{8}$/u);
  const stored = await hashPassword(password);
  assert.ok(await isPassword(password, stored));
  assert.ok(!(await isPassword(password.toLowerCase() + 'x', stored)));
  assert.notDeepEqual(await hashPassword(password), stored, 'salted');
});

test('whoever guesses is refused without a look, and may try again after five minutes', () => {
  let at = 0;
  const attempts = createBindAttempts(() => at);
  for (let failure = 0; failure < 10; failure++) {
    assert.ok(attempts.mayTry('203.0.113.7', `guess${failure}`));
    attempts.failed('203.0.113.7', `guess${failure}`);
  }
  assert.ok(!attempts.mayTry('203.0.113.7', 'another'));
  assert.ok(attempts.mayTry('203.0.113.8', 'another'), 'others are let in');
  at += 5 * 60_000;
  assert.ok(attempts.mayTry('203.0.113.7', 'another'));
});

test('one account guessed from many addresses is refused as well', () => {
  const attempts = createBindAttempts(() => 0);
  for (let failure = 0; failure < 20; failure++) attempts.failed(`203.0.113.${failure}`, 'xl1');
  assert.ok(!attempts.mayTry('198.51.100.1', 'xl1'));
  assert.ok(attempts.mayTry('198.51.100.1', 'xl2'));
});

test('of many binds at once a guesser has ten tries, and two passwords are looked at together at most', async () => {
  const attempts = createBindAttempts(() => 0);
  let looks = 0;
  let together = 0;
  let most = 0;
  const look = async (): Promise<boolean> => {
    looks += 1;
    most = Math.max(most, (together += 1));
    await new Promise((resolve) => setImmediate(resolve));
    together -= 1;
    attempts.failed('203.0.113.7', 'xl1');
    return false;
  };
  const answers = await Promise.all(
    Array.from({ length: 900 }, () => attempts.inTurn('203.0.113.7', 'xl1', look)),
  );
  // The second of two together begins before the first has failed.
  assert.ok(looks >= 10 && looks <= 11, `${looks} looks`);
  assert.equal(most, 2);
  assert.equal(answers.filter((answer) => answer === null).length, 900 - looks);
  assert.equal(
    await attempts.inTurn('198.51.100.1', 'xl2', () => Promise.resolve(true)),
    true,
    'turns are given back',
  );
});

test('nobody outside its networks locks an account', () => {
  const attempts = createBindAttempts(() => 0);
  for (let failure = 0; failure < 40; failure++) attempts.failed(`203.0.113.${failure}`, null);
  assert.ok(attempts.mayTry('198.51.100.1', 'xl1'));
});

test('an account makes no more requests in a second than it may', () => {
  let at = 0;
  const pace = createPace(5, () => at);
  const taken = (): number => Array.from({ length: 20 }, () => pace.take()).filter(Boolean).length;
  assert.equal(taken(), 5);
  assert.equal(taken(), 0);
  at += 400;
  assert.equal(taken(), 2);
  at += 60_000;
  assert.equal(taken(), 5, 'a pause saves nothing up beyond a second');
});
