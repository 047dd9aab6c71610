import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsOf, found, type HandMade, runOver } from '../hand-made-sources.ts';
import { parseRulePack } from './read-rule-pack.ts';
import { packInForce, shippedPacks } from './rule-pack.ts';

const ubn = '97025978';
const name = '碧湖支付股份有限公司';
const firm = { ubn, name };
const billion = 1_000_000_000;
const reply = (amount: number): HandMade['fsc_reply'] => [{ ubn, name, year: 2022, balance: amount }];
const registration = {
  ubn,
  name,
  certificate_no: '001',
  registered_on: '2023-08-01',
  valid_until: '2023-10-31',
};

describe('operating-without-business-item', () => {
  test('holds for an operating firm that no list with the item names', async () => {
    const result = await runOver({ company: [firm], fsc_reply: reply(1) });
    const [finding] = findingsOf(result, 'operating-without-business-item');
    assert.deepEqual([finding?.ubn, finding?.facts['class']], [ubn, 'no-item']);
  });
  test('firms with only ZZ99999 are a class of their own', async () => {
    const result = await runOver({
      company: [{ ...firm, items: ['F399040', 'ZZ99999'] }],
      fsc_reply: reply(1),
    });
    assert.equal(findingsOf(result, 'operating-without-business-item')[0]?.facts['class'], 'catch-all-only');
  });
  test('does not hold for a firm with the item, nor for one that does not operate', async () => {
    const withItem = await runOver({ company: [{ ...firm, items: ['I301040'] }], fsc_reply: reply(1) });
    assert.deepEqual(found(withItem, 'operating-without-business-item'), []);
    assert.deepEqual(
      found(await runOver({ company: [firm], fsc_reply: reply(0) }), 'operating-without-business-item'),
      [],
    );
  });
  test('is not claimed where no list that would show the item is loaded', async () => {
    const result = await runOver({ tax_register: [firm], fsc_reply: reply(1) });
    assert.deepEqual(found(result, 'operating-without-business-item'), []);
  });
});

const large = async (amount: number): Promise<string[]> =>
  found(await runOver({ company_by_item: [firm], fsc_reply: reply(amount) }), 'large-without-registration');

describe('large-without-registration', () => {
  test('holds above NT$1 billion, not from it', async () => {
    assert.deepEqual(await large(billion), []);
    assert.deepEqual(await large(billion + 1), [ubn]);
  });
  test('sales count as well as balances, and rows are never added up', async () => {
    const sales = await runOver({
      company_by_item: [firm],
      tax_sales: [{ ubn, year: 2022, sales: billion + 1 }],
    });
    assert.deepEqual(found(sales, 'large-without-registration'), [ubn]);
    const twice = await runOver({
      company_by_item: [firm],
      fsc_reply: [...reply(billion)!, ...reply(billion)!],
    });
    assert.deepEqual(found(twice, 'large-without-registration'), []);
  });
  test('ends with a registration in force, not with an application', async () => {
    const sources = { company_by_item: [firm], fsc_reply: reply(billion + 1) };
    const passed = { ...sources, capability_registration: [{ ...registration, valid_until: null }] };
    assert.deepEqual(found(await runOver(passed), 'large-without-registration'), []);
    const applied = {
      ...sources,
      capability_application: [{ ubn, name, applied_on: '2023-10-01', status: '審查中' }],
    };
    const [finding] = findingsOf(await runOver(applied), 'large-without-registration');
    assert.deepEqual(finding?.facts['applied'], ['審查中']);
  });
  test('holds for a name that nobody could be found for', async () => {
    const result = await runOver({
      company_by_item: [firm],
      fsc_reply: [{ name: '無名氏支付', year: 2022, balance: billion * 2 }],
    });
    const [finding] = findingsOf(result, 'large-without-registration');
    assert.deepEqual([finding?.ubn, finding?.name], [null, '無名氏支付']);
  });
});

const run = (status: string, row: object): ReturnType<typeof runOver> =>
  runOver({
    company_by_item: [{ ...firm, status }],
    capability_registration: [{ ...registration, ...row }],
  });

