/**
 * Builds the derived files under `datasets/` from published originals, so that each can be made again:
 *
 *   node scripts/build-datasets.ts variants
 *   node scripts/build-datasets.ts calendar DIRECTORY   office calendars as published, all editions of a year
 *   node scripts/build-datasets.ts banks FILE           金融機構總分支機構.csv as published
 *   node scripts/build-datasets.ts bank-codes FILE      banks_sort_by_codes.json as published
 *   node scripts/build-datasets.ts area-codes FILE      geocoding/zh_Hant/886.txt as published
 *   node scripts/build-datasets.ts mobile-ranges FILE   carrier/en/886.txt as published
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DATASETS = fileURLToPath(new URL('../datasets/', import.meta.url));

function variantRows(file: string): [string, string[]][] {
  return readFileSync(`${DATASETS}text-variants/${file}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [key = '', values = ''] = line.split('\t');
      return [key, values.split(' ')];
    });
}

/**
 * One representative for each family of variants. OpenCC's Taiwan table maps to the Taiwan form; its Hong Kong table
 * maps away from it, so it is read backwards, but for 臺, whose everyday form in Taiwan is 台.
 */
function buildVariants(): void {
  const representative = new Map<string, string>();
  for (const [key, values] of variantRows('TWVariants.txt')) {
    if (values[0] !== key && !values.includes(key)) representative.set(key, values[0]!);
  }
  const hongKong = variantRows('HKVariants.txt');
  const hongKongKeys = new Set(hongKong.map(([key]) => key));
  for (const [key, values] of hongKong) {
    for (const value of values) {
      if (value === key || hongKongKeys.has(value) || representative.has(value)) continue;
      const target = representative.get(key) ?? key;
      if (value !== target && ![...representative.values()].includes(value))
        representative.set(value, target);
    }
  }
  representative.delete('台');
  representative.set('臺', '台');
  for (const [key, values] of variantRows('register-glyphs.txt')) representative.set(key, values[0]!);
  const settle = (character: string): string => {
    const next = representative.get(character);
    return next === undefined ? character : settle(next);
  };
  const table = Object.fromEntries(
    Array.from(representative.keys())
      .sort()
      .map((character) => [character, settle(character)] as const),
  );
  writeFileSync(`${DATASETS}text-variants/name-variants.json`, `${JSON.stringify(table, null, 1)}\n`);
}

interface CalendarDay {
  readonly date: string;
  readonly isOff: boolean;
  readonly weekday: string;
  readonly note: string;
}

/** UTF-8 with or without BOM, or CP950: what is no UTF-8 is taken as CP950. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('big5', { fatal: true }).decode(bytes);
  }
}

function calendarDays(file: string, text: string): CalendarDay[] {
  if (file.endsWith('.json')) {
    const days = JSON.parse(text) as {
      date: string;
      week: string;
      isHoliday: boolean;
      description: string;
    }[];
    return days.map(({ date, week, isHoliday, description }) => ({
      date,
      weekday: week,
      isOff: isHoliday,
      note: description,
    }));
  }
  return text
    .split(/\r?\n/u)
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [date = '', weekday = '', off = '', note = ''] = line.split(',');
      if (off !== '0' && off !== '2') throw new Error(`${file}: 是否放假 is ${off} on ${date}`);
      return { date, weekday, isOff: off === '2', note };
    });
}

/** The first edition has no mark in its name, 修正版 follows it, and a dated 更新 follows that. */
function editionOf(file: string): { rank: number; label: string } {
  const dated = /(\d{7})更新/u.exec(file);
  if (dated) return { rank: Number(dated[1]), label: `${dated[1]}更新` };
  return file.includes('修正版') ? { rank: 1, label: '修正版' } : { rank: 0, label: 'first' };
}

