/** The public registers of a world in their true shapes, line by line. */
import { fullWidth, movedSpelling, swapTai } from './dirt.ts';
import { type Firm, PAYMENT_ITEM, type World } from './firm.ts';
import { industries } from './name-parts.ts';
import { mix32, type Random, seededRandom } from './random.ts';
import { csvLine } from './sheet.ts';
import { ubnAt } from './ubn-series.ts';

/** A register on its way to a file: header line, then lines with CRLF. */
export interface Register {
  readonly stem: string;
  readonly header: string;
  lines(): Generator<string>;
}

const PRODUCED_ON = '2023-11-01';
const companyHeader = ['公司地址', '資本總額', '實收資本額', '在境內營運資金', '公司狀態', '產製日期'];

/** BGMOPEN1's header, as published. */
export const taxHeader =
  '營業地址,統一編號,總機構統一編號,營業人名稱,資本額,設立日期,組織別名稱,使用統一發票,行業代號,名稱,行業代號1,名稱1,行業代號2,名稱2,行業代號3,名稱3\r\n';
/** Its first data row: the date of the file, not a record. */
export const taxStamp = '30-NOV-23,,,,,,,,,,,,,,,\r\n';

const companyCells = (firm: Firm, responsible: boolean): (string | number)[] => {
  const foreign = firm.status === '核准登記';
  const paid = firm.capital === 0 || foreign ? ' ' : firm.capital;
  return [
    firm.ubn,
    firm.name,
    ...(responsible ? [''] : []),
    firm.address,
    foreign ? ' ' : firm.capital,
    paid,
    foreign ? firm.capital : ' ',
    firm.status,
    PRODUCED_ON,
  ];
};

/** 22184: companies with the item; with the (empty) column 負責人 in every other seed. */
export function companyByItem(world: World): Register {
  const responsible = mix32(world.seed) % 2 === 0;
  return {
    stem: '公司登記-依營業項目別-第三方支付服務業',
    header: csvLine(['統一編號', '公司名稱', ...(responsible ? ['負責人'] : []), ...companyHeader]),
    *lines() {
      const random = seededRandom(world.seed, 'company-by-item');
      for (const firm of inTrade(world, 'company')) {
        const line = csvLine(companyCells(firm, responsible));
        yield line;
        if (random.chance(0.001)) yield line;
        if (random.chance(0.0002)) yield line.replace(firm.ubn, firm.ubn.slice(1));
      }
    },
  };
}

/** 108381: businesses with the item; a move leaves a row in the former county. */
export function businessByItem(world: World): Register {
  return {
    stem: '商業登記-依營業項目別-第三方支付服務業',
    header: csvLine(['統一編號', '商業名稱', '商業地址', '登記狀態']),
    *lines() {
      for (const firm of inTrade(world, 'business')) {
        yield csvLine([firm.ubn, firm.name, firm.address, firm.status]);
        if (firm.movedFrom !== undefined) yield csvLine([firm.ubn, firm.name, firm.movedFrom, '遷他縣市']);
      }
    },
  };
}

/** The general company list with 營業項目. */
export function companyList(world: World): Register {
  return {
    stem: '公司登記資料-含營業項目',
    header: csvLine(['統一編號', '公司名稱', ...companyHeader, '營業項目']),
    *lines() {
      for (const firm of byNumber(world.firms)) {
        if (firm.kind === 'company') yield csvLine([...companyCells(firm, false), firm.items.join(';')]);
      }
    },
  };
}

/** BGMOPEN1 without its stamp: active taxpayers, names and addresses quoted, branches with their own numbers. */
export function taxRegister(world: World): Register {
  return {
    stem: 'BGMOPEN1',
    header: taxHeader,
    *lines() {
      const random = seededRandom(world.seed, 'tax');
      let branch = world.firms.length;
      for (const firm of byNumber(world.firms)) {
        if (!firm.inTaxRegister) continue;
        const name = random.chance(0.06) ? swapTai(firm.name) : firm.name;
        yield taxLine(random, firm, firm.ubn, '', name, movedSpelling(random, firm.address));
        if (firm.kind !== 'company' || !random.chance(0.04)) continue;
        for (let left = random.int(1, 3); left > 0; left--) {
          const place = firm.name.endsWith('分公司')
            ? ''
            : random.pick(['台北分公司', '臺中分公司', '高雄分公司', '板橋門市部', '']);
          const address = fullWidth(`${firm.county}中山路${random.int(1, 300)}號`);
          yield taxLine(
            random,
            firm,
            ubnAt('audit', world.seed, branch++),
            firm.ubn,
            firm.name + place,
            address,
          );
        }
      }
    },
  };
}

const organisation = (firm: Firm, random: Random): string => {
  if (firm.kind === 'business') return random.chance(0.9) ? '獨資' : '合夥';
  if (firm.name.endsWith('分公司')) return '外國公司';
  return firm.name.endsWith('股份有限公司') ? '股份有限公司' : '有限公司';
};

/** One line of BGMOPEN1. */
function taxLine(
  random: Random,
  firm: Firm,
  ubn: string,
  head: string,
  name: string,
  address: string,
): string {
  const setUp = `${String(random.int(85, 112)).padStart(3, '0')}${String(random.int(1, 9)).padStart(2, '0')}${String(random.int(1, 28)).padStart(2, '0')}`;
  const trades = Array.from({ length: 4 }, (_, i) =>
    i === 0 || random.chance(0.3 / i) ? random.pick(industries) : ['', ''],
  );
  const invoice = random.chance(0.8) ? 'Y' : 'N';
  return `"${address}",${ubn},${head},"${name}",${firm.capital},${setUp},${organisation(firm, random)},${invoice},${trades.flat().join(',')}\r\n`;
}

/** The registers come sorted by number. */
const byNumber = (firms: readonly Firm[]): Firm[] => [...firms].sort((a, b) => (a.ubn < b.ubn ? -1 : 1));

const inTrade = (world: World, kind: Firm['kind']): Firm[] =>
  byNumber(world.firms.filter((f) => f.kind === kind && f.items.includes(PAYMENT_ITEM)));
