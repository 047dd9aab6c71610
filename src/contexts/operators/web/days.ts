/** The last instant of a legal day in Taipei. */
export function endOfDay(day: string): string {
  return `${day}T23:59:59+08:00`;
}

/** Today in Taipei, as `2023-11-30`. */
export function todayInTaipei(): string {
  return new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Taipei' });
}
