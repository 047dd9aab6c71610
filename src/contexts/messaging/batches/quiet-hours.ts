/** When texts of a batch may go out: the hours of its service, Asia/Taipei. Pure. */
import { TAIPEI } from '#platform/clock';

export interface SendingHours {
  /** `08:00:00` */
  readonly from: string;
  /** `21:00:00`; the same as `from`: all day. A time before `from` lies on the next day. */
  readonly until: string;
}

/** True where texts may go out at that moment. */
export function isWithin({ from, until }: SendingHours, at: Temporal.Instant): boolean {
  const time = at.toZonedDateTimeISO(TAIPEI).toPlainTime();
  const start = Temporal.PlainTime.from(from);
  const end = Temporal.PlainTime.from(until);
  const order = Temporal.PlainTime.compare(start, end);
  if (order === 0) return true;
  const isAfterStart = Temporal.PlainTime.compare(time, start) >= 0;
  const isBeforeEnd = Temporal.PlainTime.compare(time, end) < 0;
  return order < 0 ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
}

/** The moment itself, or the next one at which texts may go out. */
export function nextWithin(hours: SendingHours, at: Temporal.Instant): Temporal.Instant {
  if (isWithin(hours, at)) return at;
  const local = at.toZonedDateTimeISO(TAIPEI);
  const start = local.withPlainTime(Temporal.PlainTime.from(hours.from));
  const isPast = Temporal.ZonedDateTime.compare(start, local) < 0;
  return (isPast ? start.add({ days: 1 }) : start).toInstant();
}

/** When the night begins after a moment within the hours; null where there is none. */
export function endOfHours(hours: SendingHours, at: Temporal.Instant): Temporal.Instant | null {
  if (hours.from === hours.until) return null;
  const local = at.toZonedDateTimeISO(TAIPEI);
  const end = local.withPlainTime(Temporal.PlainTime.from(hours.until));
  return (Temporal.ZonedDateTime.compare(end, local) <= 0 ? end.add({ days: 1 }) : end).toInstant();
}

/** When the last text is out that needs so many seconds of sending from a moment on, nights left out. */
export function lastOut(hours: SendingHours, from: Temporal.Instant, seconds: number): Temporal.Instant {
  let at = nextWithin(hours, from);
  let left = seconds;
  // A year of nights is far beyond every validity.
  for (let night = 0; night < 400; night += 1) {
    const end = endOfHours(hours, at);
    const room = end === null ? Infinity : (end.epochMilliseconds - at.epochMilliseconds) / 1000;
    if (left <= room) return at.add({ milliseconds: Math.round(left * 1000) });
    left -= room;
    at = nextWithin(hours, end as Temporal.Instant);
  }
  return at;
}
