import { language } from '../client/language.ts';

const TAIPEI = 'Asia/Taipei';

/** NT$ without decimals: `NT$1,234`; null is a dash. */
export function money(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return '—';
  return `NT$${amount.toLocaleString('en-US', { maximumFractionDigits: 0 })}`;
}

/** NT$ for a narrow column: 1,234 萬, 12.3 億; in English NT$12.3M. */
export function moneyShort(amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return '—';
  const short = new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 }).format(
    amount,
  );
  return language() === 'en' ? `NT$${short}` : `${short.replace(/(\d)(?=[萬億兆])/u, '$1 ')}元`;
}

/** A count with thousands parted. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : value.toLocaleString('en-US');
}

/** The two writings of a legal day. `2023-11-30` is 民國112年11月30日; an English reader gets 30 Nov 2023. */
export function dayParts(isoDay: string): { readonly main: string; readonly other: string } {
  const [year, month, day] = isoDay.slice(0, 10).split('-').map(Number) as [number, number, number];
  if (language() === 'en') {
    const date = new Date(Date.UTC(year, month - 1, day));
    const main = date.toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    });
    return { main, other: isoDay.slice(0, 10) };
  }
  const roc = year - 1911;
  const main = roc > 0 ? `民國${roc}年${month}月${day}日` : `民國前${1 - roc}年${month}月${day}日`;
  return { main, other: isoDay.slice(0, 10) };
}

/** `112/11/30` or `30 Nov 2023`, for tables. */
export function dayShort(isoDay: string): string {
  if (language() === 'en') return dayParts(isoDay).main;
  const [year, month, day] = isoDay.slice(0, 10).split('-') as [string, string, string];
  return `${Number(year) - 1911}/${month}/${day}`;
}

/** The day and time of an instant in Taipei: `112/11/30 14:05`. */
export function instantShort(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.valueOf())) return instant;
  const day = date.toLocaleDateString('sv-SE', { timeZone: TAIPEI });
  const time = date.toLocaleTimeString('en-GB', { timeZone: TAIPEI, hour: '2-digit', minute: '2-digit' });
  return `${dayShort(day)} ${time}`;
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago (or ahead): 3 分鐘前, in 2 days. `now` in ms. */
export function relative(instant: string, now = Date.now()): string {
  const seconds = (new Date(instant).valueOf() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit === undefined
    ? format.format(0, 'second')
    : format.format(Math.round(seconds / unit[1]), unit[0]);
}

/** 1.2 MB; powers of 1024. */
export function bytes(size: number): string {
  const step = Math.min(3, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  const value = size / 1024 ** step;
  return `${step === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${['B', 'KB', 'MB', 'GB'][step]}`;
}

/** A duration in ms as 0.4 s, 12 s, 3 min. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}
