/** The files that agencies hand over: FSC reply, tax sales, police list, measures, traffic, applications, brands. */
import { fullWidth, lightVariant, writtenAmount, writtenDay } from './dirt.ts';
import type { Activity, Firm, Listing, World } from './firm.ts';
import { salesCarryNames } from './plan-activities.ts';
import { type Random, seededRandom } from './random.ts';
import type { RowMeaning, Sheet, SheetRow } from './sheet.ts';
import { breakUbn } from './ubn-series.ts';

const unreadable: RowMeaning = { by: 'rejected', ubn: null };
const means = (by: 'ubn' | 'name', firm: Firm | null): RowMeaning => ({ by, ubn: firm?.ubn ?? null });

/** Every closed upload of a world. */
export function closedUploads(world: World): Sheet[] {
  const random = seededRandom(world.seed, 'uploads');
  return [
    amounts(random, world, 'fsc'),
    amounts(random, world, 'sales'),
    police(random, world.listings),
    measures(random, world),
    traffic(random, world),
    applications(random, world),
    brands(random, world),
  ];
}

const writtenYear = (random: Random, year: number): number => (random.chance(0.5) ? year : year - 1911);
const writtenUbn = (random: Random, ubn: string): string => (random.chance(0.04) ? fullWidth(ubn) : ubn);

function amounts(random: Random, world: World, source: Activity['source']): Sheet {
  const named = source === 'fsc' || salesCarryNames(world.seed);
  const row = (
    ubn: string,
    name: string,
    year: string | number,
    amount: string | number,
  ): (string | number)[] => (named ? [ubn, name, year, amount] : [ubn, year, amount]);
  const told = world.activities.filter((a) => a.source === source);
  const rows: SheetRow[] = told.map((a) => {
    const byName = a.by === 'name' || a.by === 'broken-ubn';
    const number = a.firm?.ubn ?? '';
    const ubn =
      a.by === 'name' ? '' : a.by === 'broken-ubn' ? breakUbn(random, number) : writtenUbn(random, number);
    const cells = row(ubn, a.writtenName ?? '', writtenYear(random, a.year), writtenAmount(random, a.amount));
    return a.by === 'conflict' ? { cells } : { cells, meaning: means(byName ? 'name' : 'ubn', a.firm) };
  });
  const [some] = told;
  if (some?.firm) {
    const { ubn, name } = some.firm;
    rows.push({ cells: row(ubn, name, 2021, '洽詢中'), meaning: unreadable });
    rows.push({ cells: row(ubn, name, '年度不詳', 1000), meaning: unreadable });
    rows.push({ cells: row(named ? '' : '12345678', '', 2022, 250_000), meaning: unreadable });
  }
  return source === 'fsc'
    ? {
        stem: '金管會函復-代理收付日均餘額',
        header: ['統一編號', '名稱', '年度', '代理收付日均餘額'],
        rows: random.shuffle(rows),
      }
    : {
        stem: '財政部-第三方支付全年銷售額',
        header: named ? ['統一編號', '名稱', '年度', '全年銷售額'] : ['統一編號', '年度', '全年銷售額'],
        rows: random.shuffle(rows),
      };
}

/** Some writers label quarters by the Gregorian, some by the ROC year. */
const writtenQuarter = (quarter: string, roc: boolean): string =>
  roc ? `${Number(quarter.slice(0, 4)) - 1911}${quarter.slice(4)}` : quarter;

function writtenDomain(random: Random, domain: string): string {
  const way = random.int(0, 7);
  if (way === 0) return `www.${domain}`;
  if (way === 1) return `https://${domain}/`;
  if (way === 2) return domain.replace(/^./, (c) => c.toUpperCase());
  return domain;
}

