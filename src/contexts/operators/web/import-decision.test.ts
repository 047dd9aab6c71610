import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImportFile } from '../contract.ts';
import { controlNames, decisionsOf, proposedHeader, type SourceKind } from './import-decision.ts';

const kind = (name: string, headers: readonly [key: string, name: string][]): SourceKind => ({
  kind: name,
  title: { zh: name, en: name },
  publisher: { zh: '', en: '' },
  open: false,
  licence: { zh: '', en: '' },
  attribution: null,
  headers: headers.map(([key, header]) => ({ key, name: header, required: true })),
  template: true,
});
const sales = kind('tax_sales', [
  ['ubn', '統一編號'],
  ['sales', '全年銷售額'],
]);
const shops = kind('high_risk_shop', [['name', '賣場名稱']]);
const file = (part: Partial<ImportFile> = {}): ImportFile => ({
  id: 3,
  name: 'a.csv',
  bytes: 1,
  sha256: '',
  kind: 'tax_sales',
  container: null,
  encoding: null,
  headers: ['統編', '全年銷售額'],
  sample: [],
  mapping: { ubn: '統編', sales: '全年銷售額' },
  dataDate: null,
  goodRows: null,
  rejectedRows: null,
  changes: null,
  problem: null,
  ...part,
});
const formOf = (values: Record<string, string>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
};
const names = controlNames(3);

test('a proposal that nobody changed is confirmed without a mapping', () => {
  const form = formOf({
    [names.kind]: 'tax_sales',
    [names.column('ubn')]: '統編',
    [names.column('sales')]: '全年銷售額',
    [names.date]: '',
  });
  assert.deepEqual(decisionsOf([file()], [sales, shops], form), [{ id: 3, kind: 'tax_sales' }]);
});

test('a changed column sends the whole mapping, and a day where one is given', () => {
  const form = formOf({
    [names.kind]: 'tax_sales',
    [names.column('ubn')]: '',
    [names.column('sales')]: '全年銷售額',
    [names.date]: '2023-11-30',
  });
  assert.deepEqual(decisionsOf([file()], [sales, shops], form), [
    { id: 3, kind: 'tax_sales', mapping: { sales: '全年銷售額' }, dataDate: '2023-11-30' },
  ]);
});

test('a file without a kind is left out of the import', () => {
  assert.deepEqual(decisionsOf([file()], [sales], formOf({ [names.kind]: '' })), [{ id: 3, kind: null }]);
});

test('the proposal of one kind is not taken over for another, but equal headers are', () => {
  const other = file({ headers: ['賣場名稱'], mapping: { name: '品名' } });
  assert.equal(proposedHeader(other, shops, 'name'), '賣場名稱');
  assert.equal(proposedHeader(file(), sales, 'ubn'), '統編');
  assert.equal(proposedHeader(file({ mapping: {} }), sales, 'ubn'), '');
});