/** For each year the newest edition, with the hash of the published file; days as MMDD. */
function buildCalendar(directory: string): void {
  const editions = readdirSync(directory)
    .filter((file) => /\.(csv|json)$/u.test(file))
    .map((file) => {
      const bytes = readFileSync(join(directory, file));
      const days = calendarDays(file, decode(bytes));
      const year = Number(days[0]?.date.slice(0, 4));
      const length = new Temporal.PlainDate(year, 1, 1).daysInYear;
      if (days.length !== length) throw new Error(`${file}: ${days.length} days, ${length} expected`);
      return {
        file,
        year,
        days,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        ...editionOf(file),
      };
    })
    .sort((a, b) => a.year - b.year || a.rank - b.rank);
  const years: Record<string, unknown> = {};
  for (const { file, year, days, sha256, label } of editions) {
    const short = (day: CalendarDay): string => day.date.slice(4);
    years[year] = {
      edition: label,
      file,
      sha256,
      daysOff: days.filter((day) => day.isOff).map(short),
      makeUpWorkingDays: days.filter((day) => !day.isOff && '六日'.includes(day.weekday)).map(short),
      notes: Object.fromEntries(days.filter((day) => day.note !== '').map((day) => [short(day), day.note])),
    };
  }
  const calendar = { source: '行政院人事行政總處，中華民國政府行政機關辦公日曆表，資料集 14718', years };
  const json = JSON.stringify(calendar, null, 1).replaceAll(/\n\s+"(\d{4})"(,?)(?=\n)/gu, '"$1"$2');
  writeFileSync(`${DATASETS}calendar/office-calendar.json`, `${json}\n`);
}

/** Head offices only: rows of the published list without a branch code. */
function buildBanks(file: string): void {
  const rows = decode(readFileSync(file))
    .replace(/^\uFEFF/u, '')
    .split(/\r?\n/u)
    .slice(1);
  const offices = rows
    .map((row) => row.split(',').map((cell) => cell.replaceAll('"', '').normalize('NFKC').trim()))
    .filter(([code, branch]) => /^[0-9]{3,7}$/u.test(code ?? '') && branch === '')
    .map(([code, , name]) => ({ code, name }));
  const json = offices.map((office) => JSON.stringify(office)).join(',\n');
  writeFileSync(`${DATASETS}banks/head-offices.json`, `[\n${json}\n]\n`);
}

/** Institution codes of the deposit insurer's list, without web addresses. A bank code may stand twice. */
function buildBankCodes(file: string): void {
  const rows = JSON.parse(decode(readFileSync(file))) as {
    name: string;
    bank_code: string;
    branch_code: string;
  }[];
  const json = rows.map((row) =>
    JSON.stringify({ bankCode: row.bank_code, branchCode: row.branch_code, name: row.name }),
  );
  writeFileSync(`${DATASETS}banks/bank-codes.json`, `[\n${json.join(',\n')}\n]\n`);
}

/** Area codes without the country's 886 and with the trunk's 0; the numbering plan's lengths stand in the product. */
function buildAreaCodes(file: string): void {
  const areas = decode(readFileSync(file))
    .split('\n')
    .filter((line) => /^886\d+\|/u.test(line))
    .map((line) => {
      const [prefix = '', area = ''] = line.trim().split('|');
      return JSON.stringify({ code: `0${prefix.slice(3)}`, area });
    });
  writeFileSync(`${DATASETS}phone/area-codes.json`, `[\n${areas.join(',\n')}\n]\n`);
}

/** Telecoms of today: T Star became part of Taiwan Mobile and Asia-Pacific Telecom of FarEasTone in December 2023. */
const TELECOMS: Readonly<Record<string, string>> = {
  'Chunghwa Telecom': 'cht',
  'Taiwan Mobile': 'twm',
  'T Star': 'twm',
  FarEasTone: 'fet',
  'Asia-Pacific Telecom': 'fet',
};

function buildMobileRanges(file: string): void {
  const ranges = decode(readFileSync(file))
    .split('\n')
    .filter((line) => /^8869\d+\|/u.test(line))
    .map((line) => {
      const [prefix = '', carrier = ''] = line.trim().split('|');
      return JSON.stringify({ prefix: prefix.slice(3), telecom: TELECOMS[carrier] });
    });
  writeFileSync(`${DATASETS}phone/mobile-ranges.json`, `[\n${ranges.join(',\n')}\n]\n`);
}

const BUILDS: Readonly<Record<string, (original: string) => void>> = {
  variants: buildVariants,
  calendar: buildCalendar,
  banks: buildBanks,
  'bank-codes': buildBankCodes,
  'area-codes': buildAreaCodes,
  'mobile-ranges': buildMobileRanges,
};
const build = BUILDS[process.argv[2] ?? ''];
const original = process.argv[3] ?? '';
if (build === undefined || (build !== buildVariants && original === '')) {
  console.error(
    'usage: node scripts/build-datasets.ts variants | calendar DIRECTORY | banks FILE | bank-codes FILE | area-codes FILE | mobile-ranges FILE',
  );
  process.exitCode = 2;
} else build(original);