describe('registrations', () => {
  test('registration-lapsed holds the day after the last day, for a living firm', async () => {
    assert.deepEqual(found(await run('核准設立', {}), 'registration-lapsed'), [ubn]);
    assert.deepEqual(found(await run('核准設立', { valid_until: '2023-11-30' }), 'registration-lapsed'), []);
    assert.deepEqual(found(await run('解散', {}), 'registration-lapsed'), []);
  });
  test('registration-lapsed does not hold where a later certificate is in force', async () => {
    const renewed = {
      ...registration,
      certificate_no: '002',
      registered_on: '2023-11-01',
      valid_until: '2025-10-31',
    };
    const result = await runOver({
      company_by_item: [firm],
      capability_registration: [registration, renewed],
    });
    assert.deepEqual(found(result, 'registration-lapsed'), []);
  });
  test('a revoked registration is told apart from a lapsed one', async () => {
    const result = await run('核准設立', { block: 'revoked', valid_until: '2025-01-01' });
    assert.deepEqual(found(result, 'registration-revoked'), [ubn]);
    assert.deepEqual(found(result, 'registration-lapsed'), []);
  });
  test('registered-but-dissolved holds while the certificate of a gone firm is in force', async () => {
    assert.deepEqual(found(await run('解散', { valid_until: '2025-01-01' }), 'registered-but-dissolved'), [
      ubn,
    ]);
    assert.deepEqual(found(await run('解散', {}), 'registered-but-dissolved'), []);
    assert.deepEqual(found(await run('停業', { valid_until: '2025-01-01' }), 'registered-but-dissolved'), []);
  });
});

test('identifier-conflict names the row, both names and the firm that the name means', async () => {
  const other = { ubn: '70565326', name: '靛青科技股份有限公司' };
  const result = await runOver({
    company_by_item: [firm, other],
    fsc_reply: [{ ubn, name: other.name, year: 2022, balance: 3 }],
  });
  const [finding] = findingsOf(result, 'identifier-conflict');
  assert.equal(finding?.ubn, ubn);
  assert.deepEqual([finding?.facts['givenName'], finding?.facts['pointsToUbn']], [other.name, other.ubn]);
  assert.deepEqual(
    finding?.evidence.map((row) => row.source),
    ['fsc_reply', 'company_by_item', 'company_by_item'],
  );
});

const listed = (...quarters: string[]): HandMade['high_risk_shop'] =>
  quarters.map((quarter) => ({ quarter, rank: 1, name: '霧島拍賣', domain: 'wudao.example' }));

