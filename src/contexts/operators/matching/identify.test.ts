import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HandMade, operatorOf, runOver } from '../hand-made-sources.ts';
import type { Match } from '../run-result.ts';

/** Ties one FSC row with this name, and maybe a number that failed its check, over the registers given. */
async function tie(name: string, sources: HandMade, ubnRejected: string | null = null): Promise<Match> {
  const reply = { ubn: null, name, ubn_rejected: ubnRejected, year: 2022, balance: 7 };
  const result = await runOver({ ...sources, fsc_reply: [reply, ...(sources.fsc_reply ?? [])] });
  const match = result.matches.find((one) => one.row.source === 'fsc_reply' && one.row.row === 2);
  assert.ok(match);
  return match;
}

const firm = (ubn: string, name: string, more: object = {}): Record<string, string> => ({
  ubn,
  name,
  ...more,
});
const green = firm('12411160', '綠漪科技股份有限公司');
const blue = firm('22555003', '藍新橋科技股份有限公司');

describe('a name alone', () => {
  test('the complete name comes first, whatever form it is written in', async () => {
    const match = await tie('綠漪科技（股）公司', {
      company_by_item: [green, firm('24941093', '綠漪科技有限公司')],
    });
    assert.deepEqual([match.ubn, match.explanation?.tier], [green['ubn'], 'exact-name']);
  });

  test('then the core, without its legal form', async () => {
    const match = await tie('綠漪科技', { company_by_item: [green, blue] });
    assert.deepEqual([match.ubn, match.explanation?.tier], [green['ubn'], 'exact-core']);
  });

  test('then a brand of an alias source, and one of the list that ships', async () => {
    const own = await tie('漪付通', {
      company_by_item: [green],
      brand_alias: [{ brand: '漪付通', company_name: '綠漪科技', ubn: null, domain: null }],
    });
    assert.deepEqual([own.ubn, own.explanation?.tier], [green['ubn'], 'alias']);
    const shipped = await tie('LINE Pay', {
      company_by_item: [firm('24941093', '連加網路商業股份有限公司')],
    });
    assert.deepEqual([shipped.ubn, shipped.explanation?.tier], ['24941093', 'alias']);
  });

  test('then a short name whose rest is made of generic words', async () => {
    const match = await tie('綠漪', { company_by_item: [green, blue] });
    assert.deepEqual([match.ubn, match.explanation?.tier], [green['ubn'], 'abbreviation']);
  });

  test('two names of one firm, one in brackets, are that firm; names of two firms are nobody', async () => {
    const line = firm('24941093', '連加網路商業股份有限公司');
    const company_by_item = [green, blue, line];
    for (const name of ['LINE PAY(連加網路)', '連加網路商業股份有限公司（LINE Pay）', 'LINE Pay（跨境）'])
      assert.equal((await tie(name, { company_by_item })).ubn, line['ubn'], name);
    assert.equal((await tie('綠漪科技（藍新橋科技）', { company_by_item })).ubn, null);
  });

  test('then one slip in four characters', async () => {
    const match = await tie('緣漪科技股份有限公司', { company_by_item: [green, blue] });
    assert.deepEqual([match.ubn, match.explanation?.tier], [green['ubn'], 'similar-name']);
    assert.equal(match.explanation?.features['edits'], 1);
  });

  test('a slip is also found in the large registers, beyond firms with the item', async () => {
    const match = await tie('緣漪科技股份有限公司', { company: [green], company_by_item: [blue] });
    assert.deepEqual([match.ubn, match.explanation?.tier], [green['ubn'], 'similar-name']);
  });

  test("a slip in a name of three characters is nobody's", async () => {
    const match = await tie('緣漪行有限公司', { company_by_item: [firm('12411160', '綠漪行有限公司')] });
    assert.equal(match.outcome, 'not-found');
  });

  test('two firms at the same distance are ambiguous, and both are listed', async () => {
    const match = await tie('紅漪科技有限公司', {
      company_by_item: [firm('12411160', '綠漪科技有限公司'), firm('22555003', '藍漪科技有限公司')],
    });
    assert.equal(match.outcome, 'ambiguous');
    assert.deepEqual(match.candidates.map((one) => one.ubn).toSorted(), ['12411160', '22555003']);
  });

  test('of two near firms the one with signs of its own is meant', async () => {
    const match = await tie('紅漪科技有限公司', {
      company_by_item: [firm('12411160', '綠漪科技有限公司'), firm('22555003', '藍漪科技有限公司')],
      tax_sales: [{ ubn: '22555003', year: 2022, sales: 5 }],
    });
    assert.equal(match.ubn, '22555003');
  });

  test('a living firm goes before a dissolved one of the same name', async () => {
    const match = await tie('綠漪科技股份有限公司', {
      company_by_item: [firm('24941093', '綠漪科技股份有限公司', { status: '廢止' }), green],
    });
    assert.equal(match.ubn, green['ubn']);
  });

  test('only where no living firm bears the name it is the dissolved one', async () => {
    const match = await tie('綠漪科技股份有限公司', {
      company_by_item: [{ ...green, status: '解散' }, blue],
    });
    assert.equal(match.ubn, green['ubn']);
  });

  test('the name of a business is no key without its county', async () => {
    const shops = [
      firm('00261367', '順發商行', { address: '臺南市' }),
      firm('00299785', '順發商行', { address: '屏東縣' }),
    ];
    assert.equal((await tie('順發商行', { business_by_item: shops })).outcome, 'ambiguous');
    const taxed = shops.map((shop) => ({ ...shop, organisation_kind: '獨資' }));
    const match = await tie('順發商行', { tax_register: taxed, business_by_item: [shops[1]!] });
    assert.equal(match.ubn, '00299785');
  });

  test('a 商行 is not the 企業社 of the same core', async () => {
    const match = await tie('順發企業社', { business_by_item: [firm('00261367', '順發商行')] });
    assert.notEqual(match.explanation?.tier, 'exact-core');
    assert.equal(match.outcome, 'not-found');
  });

  test('a number that fails its check by one digit is named and breaks a tie', async () => {
    const two = [firm('12411160', '綠漪科技有限公司'), firm('22555003', '藍漪科技有限公司')];
    const match = await tie('紅漪科技有限公司', { company_by_item: two }, '12411161');
    assert.equal(match.ubn, '12411160');
    assert.equal(match.explanation?.features['oneDigitAway'], true);
  });

  test('another firm that bears the exact name is meant, not the one with the item that resembles it', async () => {
    const match = await tie('緣漪科技股份有限公司', {
      company_by_item: [green],
      tax_register: [firm('22099131', '緣漪科技股份有限公司')],
    });
    assert.equal(match.ubn, '22099131');
  });
});

