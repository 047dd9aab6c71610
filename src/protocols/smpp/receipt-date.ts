/** Dates in delivery receipts: local time of the SMSC, in as many digits as its maker chose. */

/** Minutes ahead of UTC; Taiwan keeps +08:00 all year. */
export const TAIWAN_OFFSET = 480;

/** Two-digit years are of this century. */
const CENTURY = 2000;

/**
 * The instant of a date in a receipt: `YYMMDDhhmm`, `YYMMDDhhmmss`, `YYYYMMDDhhmm`, `YYYYMMDDhhmmss` with or without
 * marks between, or SMPP's absolute time `YYMMDDhhmmsstnnp`, which names its own offset. Null for anything that is no
 * date.
 */
export function parseReceiptDate(text: string, offsetMinutes: number = TAIWAN_OFFSET): Date | null {
  const key = offsetMinutes === TAIWAN_OFFSET ? text : `${text}|${offsetMinutes}`;
  let at = lately.get(key);
  if (at === undefined) {
    at = instantOf(text, offsetMinutes);
    if (lately.size >= MOST_LATELY) lately.clear();
    lately.set(key, at);
  }
  return at === null ? null : new Date(at);
}

// Receipts of one moment come together: a date read before saves two thirds of the time of a receipt.
const lately = new Map<string, number | null>();
const MOST_LATELY = 256;

function instantOf(text: string, offsetMinutes: number): number | null {
  const absolute = /^(\d{12})\d(\d\d)([+-])$/u.exec(text);
  if (absolute !== null) {
    const quarters = Number(absolute[2]) * (absolute[3] === '-' ? -1 : 1);
    return instantOf(absolute[1]!, quarters * 15);
  }
  const digits = /^\d+$/u.test(text) ? text : text.replaceAll(/[-/:T. ]/gu, '');
  if (!/^\d+$/u.test(digits)) return null;
  const { length } = digits;
  if (length === 10 || length === 12) {
    const short = instant(digits, 2, offsetMinutes);
    if (short !== null || length === 10) return short;
  }
  return length === 12 || length === 14 ? instant(digits, 4, offsetMinutes) : null;
}

function instant(digits: string, yearDigits: 2 | 4, offsetMinutes: number): number | null {
  const pair = (index: number): number => {
    const at = yearDigits + index * 2;
    return at < digits.length ? Number(digits.slice(at, at + 2)) : 0;
  };
  const year = Number(digits.slice(0, yearDigits)) + (yearDigits === 2 ? CENTURY : 0);
  const [month, day, hour, minute, second] = [pair(0), pair(1), pair(2), pair(3), pair(4)];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(local).getUTCDate() !== day) return null;
  return local - offsetMinutes * 60_000;
}

/** The date as receipts write it; seconds with 12 digits. */
export function writeReceiptDate(at: Date, digits: 10 | 12, offsetMinutes: number = TAIWAN_OFFSET): string {
  const second = Math.floor(at.getTime() / 1000);
  const key = second * 8192 + (offsetMinutes + 1440) * 2 + (digits === 10 ? 0 : 1);
  let written = writtenLately.get(key);
  if (written === undefined) {
    const local = new Date((second + offsetMinutes * 60) * 1000).toISOString();
    written = local.slice(2, digits === 10 ? 16 : 19).replaceAll(/[-:T]/gu, '');
    if (writtenLately.size >= MOST_LATELY) writtenLately.clear();
    writtenLately.set(key, written);
  }
  return written;
}

const writtenLately = new Map<number, string>();
