/** A time as a `datetime-local` control writes it, of Taipei, as an instant: `2026-11-21T09:00` is 01:00 UTC. */
export const instantOfTaipei = (local: string): string =>
  new Date(`${local.length === 16 ? `${local}:00` : local}+08:00`).toISOString();

/** An instant as a `datetime-local` control of Taipei wants it, to the second: `2026-11-21T09:00:00`. */
export const taipeiOf = (instant: string): string =>
  new Date(instant).toLocaleString('sv-SE', { timeZone: 'Asia/Taipei' }).replace(' ', 'T');
