import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { read, utils } from '@e965/xlsx';
import { unzipSync } from 'fflate';
import { generateSources, type Truth } from './generate-sources.ts';
import { taxHeader } from './registers.ts';

const root = mkdtempSync(join(tmpdir(), 'xinlai-synthetic-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

async function generate(options: {
  seed: number;
  size?: 'audit' | 'small';
  formats?: 'csv' | 'mixed';
  asOf?: string;
}) {
  const out = join(root, String(folders++));
  return { out, truth: await generateSources({ size: 'small', formats: 'csv', ...options, out }) };
}

function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/** Rows of a UTF-8 CSV without line breaks inside cells. */
function csv(folder: string, start: string): string[][] {
  const name = readdirSync(folder).find((file) => file.startsWith(start) && file.endsWith('.csv'));
  assert.ok(name !== undefined, start);
  return readFileSync(join(folder, name), 'utf8')
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n')
    .map((line) => Array.from(`,${line}`.matchAll(/,(?:"([^"]*)"|([^,]*))/g), (m) => m[1] ?? m[2] ?? ''));
}

test('the same seed gives the same bytes, another seed gives others', async () => {
  for (const formats of ['csv', 'mixed'] as const) {
    const [a, b, c] = [
      await generate({ seed: 11, formats }),
      await generate({ seed: 11, formats }),
      await generate({ seed: 12, formats }),
    ];
    assert.equal(digest(a.out), digest(b.out));
    assert.deepEqual(a.truth, b.truth);
    assert.notEqual(digest(a.out), digest(c.out));
    assert.notDeepEqual(a.truth.operating, c.truth.operating);
  }
});

test('the as-of day changes the truth and no byte of the sources', async () => {
  const [a, b] = [await generate({ seed: 3 }), await generate({ seed: 3, asOf: '2024-06-07' })];
  assert.equal(digest(a.out), digest(b.out));
  assert.equal(a.truth.passed.length, 9);
  assert.equal(b.truth.passed.length, 19);
});

test('headers stand as published', async () => {
  const { out } = await generate({ seed: 2 });
  const company = ['公司地址', '資本總額', '實收資本額', '在境內營運資金', '公司狀態', '產製日期'];
  const header = (start: string): string[] => csv(out, start)[0] ?? [];
  assert.deepEqual(
    header('公司登記-依營業項目別').filter((h) => h !== '負責人'),
    ['統一編號', '公司名稱', ...company],
  );
  assert.deepEqual(header('公司登記資料'), ['統一編號', '公司名稱', ...company, '營業項目']);
  assert.deepEqual(header('商業登記'), ['統一編號', '商業名稱', '商業地址', '登記狀態']);
  assert.deepEqual(header('BGMOPEN1'), taxHeader.trimEnd().split(','));
  assert.deepEqual(csv(out, 'BGMOPEN1')[1]?.[0], '30-NOV-23');
  assert.deepEqual(header('第三方支付服務能量登錄'), [
    '序號',
    '廠商名稱',
    '統一編號',
    '證書編號',
    '登錄日期',
    '有效日期',
  ]);
  assert.deepEqual(header('金管會'), ['統一編號', '名稱', '年度', '代理收付日均餘額']);
  assert.deepEqual(
    header('財政部').filter((h) => h !== '名稱'),
    ['統一編號', '年度', '全年銷售額'],
  );
  assert.deepEqual(header('刑事局'), ['季別', '名次', '賣場名稱', '網域']);
  assert.deepEqual(header('數產署'), ['措施', '名稱', '統一編號', '參加日期']);
  assert.deepEqual(header('網站'), ['名稱', '網域', '月均流量']);
  assert.deepEqual(header('服務能量登錄申請案'), ['統一編號', '名稱', '申請日期', '狀態']);
  assert.deepEqual(header('品牌'), ['品牌', '公司名稱', '統一編號', '網域']);
});

test('the column 負責人 comes and goes, and is always empty', async () => {
  const seen = new Set<boolean>();
  for (let seed = 0; seed < 8; seed++) {
    const [header = [], ...rows] = csv((await generate({ seed })).out, '公司登記-依營業項目別');
    const at = header.indexOf('負責人');
    seen.add(at >= 0);
    if (at >= 0) assert.ok(rows.every((row) => row[at] === ''));
  }
  assert.equal(seen.size, 2);
});

const statusAt = (row: string[]): string => row.at(-2) ?? '';
const valid = (rows: string[][] = []): string[][] => rows.filter((row) => /^\d{8}$/.test(row[0] ?? ''));
const roc = (text = ''): string =>
  text.replace(
    /^(\d+)\/(\d+)\/(\d+)$/,
    (_, y: string, m: string, d: string) => `${Number(y) + 1911}-${m}-${d}`,
  );
const sorted = (list: Iterable<string>): string[] => [...list].sort();

/** Decides from the written files alone; names are resolved by the truth's own rows, everything else is read. */
function recount(out: string, truth: Truth) {
  const [companies, businesses, general] = ['公司登記-依', '商業登記', '公司登記資料'].map((start) =>
    csv(out, start).slice(1),
  );
  const status = new Map(valid(general).map((row) => [row[0] ?? '', row.at(-3) ?? '']));
  const withItem = new Map(valid(companies).map((row) => [row[0] ?? '', statusAt(row)]));
  for (const row of businesses ?? []) {
    if (row[3] !== '遷他縣市') withItem.set(row[0] ?? '', row[3] ?? '');
  }
  const inBeing = [...withItem].filter(([, text]) => text === '核准設立' || text === '核准登記').length;
  const gone = (ubn: string): boolean =>
    /解散|廢止|撤|破產|歇業/.test(withItem.get(ubn) ?? status.get(ubn) ?? '');

  const meaning = new Map(
    [...truth.ubnRows, ...truth.nameOnlyRows].map((r) => [`${r.file}#${r.row}`, r.ubn]),
  );
  const largest = new Map<string, number>();
  const active = new Set<string>();
  let nobody = 0;
  for (const start of ['金管會', '財政部']) {
    const file = readdirSync(out).find((name) => name.startsWith(start)) ?? '';
    csv(out, start).forEach((cells, i) => {
      const ubn = meaning.get(`${file}#${i + 1}`);
      const year = cells.at(-2) ?? '';
      const amount = Number((cells.at(-1) ?? '').replaceAll(',', ''));
      if (ubn === undefined || (year !== '2022' && year !== '111') || !(amount > 0)) return;
      if (ubn === null) nobody++;
      else {
        active.add(ubn);
        largest.set(ubn, Math.max(amount, largest.get(ubn) ?? 0));
      }
    });
  }
  const passed = new Set<string>();
  const ended = new Set<string>();
  for (const [, , ubn = '', certificate = '', from, until] of csv(out, '第三方支付服務能量登錄通過').slice(
    1,
  )) {
    if (`${certificate}${until}`.includes('廢止') || roc(from) > '2023-11-30') continue;
    (roc(until) >= '2023-11-30' ? passed : ended).add(ubn);
  }
  const signs = new Set([...active, ...passed]);
  return {
    inBeing,
    operating: sorted([...signs].filter((u) => !gone(u))),
    unclear: [...signs].filter(gone).length + nobody,
    withoutItem: sorted([...signs].filter((u) => !gone(u) && !withItem.has(u))),
    large: sorted([...largest].filter(([u, n]) => n > 1_000_000_000 && !passed.has(u)).map(([u]) => u)),
    lapsed: sorted([...ended].filter((u) => !passed.has(u) && !gone(u))),
    dissolved: sorted([...passed].filter(gone)),
    passed: sorted(passed),
  };
}

for (const options of [{ seed: 5 }, { seed: 6 }, { seed: 8, size: 'audit' as const }]) {
  test(`the truth can be recounted from the files (${JSON.stringify(options)})`, async () => {
    const { out, truth } = await generate(options);
    const counted = recount(out, truth);
    assert.equal(counted.inBeing, truth.hasItemInBeing);
    assert.deepEqual(counted.operating, truth.operating);
    assert.equal(counted.unclear, truth.unclear.length);
    assert.deepEqual(counted.withoutItem, truth.findings['operating-without-business-item']);
    assert.deepEqual(counted.large, truth.findings['large-without-registration']);
    assert.deepEqual(counted.lapsed, truth.findings['registration-lapsed']);
    assert.deepEqual(counted.dissolved, truth.findings['registered-but-dissolved']);
    assert.deepEqual(counted.passed, truth.passed);
    assert.ok(truth.notOperating.every((ubn) => !counted.operating.includes(ubn)));
    assert.ok(truth.nameOnlyRows.length > 50 && truth.ubnRows.length > 150);
  });
}

test('every encoding and container of the offices occurs, and holds the same rows', async () => {
  for (const seed of [3, 4, 5]) {
    const { out, truth } = await generate({ seed, formats: 'mixed' });
    const plain = await generate({ seed, formats: 'csv' });
    const names = readdirSync(out);
    const heads = names.map((name) => readFileSync(join(out, name)).subarray(0, 2).toString('hex'));
    assert.ok(heads.includes('fffe'), 'UTF-16');
    const big5 = names.filter((name) => name.endsWith('.csv') && !isUtf8(readFileSync(join(out, name))));
    assert.equal(big5.length, 3, 'two Big5 files and one UTF-16 file are no UTF-8');
    assert.equal(names.filter((name) => name.endsWith('.xlsx')).length, 2);
    const entries = unzipSync(readFileSync(join(out, 'BGMOPEN1.zip')));
    assert.deepEqual(Buffer.from(entries['BGMOPEN1.csv']!), readFileSync(join(plain.out, 'BGMOPEN1.csv')));
    assert.deepEqual(truth.operating, plain.truth.operating);
    for (const name of names.filter((n) => n.endsWith('.xlsx'))) {
      const sheet = read(readFileSync(join(out, name))).Sheets['工作表1']!;
      const cells = utils
        .sheet_to_json<(string | number)[]>(sheet, { header: 1, defval: '' })
        .map((row) => row.map(String));
      assert.deepEqual(cells, csv(plain.out, name.replace('.xlsx', '')));
    }
  }
});

const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);

test('the passed list comes as CSV, as ODS of three blocks, or as both', async () => {
  const endings: string[] = [];
  for (const seed of [3, 4, 5]) {
    const { out, truth } = await generate({ seed, formats: 'mixed' });
    const names = readdirSync(out).filter((name) => name.startsWith('第三方支付服務能量登錄'));
    endings.push(
      names
        .map((name) => name.slice(-3))
        .sort()
        .join('+'),
    );
    const ods = names.find((name) => name.endsWith('.ods'));
    if (ods === undefined) continue;
    const sheet = read(readFileSync(join(out, ods))).Sheets['工作表1']!;
    const rows = utils.sheet_to_json<string[]>(sheet, { header: 1, defval: '', blankrows: true });
    const blocks = rows.map((row) => row[0]).filter((cell) => /生效|業者/.test(cell ?? ''));
    assert.deepEqual(blocks, ['現生效', '已廢止業者', '屆期失效業者']);
    for (const { file, row, ubn } of truth.ubnRows) if (file === ods) assert.equal(rows[row - 1]?.[3], ubn);
  }
  assert.deepEqual(endings, ['csv', 'ods', 'csv+ods']);
});
