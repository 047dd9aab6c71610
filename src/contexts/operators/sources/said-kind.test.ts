import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reading } from './reading-fixture.ts';

const companies =
  '統一編號,公司名稱,公司地址,資本總額,實收資本額,在境內營運資金,公司狀態,產製日期\n22099131,甲乙股份有限公司,臺北市,1000,1000,0,核准設立,2023-11-01\n';

test('a file with the headers of 22184 is the general company list where sources.json says so', async () => {
  const forms = [
    '{"files":{"g.csv":{"kind":"company"}}}',
    '{"files":{"g.csv":"company"}}',
    '{"g.csv":"company"}',
  ];
  for (const said of forms) {
    await reading({ 'g.csv': companies, 'sources.json': said }, async ({ report, rows }) => {
      const files = report.files.map(({ kind, goodRows, problem }) => [kind, goodRows, problem]);
      assert.deepEqual(files, [['company', 1, null]], said);
      assert.deepEqual(await rows('select ubn, items from src_company'), [{ ubn: '22099131', items: [] }]);
    });
  }
  await reading({ 'g.csv': companies }, ({ report }) =>
    assert.equal(report.files[0]?.kind, 'company_by_item'),
  );
});

test('a police list needs a quarter and a name alone', async () => {
  await reading({ 'p.csv': '季別,賣場名稱\n112Q3,甲賣場\n' }, async ({ report, rows }) => {
    assert.deepEqual([report.files[0]?.kind, report.files[0]?.goodRows], ['high_risk_shop', 1]);
    const [row] = await rows('select quarter, rank, name, domain from src_high_risk_shop');
    assert.deepEqual(row, { quarter: '2023Q3', rank: null, name: '甲賣場', domain: null });
  });
});