const reply = (ubn: string, name: string): HandMade => ({
  company_by_item: [green, blue],
  fsc_reply: [{ ubn, name, year: 2022, balance: 7 }],
});

describe('a number with a name', () => {
  for (const name of [
    '綠漪科技股份有限公司',
    '綠漪科技',
    '綠漪',
    '緣漪科技股份有限公司',
    '綠漪科技股份有限公司台北分公司',
  ]) {
    test(`the number is confirmed by ${name}`, async () => {
      const result = await runOver(reply(green['ubn']!, name));
      assert.equal(operatorOf(result, green['ubn']!).status, 'operating');
    });
  }

  test('a brand or former name of an alias source confirms it', async () => {
    const result = await runOver({
      ...reply(green['ubn']!, '舊名海棠商務股份有限公司'),
      brand_alias: [
        { brand: '舊名海棠商務股份有限公司', company_name: null, ubn: green['ubn']!, domain: null },
      ],
    });
    assert.equal(operatorOf(result, green['ubn']!).status, 'operating');
  });

  test('generic words in common confirm nothing', async () => {
    const result = await runOver(reply(green['ubn']!, '海棠科技股份有限公司'));
    assert.equal(operatorOf(result, green['ubn']!).status, 'unclear');
  });

  test('a name that another firm bears exactly is a conflict even where it is one slip away', async () => {
    const result = await runOver({
      company_by_item: [green, firm('24941093', '緣漪科技股份有限公司')],
      fsc_reply: [{ ubn: green['ubn']!, name: '緣漪科技股份有限公司', year: 2022, balance: 7 }],
    });
    assert.equal(operatorOf(result, green['ubn']!).status, 'unclear');
    assert.equal(operatorOf(result, '24941093').status, 'not-operating');
  });
});
