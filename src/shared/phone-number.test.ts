import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { maskPhoneNumber, parsePhoneNumber, suggestPhoneNumber } from './phone-number.ts';

test('one mobile number in every writing', () => {
  for (const text of [
    '0912345678',
    '0912-345-678',
    '０９１２－３４５－６７８',
    '+886912345678',
    '+886 912 345 678',
    '+886(0)912345678',
    '886912345678',
    '00886912345678',
    "'0912345678",
    '\u202A0912345678\u202C',
  ]) {
    const number = parsePhoneNumber(text);
    assert.equal(number?.e164, '+886912345678', text);
    assert.equal(number.kind, 'mobile');
    assert.equal(number.display, '0912-345-678');
  }
});

test('the longest area code wins', () => {
  const places = {
    '(02)2361-5752': ['臺北', '(02)2361-5752'],
    '037-223456': ['苗栗', '(037)223-456'],
    '035551234': ['桃園、新竹、花蓮、宜蘭', '(03)555-1234'],
    '0492223333': ['南投', '(049)222-3333'],
    '0422223333': ['臺中、彰化', '(04)2222-3333'],
    '047223333': ['臺中、彰化', '(04)722-3333'],
    '082312345': ['金門', '(082)312-345'],
    '082666123': ['烏坵', '(0826)66123'],
    '083622345': ['馬祖', '(0836)22345'],
    '089323456': ['臺東', '(089)323-456'],
    '087321234': ['屏東', '(08)732-1234'],
  };
  for (const [text, [area, display]] of Object.entries(places)) {
    const number = parsePhoneNumber(text);
    assert.equal(number?.kind, 'landline', text);
    assert.deepEqual([number.area, number.display], [area, display]);
  }
});

test('special numbers are told apart', () => {
  const kinds = {
    '0800-009-868': 'toll-free',
    '0809000123': 'toll-free',
    '0204-123-456': 'premium',
    '07012345678': 'internet',
    '165': 'short-code',
    '１１０': 'short-code',
    '1999': 'short-code',
  };
  for (const [text, kind] of Object.entries(kinds)) assert.equal(parsePhoneNumber(text)?.kind, kind, text);
  assert.deepEqual([parsePhoneNumber('165')?.e164, parsePhoneNumber('165')?.area], [null, '反詐騙諮詢']);
});

test('an extension is kept apart', () => {
  for (const text of [
    '(02)2361-5752#123',
    '02-23615752 分機123',
    '0223615752 ext. 123',
    '02-2361-5752轉123',
    '+886-2-2361-5752,,123',
  ]) {
    const number = parsePhoneNumber(text);
    assert.equal(number?.extension, '123', text);
    assert.equal(number.e164, '+886223615752');
    assert.equal(number.display, '(02)2361-5752#123');
  }
});

test('what the plan does not allow is null', () => {
  for (const text of [
    '',
    '0912',
    '0991234567',
    '09123456789',
    '0212345678',
    '0301234567',
    '+81312345678',
    '12345678',
    '0223615752a',
    '115',
    '0000000000',
  ])
    assert.equal(parsePhoneNumber(text), null, text);
});

test('a lost leading zero is suggested, never put back unasked', () => {
  assert.equal(parsePhoneNumber('912345678'), null);
  assert.equal(suggestPhoneNumber('912345678')?.national, '0912345678');
  assert.equal(suggestPhoneNumber('912345678.0')?.national, '0912345678');
  assert.equal(suggestPhoneNumber('223615752#12')?.display, '(02)2361-5752#12');
  assert.equal(suggestPhoneNumber('800009868')?.kind, 'toll-free');
  assert.equal(suggestPhoneNumber('0912345678'), null);
  assert.equal(suggestPhoneNumber('12345'), null);
});

const masked = (text: string): string => maskPhoneNumber(parsePhoneNumber(text)!);

test('a masked number of a person hides at least three digits, a public one none', () => {
  assert.equal(masked('0912345678'), '0912-***-678');
  assert.equal(masked('0223615752#123'), '(02)2361-****');
  assert.equal(masked('083622345'), '(0836)2****');
  assert.equal(masked('037223456'), '(037)22*-***');
  assert.equal(masked('07012345678'), '070-1234-****');
  assert.equal(masked('0800009868'), '0800-009-868');
});

test('E.164 and display read back as the same number', () => {
  const subscriber = fc.oneof(
    fc.stringMatching(/^09[0-8]\d{7}$/),
    fc.stringMatching(/^02[2-9]\d{7}$/),
    fc.stringMatching(/^0[5-7][2-9]\d{6}$/),
    fc.stringMatching(/^0800\d{6}$/),
  );
  fc.assert(
    fc.property(
      subscriber.filter((text) => !text.startsWith('070')),
      (text) => {
        const number = parsePhoneNumber(text);
        assert.ok(number);
        assert.deepEqual(parsePhoneNumber(number.e164!), number);
        assert.deepEqual(parsePhoneNumber(number.display), number);
      },
    ),
  );
});
