import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsJson } from './output/findings-json.ts';
import { found, findingsOf, operatorOf, runOver } from './hand-made-sources.ts';

const green = { ubn: '97025978', name: '碧湖支付股份有限公司' };
const blue = { ubn: '70565326', name: '靛青科技股份有限公司' };
const gone = { ubn: '24941093', name: '殘月金流有限公司', status: '解散' };
const balance = (row: object, amount = 5_000_000, year = 2022): Record<string, string | number | null> => ({
  ubn: null,
  name: null,
  ...row,
  year,
  balance: amount,
});
const pick = ({ ubn, name }: { ubn: string; name: string }): { ubn: string; name: string } => ({ ubn, name });

describe('who operates', () => {
  test('a firm with the item and a balance above 0 in the latest year on file operates', async () => {
    const result = await runOver({ company_by_item: [green, blue], fsc_reply: [balance(pick(green))] });
    assert.equal(operatorOf(result, green.ubn).status, 'operating');
    assert.equal(operatorOf(result, blue.ubn).status, 'not-operating');
  });

  test('a balance of 0 is no sign: above, not from', async () => {
    const result = await runOver({ company_by_item: [green], fsc_reply: [balance(pick(green), 0)] });
    assert.equal(operatorOf(result, green.ubn).status, 'not-operating');
  });

  test('only the latest year whose 31 December lies before the day counts', async () => {
    const sources = {
      company_by_item: [green, blue],
      fsc_reply: [balance(pick(green), 9, 2021), balance(pick(blue), 9, 2022), balance(pick(green), 9, 2023)],
    };
    assert.equal(operatorOf(await runOver(sources), green.ubn).status, 'not-operating');
    assert.equal(operatorOf(await runOver(sources, { asOf: '2024-01-01' }), green.ubn).status, 'operating');
    assert.equal(
      operatorOf(await runOver(sources, { asOf: '2023-12-31' }), green.ubn).status,
      'not-operating',
    );
  });

  test('each source has its own latest year', async () => {
    const result = await runOver({
      company_by_item: [green, blue],
      fsc_reply: [balance(pick(green), 9, 2022)],
      tax_sales: [{ ubn: blue.ubn, year: 2021, sales: 9 }],
    });
    assert.equal(operatorOf(result, blue.ubn).status, 'operating');
  });

  test('a registration is a sign from its first to its last day, without any amount', async () => {
    const registration = { ...pick(green), registered_on: '2023-08-31', valid_until: '2025-08-30' };
    const at = async (asOf: string): Promise<string> =>
      operatorOf(
        await runOver({ company_by_item: [green], capability_registration: [registration] }, { asOf }),
        green.ubn,
      ).status;
    assert.equal(await at('2023-08-30'), 'not-operating');
    assert.equal(await at('2023-08-31'), 'operating');
    assert.equal(await at('2025-08-30'), 'operating');
    assert.equal(await at('2025-08-31'), 'not-operating');
  });

  test('activity of a dissolved firm is unclear', async () => {
    const result = await runOver({ company_by_item: [gone], fsc_reply: [balance(pick(gone))] });
    assert.equal(operatorOf(result, gone.ubn).status, 'unclear');
  });

  test('a firm ordered to dissolve is not dissolved yet', async () => {
    const ordered = { ...green, status: '核准設立，但已命令解散' };
    const result = await runOver({ company_by_item: [ordered], fsc_reply: [balance(pick(green))] });
    assert.equal(operatorOf(result, green.ubn).status, 'operating');
  });

  test('a number that no loaded register knows still identifies its firm', async () => {
    const result = await runOver({ company_by_item: [blue], fsc_reply: [balance(green)] });
    const operator = operatorOf(result, green.ubn);
    assert.equal(operator.status, 'operating');
    assert.ok(operator.reasons.some((reason) => reason.code === 'not-in-registers'));
  });

  test('a row without a name is matched by its number alone', async () => {
    const result = await runOver({
      company_by_item: [green],
      tax_sales: [{ ubn: green.ubn, year: 2022, sales: 1 }],
    });
    assert.equal(operatorOf(result, green.ubn).status, 'operating');
  });

  test('a name that nobody bears is unclear under the name as given', async () => {
    const result = await runOver({
      company_by_item: [green],
      fsc_reply: [balance({ name: '查無此人股份有限公司' })],
    });
    assert.deepEqual(
      [operatorOf(result, '查無此人股份有限公司').ubn, operatorOf(result, '查無此人股份有限公司').status],
      [null, 'unclear'],
    );
  });

  test('what a branch collects is collected by its company', async () => {
    const result = await runOver({
      company: [{ ...green, items: ['I301040'] }],
      tax_register: [{ ubn: '22099131', name: `${green.name}台中分公司`, head_office_ubn: green.ubn }],
      fsc_reply: [balance({ ubn: '22099131', name: `${green.name}台中分公司` })],
    });
    assert.equal(operatorOf(result, green.ubn).status, 'operating');
    assert.equal(result.operators.length, 1);
  });

  test('a business that moved county is what its new row says', async () => {
    const business = { ubn: '00261367', name: '禮字企業社' };
    const result = await runOver({
      business_by_item: [
        { ...business, status: '遷他縣市' },
        { ...business, status: '核准設立' },
      ],
      fsc_reply: [balance(business)],
    });
    assert.equal(operatorOf(result, business.ubn).registerClass, 'in-being');
    assert.equal(operatorOf(result, business.ubn).status, 'operating');
  });
});

