import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAddressReview } from './address-review.ts';
import { createContentPolicy } from './content-policy.ts';
import { isCardNumber, isIdentityNumber } from './personal-data.ts';
import { wordListOn } from './words.ts';

const words = wordListOn(Temporal.PlainDate.from('2026-01-01'));
const version = { contactNumber: '02-2380-8411' };
const contactNumbers = ['02-2380-8411', '0800-009-868', '1922'];
const policy = createContentPolicy(
  { service: { contactNumbers, linkHosts: ['moda.gov.tw', 'url.gov.tw', 'gov.tw'] }, version },
  words,
);
const codes = (text: string, check = policy): string[] =>
  check(`678數位發展部：${text} 02-2380-8411`).map(({ code }) => code);

test('an ordinary text passes', () => {
  for (const text of [
    '您好，王小明，補助 12,000 元已於 115/11/30 入帳，請洽',
    '驗證碼 123456，5 分鐘內有效。請勿告訴他人，請洽',
    '資料已更新 https://www.moda.gov.tw/apply?id=12 ，請洽',
    '詳見 https://url.gov.tw/Ab12c 或 https://gov.tw/x1Y ，請洽',
    '2026-11-21 14:30 至 16:00 停水，詳情撥 0800-009-868 或',
    '編號 12345678901234，統一編號 04595257，請洽',
    '信箱 service@moda.gov.tw，請洽',
    '共 3.5 公里。下一站 A12。謝謝，請洽',
  ]) {
    assert.deepEqual(codes(text), [], text);
  }
});

test('an address leads to a registered host of the government by https, or is refused', () => {
  const refusals: Readonly<Record<string, string>> = {
    'https://evil.com/x': 'address_host',
    'https://mof.gov.tw/': 'address_host',
    'https://xmoda.gov.tw/': 'address_host',
    'https://a.url.gov.tw/x': 'address_host',
    'https://a.gov.tw/x': 'address_host',
    'http://moda.gov.tw/': 'address_scheme',
    'moda.gov.tw': 'address_scheme',
    'www.moda.gov.tw/x': 'address_scheme',
    'line://ti/p/x': 'address_scheme',
    'https://moda.gov.tw.evil.com/': 'address_poses_as_government',
    'https://gov-moda.tw/': 'address_poses_as_government',
    'https://moda-gov.tw/': 'address_poses_as_government',
    'https://cdic-gov.com/tw': 'address_poses_as_government',
    'https://moda.gov.tw@evil.com/': 'address_user_info',
    'https://moda.gov.tw:443/': 'address_port',
    'https://moda.gov.tw:8443/': 'address_port',
    'https://1.2.3.4/': 'address_ip',
    '1.2.3.4': 'address_ip',
    'http://2130706433/': 'address_ip',
    'https://[::1]/': 'address_ip',
    'https://bit.ly/x': 'address_shortener',
    'reurl.cc/abc': 'address_shortener',
    'https://localhost/': 'address_unreadable',
    'example.com/x': 'address_host',
    'EXAMPLE.COM': 'address_host',
    'a@evil.com': 'address_host',
    'https:\\\\evil.com': 'address_host',
    '//evil.com/x': 'address_host',
    'https://moda.gov.tw請上網': 'address_runs_on',
    'https://moda.gov.tw/x請上網': 'address_runs_on',
  };
  for (const [address, code] of Object.entries(refusals)) {
    assert.deepEqual(codes(`請見 ${address} ，請洽`), [code], address);
    assert.deepEqual(codes(`請見${address} ，請洽`).at(-1), code, `${address} behind a word`);
  }
});

test('a host that only looks like one of the government is refused, however it is written', () => {
  for (const address of [
    'https://mоda.gov.tw/', // Cyrillic о
    'https://moda.gοv.tw/', // Greek ο
    'https://modа.gov.tw', // Cyrillic а
    'https://moda.gov.tẇ/',
    'https://moda.ɡov.tw/', // Latin script g
    'https://xn--mda-9cd.gov.tw/',
    'https://xn--mda-9cd.moda.gov.tw/',
    'https://moda．gov．tw/',
    'https://moda。gov。tw/x',
    'https://moda｡gov.tw/',
    'ｈｔｔｐｓ：／／moda.gov.tw/',
    'https://ｍｏｄａ.gov.tw/',
    'https://moda.gov.tw／x',
    'evil．com',
    'evil。com',
    '政府.台灣',
    '數位部.tw',
    'https://數位部.gov.tw/',
    'https://moda․gov․tw/', // one-dot leader
    'evil﹒com', // small full stop
    'evil\u0301.com', // a mark on the last letter
    'evi\u0301l.c\u0301om',
    'i❤.ws',
    'evil.ⓒom',
  ]) {
    const found = codes(`請見 ${address} ，請洽`);
    assert.ok(
      found.some((code) => code.startsWith('address_')),
      `${address}: ${found.join(' ')}`,
    );
  }
  for (const address of [
    'https://mo\u200bda.gov.tw/',
    'https://moda.gov.tw\u202e/x',
    'https://moda\u00ad.gov.tw/',
    'https://mod\u2066a.gov.tw',
  ]) {
    assert.ok(
      codes(`請見 ${address} ，請洽`).some((code) => /^character_(?:invisible|direction)$/u.test(code)),
      address,
    );
  }
});

