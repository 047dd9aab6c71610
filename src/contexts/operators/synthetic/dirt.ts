/** The dirt of life: how offices write a name or an address that they mean well. */
import { villages } from './name-parts.ts';
import type { Random } from './random.ts';

/** ASCII to full width. */
export const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

/** The other writing of 台. */
export const swapTai = (text: string): string => text.replace(/[台臺]/g, (c) => (c === '台' ? '臺' : '台'));

/** A joint-stock company in short, in the brackets of the day. */
const shortForm = (random: Random, name: string): string =>
  name.replace(/股份有限公司$/, random.pick(['（股）公司', '(股)公司', '（股）有限公司']));

/** One harmless variant: a reader that normalises finds the same name. */
export function lightVariant(random: Random, name: string): string {
  const kind = random.int(0, 5);
  if (kind === 0) return swapTai(name);
  if (kind === 1) return shortForm(random, name);
  if (kind === 2) return ` ${name} `;
  if (kind === 3) return name.replace(/(股份有限公司|有限公司)$/, ' $1');
  if (kind === 4) return name.replace(/^(.{2})/u, '$1\u3000');
  return name;
}

/** Without its legal form, as letters and newspapers write a company. */
export const withoutForm = (name: string): string => name.replace(/(股份有限公司|有限公司)$/, '');

/** The same address as another register writes it: 里 and 鄰 inserted, full-width digits, 台 for 臺. */
export function movedSpelling(random: Random, address: string): string {
  let out = address;
  if (random.chance(0.4)) {
    out = out.replace(
      /^(.{3}.{1,3}[區市鎮鄉])(.{2}里)?/u,
      (_, place: string, village?: string) =>
        `${place}${village ?? `${random.pick(villages)}里`}${String(random.int(1, 30)).padStart(3, '0')}鄰`,
    );
  }
  if (random.chance(0.5)) out = fullWidth(out);
  if (random.chance(0.2)) out = swapTai(out);
  return out;
}

/** An amount as it stands in a spreadsheet: plain, or parted by thousands. */
export const writtenAmount = (random: Random, amount: number): string =>
  random.chance(0.15) ? amount.toLocaleString('en-US') : String(amount);

/** A legal day in one of the four ways offices write it. */
export function writtenDay(style: 'iso' | 'roc-slash' | 'roc-dot' | 'roc-7', day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const roc = Number(year) - 1911;
  if (style === 'iso') return day;
  if (style === 'roc-slash') return `${roc}/${month}/${date}`;
  if (style === 'roc-dot') return `${roc}.${month}.${date}`;
  return `${String(roc).padStart(3, '0')}${month}${date}`;
}