describe('judgements', () => {
  test('an officer who declares a firm not operating is obeyed and shown', async () => {
    const judgements = [
      { kind: 'operating', ubn: green.ubn, verdict: 'not-operating', by: 'officer-7' } as const,
    ];
    const result = await runOver(
      { company_by_item: [green], fsc_reply: [balance(pick(green))] },
      { judgements },
    );
    assert.equal(operatorOf(result, green.ubn).status, 'not-operating');
    assert.equal(operatorOf(result, green.ubn).reasons[0]?.code, 'judged-not-operating');
  });

  test('"same" ties a name to a firm, "not the same" unties it, "unsure" leaves it unclear', async () => {
    const sources = { company_by_item: [green], fsc_reply: [balance({ name: '碧胡支付股份有限公司' })] };
    assert.equal(operatorOf(await runOver(sources), green.ubn).status, 'operating');
    const named = [
      { kind: 'match', name: '碧胡支付股份有限公司', ubn: green.ubn, verdict: 'not-same' } as const,
    ];
    const result = await runOver(sources, { judgements: named });
    assert.equal(operatorOf(result, green.ubn).status, 'not-operating');
    assert.equal(operatorOf(result, '碧胡支付股份有限公司').status, 'unclear');
    const unsure = [{ ...named[0]!, verdict: 'unsure' } as const];
    assert.equal(
      operatorOf(await runOver(sources, { judgements: unsure }), '碧胡支付股份有限公司').status,
      'unclear',
    );
    const same = [{ kind: 'match', name: '完全不同的名字', ubn: green.ubn, verdict: 'same' } as const];
    const other = { company_by_item: [green], fsc_reply: [balance({ name: '完全不同的名字' })] };
    assert.equal(operatorOf(await runOver(other, { judgements: same }), green.ubn).status, 'operating');
  });

  test('a later judgement replaces an earlier one', async () => {
    const sources = { company_by_item: [green], fsc_reply: [balance({ name: '山高水長' })] };
    const judgement = { kind: 'match', name: '山高水長', ubn: green.ubn } as const;
    const judgements = [
      { ...judgement, verdict: 'same' } as const,
      { ...judgement, verdict: 'not-same' } as const,
    ];
    assert.equal(operatorOf(await runOver(sources, { judgements }), green.ubn).status, 'not-operating');
  });

  test("a measure judged to be the shop's ends the finding", async () => {
    const sources = {
      high_risk_shop: [{ quarter: '2023Q3', rank: 1, name: '霧島拍賣', domain: 'wudao.example' }],
      hardening_measure: [{ measure: '加入TWCERT', name: '烏有電商平台營運團隊' }],
    };
    assert.deepEqual(found(await runOver(sources), 'high-risk-shop-without-measure'), ['霧島拍賣']);
    const judgements = [
      { kind: 'shop', name: 'wudao.example', other: '烏有電商平台營運團隊', verdict: 'same' } as const,
    ];
    assert.deepEqual(found(await runOver(sources, { judgements }), 'high-risk-shop-without-measure'), []);
  });
});

describe('a run', () => {
  const sources = {
    company_by_item: [green, blue, gone],
    company: [{ ubn: '22099131', name: '橘井數位有限公司', items: ['ZZ99999'] }],
    fsc_reply: [balance(pick(green), 2_000_000_000), balance({ ubn: '22099131', name: '橘井數位' })],
    high_risk_shop: [{ quarter: '2023Q3', rank: 1, name: '霧島拍賣', domain: null }],
  };

  test('gives the same bytes for the same input', async () => {
    const text = [...findingsJson(await runOver(sources))].join('');
    const again = [...findingsJson(await runOver(sources))].join('');
    assert.equal(text, again);
  });

  test('every count of the funnel opens a list of that length', async () => {
    const result = await runOver(sources);
    for (const step of result.funnel) {
      if (step.opens?.list === 'operators') {
        const { key } = step.opens;
        assert.equal(result.operators.filter((one) => one.steps.includes(key)).length, step.count, step.step);
      }
      if (step.opens?.list === 'findings')
        assert.equal(findingsOf(result, step.opens.key).length, step.count, step.step);
    }
    const counts = new Map(result.funnel.map((step) => [step.step, step.count]));
    assert.deepEqual(
      ['register-rows', 'with-item', 'in-being', 'gone', 'operating', 'operating-without-item'].map((step) =>
        counts.get(step),
      ),
      [4, 3, 2, 1, 2, 1],
    );
  });

  test('every finding has evidence, a law basis and a score that is the sum of its parts', async () => {
    const result = await runOver(sources);
    assert.ok(result.findings.length >= 3);
    for (const finding of result.findings) {
      assert.ok(finding.evidence.length > 0, finding.rule);
      assert.ok(finding.law.length > 0, finding.rule);
      const sum = finding.scoreParts.reduce((total, part) => total + part.points, 0);
      assert.ok(Math.abs(sum - finding.score) < 0.06, finding.rule);
      assert.doesNotMatch(`${finding.zh}${finding.en}`, /[{}]|undefined|NaN/u);
    }
  });

  test('stops with the reason of its signal', async () => {
    const { reconcile } = await import('./engine.ts');
    const { packInForce } = await import('./rules/rule-pack.ts');
    const stop = AbortSignal.abort(new Error('enough'));
    const asOf = Temporal.PlainDate.from('2023-11-30');
    const nothing = {
      connection: undefined as never,
      asOf,
      judgements: [],
      pack: packInForce(asOf),
      signal: stop,
    };
    await assert.rejects(reconcile(nothing), /enough/);
  });
});
