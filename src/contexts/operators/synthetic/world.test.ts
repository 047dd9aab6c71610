import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isUbn } from '#shared/ubn';
import { confusable, headCharacters } from './name-parts.ts';
import { NationalMass } from './national.ts';
import { auditQuota, smallQuota } from './size.ts';
import { verdictOn } from './truth.ts';
import { ubnAt, ubnCapacity } from './ubn-series.ts';
import { buildWorld } from './world.ts';

const lists = new URL('../../../../datasets/company-lists/', import.meta.url);
const realRows = readdirSync(lists)
  .filter((name) => name.endsWith('.csv'))
  .flatMap((name) => readFileSync(new URL(name, lists), 'utf8').split('\n').slice(1))
  .filter((line) => line !== '')
  .map((line) => line.split(','));
const realUbns = new Set(realRows.map(([ubn = '']) => ubn));
const realNames = new Set(realRows.map(([, name = '']) => name));

test('no real firm of the public lists begins as an invented one does', () => {
  assert.ok(realNames.size > 18_000, `${realNames.size} real names`);
  const heads = new Set(headCharacters);
  const alike = [...realNames].filter((name) => {
    const chars = Array.from(name.replace(/^[台臺]灣/, '')).slice(0, 3);
    return chars.length === 3 && chars.every((c) => heads.has(c));
  });
  assert.deepEqual(alike, []);
  assert.ok(confusable.every((group) => Array.from(group).every((c) => heads.has(c))));
});

test('no planted name or number stands in the public lists', () => {
  for (const seed of [1, 7]) {
    for (const { name, ubn, aliases } of buildWorld(seed, auditQuota).firms) {
      assert.ok(isUbn(ubn), ubn);
      assert.ok(!realUbns.has(ubn), ubn);
      assert.ok(!realNames.has(name) && !aliases.some((alias) => realNames.has(alias)), name);
    }
  }
});

test('no number of either series stands in the public lists', () => {
  for (const series of ['audit', 'national'] as const) {
    const blocks = blockOf(series);
    for (const real of realUbns) assert.ok(!blocks.has(real.slice(0, 3)), real);
  }
});

function blockOf(series: 'audit' | 'national'): Set<string> {
  const blocks = new Set<string>();
  for (let i = 0; i < 20_000; i++) blocks.add(ubnAt(series, 0, i).slice(0, 3));
  assert.equal(blocks.size, ubnCapacity(series) / 20_000);
  return blocks;
}

test('a series gives each number once', () => {
  const seen = new Set<string>();
  for (let i = 0; i < ubnCapacity('audit'); i += 7) {
    const ubn = ubnAt('audit', 5, i);
    assert.ok(!seen.has(ubn));
    seen.add(ubn);
  }
});

for (const seed of [1, 2, 3, 20231130]) {
  test(`the audit's figures are planted exactly (seed ${seed})`, () => {
    const world = buildWorld(seed, auditQuota);
    const now = verdictOn(world, '2023-11-30');
    assert.ok(now.hasItemInBeing > 12_000, String(now.hasItemInBeing));
    assert.equal(now.operating.length, 90);
    assert.equal(now.findings['operating-without-business-item'].length, 12);
    assert.equal(now.catchAllOnly.length, 2);
    assert.equal(now.findings['large-without-registration'].length, 9);
    assert.equal(now.passed.length, 23);
    assert.equal(now.unclear.length, 11);
    assert.equal(now.findings['registration-lapsed'].length, 3);
    assert.equal(now.findings['registered-but-dissolved'].length, 2);
    assert.equal(now.findings['identifier-conflict'].length, 3);
    const {
      加入TWCERT: joined,
      資安評級: rated,
      紅隊演練: red,
      資安檢測: tested,
      物流隱碼: masked,
    } = now.measures;
    assert.deepEqual([joined, rated, red, tested, masked], [41, 34, 6, 12, 3]);
    const bare = now.findings['high-risk-shop-without-measure'];
    assert.equal(bare.length, 2);
    const visits = world.shops.filter((s) => s.withoutMeasure).map((s) => s.monthlyVisits);
    assert.ok(visits[0]! > 70_000_000 && visits[1]! > 2_200_000);
    for (const { domain } of bare) {
      const listed = world.listings.filter((l) => l.shop.domain === domain && l.quarter <= '2023Q3');
      assert.equal(new Set(listed.map((l) => l.quarter)).size, 7);
    }
    assert.equal(verdictOn(world, '2024-06-07').passed.length, 60);
    const later = verdictOn(world, '2026-06-30');
    assert.ok(later.findings['registration-lapsed'].length > 40, 'two years on, many have lapsed');
  });
}

test('a misspelt name has one nearest firm, and it is the one meant', () => {
  const world = buildWorld(4, auditQuota);
  const cores = world.firms.map((f) => ({ firm: f, core: f.core }));
  const misspelt = world.activities.filter(
    (a) => a.firm?.typo !== undefined && a.writtenName?.startsWith(a.firm.typo),
  );
  assert.equal(misspelt.length, auditQuota.misspelt);
  for (const { firm } of misspelt) {
    const near = cores.filter(({ core }) => differences(core, firm?.typo ?? '') <= 1).map((c) => c.firm.ubn);
    assert.deepEqual(near, [firm?.ubn]);
  }
});

function differences(a: string, b: string): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).filter((c, i) => c !== b[i]).length;
}

test('the anonymous mass keeps away from planted names and repeats no number', () => {
  const world = buildWorld(9, smallQuota);
  const mass = new NationalMass(world, 30_000);
  const seen = new Set(world.firms.map((f) => f.ubn));
  const planted = new Set(world.firms.filter((f) => f.typo !== undefined).map((f) => f.core.slice(0, 3)));
  const companies = [...mass.companyLines()].map((line) => line.split(','));
  assert.equal(companies.length, 30_000);
  for (const [ubn = '', name = ''] of companies) {
    assert.ok(!seen.has(ubn) && isUbn(ubn), ubn);
    seen.add(ubn);
    assert.ok(!planted.has(name.slice(0, 3)), name);
  }
  const tax = [...mass.taxLines(60_000)].map((line) => /^"[^"]+",(\d{8}),(\d{8})?,"[^"]+",/.exec(line));
  assert.equal(new Set(tax.map((m) => m?.[1])).size, 60_000);
});