test('whatever stands before or behind a registered host, the text passes only if the host is still below it', () => {
  const label = fc.stringMatching(/^[a-z0-9.@:/-]{0,6}$/u);
  fc.assert(
    fc.property(label, label, (before, after) => {
      const written = `https://${before}moda.gov.tw${after}`;
      if (codes(`${written} ，請洽`).length > 0) return;
      const { hostname, username, port, protocol } = new URL(written.replace(/[.:]+$/u, ''));
      assert.match(hostname, /^(?:.+\.)?moda\.gov\.tw\.?$/u, written);
      assert.deepEqual([username, port, protocol], ['', '', 'https:'], written);
    }),
    { numRuns: 300 },
  );
});

test('without registered hosts there is no address at all', () => {
  const none = createContentPolicy({ service: { contactNumbers, linkHosts: [] }, version }, words);
  for (const address of ['https://moda.gov.tw/', 'moda.gov.tw', 'https://evil.com'])
    assert.deepEqual(codes(`${address} ，請洽`, none), ['address_not_allowed'], address);
});

test('every telephone number is registered for the service', () => {
  for (const number of [
    '0912345678',
    '0912-345-678',
    '0912 345 678',
    '０９１２３４５６７８',
    '(02)2345-6789',
    '+886912345678',
    '886912345678',
    '0912.345.678',
    '0912 - 345 - 678',
    '0912·345·678',
    '0912*345*678',
    '0912,345,678',
    '0912＿345＿678',
    '0 9 1 2 3 4 5 6 7 8',
    '0\u0301912345678',
    '2026/0912345678',
    '第1-0912345678號',
    '0223808411/0912345678',
    '(02)2380-8411~0912-345-678',
  ])
    assert.deepEqual(codes(`請撥 ${number} ，請洽`), ['phone_not_registered'], number);
  for (const number of ['+86 138 0013 8000', '٠٩١٢٣٤٥٦٧٨', '+86 138 0013 8000 1234 5678', '12 ٠٩١٢٣٤٥٦٧٨'])
    assert.deepEqual(codes(`請撥 ${number} ，請洽`), ['phone_foreign'], number);
  for (const number of ['0800-009-868', '0800009868', '(02)2380-8411', '02 2380 8411', '1922', '165'])
    assert.deepEqual(codes(`請撥 ${number} ，請洽`), [], number);
  for (const other of [
    '2026/01/02-2026/03/04',
    '115/02/03~115/04/05',
    '2026-02-03 至 2026-04-05',
    '09:00~12:00、13:00~17:00',
    '11月09、10、11、12、13日',
    '11/09,10,11,12,13',
    '0900-1200 及 1300-1700',
    '1,234,567 元（含 0.5% 手續費 6,173 元）',
  ])
    assert.deepEqual(codes(`期間 ${other} ，請洽`), [], other);
});

test('words of fraud are refused or warned of, alarms are sent to cell broadcast', () => {
  const levels = (text: string) => policy(text).map(({ code, level }) => `${code} ${level}`);
  assert.deepEqual(levels('請操作ATM'), ['word_transfer refuse', 'word_money warn']);
  assert.deepEqual(levels('請至atm領取'), ['word_money warn']);
  assert.deepEqual(levels('解除分期付款'), ['word_transfer refuse']);
  assert.deepEqual(levels('海嘯警報發布'), ['word_alarm refuse']);
  assert.deepEqual(levels('淹水警戒'), ['word_disaster warn']);
});

test('personal data and characters that phones do not show are pointed out where they stand', () => {
  const found = policy('您的身分證 A123456789 已登錄');
  assert.deepEqual(
    found.map(({ code, level, at }) => [code, level, at]),
    [['personal_identity', 'warn', { start: 6, end: 16 }]],
  );
  assert.deepEqual(codes('A123456788 登錄，請洽'), []);
  assert.deepEqual(codes('卡號 4111 1111 1111 1111，請洽'), ['personal_card']);
  assert.deepEqual(codes('您好😀，請洽'), ['character_emoji']);
  assert.deepEqual(codes('\ue000先生，請洽'), ['character_private_use']);
  assert.deepEqual(codes('葛\u{e0100}先生，請洽'), ['character_variant']);
  assert.deepEqual(codes('王\ufffd明，請洽'), ['character_replacement']);
  assert.deepEqual(codes('王\u0000明，請洽'), ['character_control']);
  assert.deepEqual(codes('𠮷先生，請洽'), []);
});

test('identity and card numbers pass their own check', () => {
  for (const number of ['A123456789', 'F131104093', 'A800000014', 'AC01234567'])
    assert.ok(isIdentityNumber(number), number);
  for (const number of ['A123456788', 'A523456789', 'A12345678', '1234567890'])
    assert.ok(!isIdentityNumber(number), number);
  for (const number of ['4111111111111111', '5555555555554444', '378282246310005', '3530111333300000'])
    assert.ok(isCardNumber(number), number);
  for (const number of ['4111111111111112', '1234567890123452', '9111111111111111'])
    assert.ok(!isCardNumber(number), number);
});

test('a judge is asked once for each address, however many texts hold it', async () => {
  const asked: string[] = [];
  const review = createAddressReview({
    judge: async (address) => {
      asked.push(address.href);
      return { bad: address.pathname === '/bad', reason: null };
    },
  });
  const results = await Promise.all(
    ['https://moda.gov.tw/a', 'https://moda.gov.tw/bad', 'https://moda.gov.tw/a'].map((address) =>
      review(`請見 ${address} ，`),
    ),
  );
  assert.deepEqual(
    results.map((problems) => problems.map(({ code }) => code)),
    [[], ['address_known_bad'], []],
  );
  assert.deepEqual(asked.toSorted(), ['https://moda.gov.tw/a', 'https://moda.gov.tw/bad']);
});