describe('high-risk shops', () => {
  test('without-measure holds until any measure is joined, one of another name included', async () => {
    const rule = 'high-risk-shop-without-measure';
    assert.deepEqual(found(await runOver({ high_risk_shop: listed('2023Q3') }), rule), ['霧島拍賣']);
    const joined = (joined_on: string | null): HandMade => ({
      high_risk_shop: listed('2023Q3'),
      hardening_measure: [{ measure: '自訂之措施', name: '霧島購物網', joined_on }],
    });
    assert.deepEqual(found(await runOver(joined(null)), rule), []);
    assert.deepEqual(found(await runOver(joined('2023-11-30')), rule), []);
    assert.deepEqual(found(await runOver(joined('2023-12-01')), rule), ['霧島拍賣']);
  });
  test('a quarter counts from its last day on', async () => {
    const result = await runOver({ high_risk_shop: listed('2023Q4', '2023Q3') });
    assert.deepEqual(found(result, 'high-risk-repeatedly'), []);
    assert.deepEqual(
      found(
        await runOver({ high_risk_shop: listed('2023Q4', '2023Q3') }, { asOf: '2023-12-31' }),
        'high-risk-repeatedly',
      ),
      ['霧島拍賣'],
    );
  });
  test('repeatedly lists the quarters and how many in a row up to the newest list', async () => {
    const others = { quarter: '2023Q2', rank: 1, name: '別家賣場', domain: 'other.example' };
    const result = await runOver({ high_risk_shop: [...listed('2023Q3', '2023Q1', '2022Q4')!, others] });
    const [finding] = findingsOf(result, 'high-risk-repeatedly');
    assert.deepEqual([finding?.facts['quarterCount'], finding?.facts['consecutive']], [3, 1]);
  });
  test('two names of one brand on the list of one quarter are two shops', async () => {
    const shop = (quarter: string, rank: number, name: string): Record<string, string | number | null> => ({
      quarter,
      rank,
      name,
      domain: null,
      ubn: null,
    });
    const hardening_measure = [{ measure: '資安檢測', name: '霧島購物', joined_on: '2023-05-01', ubn: null }];
    const rule = 'high-risk-shop-without-measure';
    const together = [shop('2023Q3', 1, '霧島拍賣'), shop('2023Q3', 2, '霧島購物')];
    const apart = [shop('2023Q2', 1, '霧島拍賣'), shop('2023Q3', 2, '霧島購物')];
    assert.deepEqual(found(await runOver({ high_risk_shop: together, hardening_measure }), rule), [
      '霧島拍賣',
    ]);
    assert.deepEqual(found(await runOver({ high_risk_shop: apart, hardening_measure }), rule), []);
  });

  test('a measure finds its shop by number, domain, brand, alias or one slip, and never by half', async () => {
    const shop = { quarter: '2023Q3', rank: 1, name: '霧島山城購物', domain: 'wudao.example', ubn: null };
    const left = async (measure: object, more: HandMade = {}): Promise<number> => {
      const hardening_measure = [{ measure: '紅隊演練', ...measure }] as HandMade['hardening_measure'];
      const result = await runOver({ high_risk_shop: [shop], ...more, hardening_measure });
      return findingsOf(result, 'high-risk-shop-without-measure').length;
    };
    const alias = {
      brand_alias: [{ brand: '霧島山城', company_name: '碧湖支付股份有限公司', ubn, domain: null }],
    };
    assert.equal(await left({ name: '霧島山城' }), 0);
    assert.equal(await left({ name: '霧島山成' }), 0);
    assert.equal(await left({ name: '霧島' }), 1);
    assert.equal(await left({ name: null, ubn }, alias), 0);
    assert.equal(await left({ name: '碧湖支付(股)公司' }, alias), 0);
    assert.equal(
      await left(
        { name: '別名小舖' },
        { traffic: [{ name: '別名小舖', domain: 'wudao.example', monthly_visits: 5 }] },
      ),
      0,
    );
  });
});

describe('rule packs', () => {
  test('the pack in force on a day is taken, without gaps between the shipped ones', () => {
    assert.equal(packInForce(Temporal.PlainDate.from('2024-11-29')).id, 'third-party-payment-2022');
    assert.equal(packInForce(Temporal.PlainDate.from('2024-11-30')).id, 'third-party-payment-2024');
    for (const [index, pack] of shippedPacks.slice(1).entries()) {
      const before = Temporal.PlainDate.from(shippedPacks[index]!.validTo!);
      assert.equal(before.add({ days: 1 }).toString(), pack.validFrom);
    }
  });
  test('a shipped pack passes the full check, which no start repeats', () => {
    for (const pack of shippedPacks) assert.equal(parseRulePack(pack), pack);
  });
  test('a pack that names an unknown fact, threshold or evidence is refused with its name', () => {
    const pack = structuredClone(shippedPacks[0]!) as unknown as {
      rules: { when: object; evidence: string[] }[];
    };
    pack.rules[0]!.when = { fact: 'ballance', above: 1 };
    assert.throws(() => parseRulePack(pack), /unknown fact ballance/);
    pack.rules[0]!.when = { fact: 'balance', above: '$huge' };
    assert.throws(() => parseRulePack(pack), /unknown threshold \$huge/);
    pack.rules[0]!.when = { all: [] };
    pack.rules[0]!.evidence = ['hearsay'];
    assert.throws(() => parseRulePack(pack), /unknown evidence hearsay/);
    assert.throws(() => parseRulePack({ id: 'x' }), /rule pack: /);
  });
  test('a new rule is data', async () => {
    const pack = structuredClone(shippedPacks[0]!);
    const rule = {
      ...pack.rules[0]!,
      id: 'suspended-but-active',
      severity: 'low',
      when: {
        all: [
          { fact: 'status', equals: 'operating' },
          { fact: 'registerClass', equals: 'suspended' },
        ],
      },
    } as const;
    const extended = parseRulePack({ ...pack, rules: [...pack.rules, rule] });
    const sources = { company_by_item: [{ ...firm, status: '停業' }], fsc_reply: reply(5) };
    assert.deepEqual(found(await runOver(sources, { pack: extended }), 'suspended-but-active'), [ubn]);
  });
});