function police(random: Random, listings: readonly Listing[]): Sheet {
  const firstRoc = random.chance(0.5);
  const rows: SheetRow[] = listings.map(({ quarter, rank, shop, spelling }) => {
    const roc = (Number(quarter.slice(5)) % 2 === 0) === firstRoc;
    // Only the usual name may stand without its domain: other spellings are tied by nothing else.
    const bare = spelling === shop.name && shop.tie !== 'company-name' && random.chance(0.12);
    return {
      cells: [writtenQuarter(quarter, roc), rank, spelling, bare ? '' : writtenDomain(random, shop.domain)],
    };
  });
  rows.push({ cells: ['2022Q2', 6, '', 'nameless.example'], meaning: unreadable });
  rows.push({ cells: ['第三季', 7, '不明賣場', ''], meaning: unreadable });
  return { stem: '刑事局-高風險賣場前五名', header: ['季別', '名次', '賣場名稱', '網域'], rows };
}

function measures(random: Random, world: World): Sheet {
  const rows: SheetRow[] = world.participations.map(({ measure, name, firm, withUbn, joinedOn }) => {
    const ubn = withUbn && firm !== null ? firm.ubn : '';
    const day =
      joinedOn === null ? '' : writtenDay(random.pick(['iso', 'roc-slash', 'roc-7', 'roc-dot']), joinedOn);
    return {
      cells: [measure, name, ubn === '' ? '' : writtenUbn(random, ubn), day],
      meaning: means(ubn === '' ? 'name' : 'ubn', firm),
    };
  });
  rows.push({ cells: ['資安評級', '', '', '2023-06-01'], meaning: unreadable });
  return {
    stem: '數產署-資安強化措施參加名單',
    header: ['措施', '名稱', '統一編號', '參加日期'],
    rows: random.shuffle(rows),
  };
}

function traffic(random: Random, world: World): Sheet {
  const rows: SheetRow[] = world.shops.map((shop) => ({
    cells: [shop.name, writtenDomain(random, shop.domain), writtenAmount(random, shop.monthlyVisits)],
  }));
  rows.push({ cells: ['流量不明的網站', 'unmeasured.example', 'N/A'], meaning: unreadable });
  return { stem: '網站月均流量', header: ['名稱', '網域', '月均流量'], rows: random.shuffle(rows) };
}

function applications(random: Random, world: World): Sheet {
  const rows: SheetRow[] = world.applications.map(({ firm, appliedOn, status }) => {
    const byName = firm.kind === 'company' && firm.typo !== undefined && random.chance(0.15);
    const name = lightVariant(random, firm.name);
    const day = writtenDay(random.pick(['iso', 'roc-slash']), appliedOn);
    return {
      cells: [byName ? '' : firm.ubn, name, day, status],
      meaning: means(byName ? 'name' : 'ubn', firm),
    };
  });
  return { stem: '服務能量登錄申請案', header: ['統一編號', '名稱', '申請日期', '狀態'], rows };
}

function brands(random: Random, world: World): Sheet {
  const rows: SheetRow[] = [];
  for (const firm of world.firms) {
    for (const brand of firm.aliases) {
      const ubn = random.chance(0.6) ? firm.ubn : '';
      rows.push({
        cells: [brand, ubn === '' || random.chance(0.5) ? firm.name : '', ubn, ''],
        meaning: means(ubn === '' ? 'name' : 'ubn', firm),
      });
    }
  }
  for (const shop of world.shops) {
    if (shop.firm === null) continue;
    const byUbn = shop.tie === 'ubn';
    // A third of the brands are shorter than the shop's name: only the domain ties them.
    const brand = shop.tie === 'company-name' && random.chance(0.5) ? shop.name.slice(0, 3) : shop.name;
    rows.push({
      cells: [brand, byUbn ? '' : shop.firm.name, byUbn ? shop.firm.ubn : '', shop.domain],
      meaning: means(byUbn ? 'ubn' : 'name', shop.firm),
    });
  }
  return {
    stem: '品牌與公司對照',
    header: ['品牌', '公司名稱', '統一編號', '網域'],
    rows: random.shuffle(rows),
  };
}
