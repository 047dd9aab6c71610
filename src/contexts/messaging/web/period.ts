const DAYS = 30;

/** The days of a report: those chosen, or the last thirty in Taipei. */
export function periodOf(
  chosen: { readonly from?: string | undefined; readonly until?: string | undefined },
  now = new Date(),
): { from: string; until: string } {
  const day = (date: Date): string => date.toLocaleDateString('sv-SE', { timeZone: 'Asia/Taipei' });
  const until = chosen.until ?? day(now);
  const from = chosen.from ?? day(new Date(Date.parse(`${until}T12:00:00+08:00`) - (DAYS - 1) * 86_400_000));
  return from <= until ? { from, until } : { from: until, until: from };
}
