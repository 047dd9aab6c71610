import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isUbn } from '#shared/ubn';
import { reconcile } from './engine.ts';
import { packInForce } from './rules/rule-pack.ts';
import type { RunResult } from './run-result.ts';
import { readSources } from './sources/read-sources.ts';
import { select } from './matching/source-rows.ts';
import { openWorkbench } from './workbench.ts';

const lists = fileURLToPath(new URL('../../../datasets/company-lists', import.meta.url));
const page = fileURLToPath(new URL('../../../docs/real-lists.md', import.meta.url));

describe('the real lists of firms with the item', () => {
  let result: RunResult;
  let rows: { kind: string; ubn: string }[] = [];
  before(async () => {
    await using bench = await openWorkbench();
    await readSources({ directory: lists, connection: bench.connection });
    const asOf = Temporal.PlainDate.from('2025-03-01');
    result = await reconcile({ connection: bench.connection, asOf, judgements: [], pack: packInForce(asOf) });
    rows = await select(
      bench.connection,
      `select 'company' as kind, ubn from src_company_by_item union all select 'business', ubn from src_business_by_item`,
    );
  });
  const step = (name: string): number => result.funnel.find((one) => one.step === name)?.count ?? -1;

  test('every number in docs/real-lists.md is recomputed here', async () => {
    const of = (kind: string): string[] => rows.filter((row) => row.kind === kind).map((row) => row.ubn);
    const [companies, businesses] = [of('company'), of('business')];
    const distinct = new Set(rows.map((row) => row.ubn));
    const facts: Record<string, number> = {
      'company-rows': companies.length,
      'business-rows': businesses.length,
      'company-numbers': new Set(companies).size,
      'business-numbers': new Set(businesses).size,
      'repeated-business-rows': businesses.length - new Set(businesses).size,
      'in-both-lists': new Set(companies).size + new Set(businesses).size - distinct.size,
      'with-item': step('with-item'),
      'in-being': step('in-being'),
      'foreign-branches': step('foreign-branches'),
      'suspended-or-closing': step('suspended-or-closing'),
      gone: step('gone'),
      'moved-or-unknown': step('moved-or-unknown'),
      'failing-new-rule': [...distinct].filter((ubn) => !isUbn(ubn)).length,
      'failing-old-rule': [...distinct].filter((ubn) => !isUbn(ubn, 'before-2023')).length,
      'rejected-rows': result.sources.reduce((sum, source) => sum + source.rejectedRows, 0),
    };
    const text = await readFile(page, 'utf8');
    const written = [...text.matchAll(/\|\s*`([a-z-]+)`\s*\|\s*([\d,]+)\s*\|/gu)];
    const told = Object.fromEntries(
      written.map(([, key, value]) => [key, Number(value!.replaceAll(',', ''))]),
    );
    assert.deepEqual(told, facts);
  });

  test('the companies in being are the 10,954 that their publisher counts; a business that moved is counted once', () => {
    const parts = result.funnel.find((one) => one.step === 'in-being')?.parts;
    assert.deepEqual(parts, [
      { part: 'companies', count: 10_954 },
      { part: 'businesses', count: 1234 },
    ]);
  });

  test('no finding is claimed about a real firm from the lists alone', () => {
    assert.deepEqual(result.findings, []);
  });
});
