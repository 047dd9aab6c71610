/**
 * The government office calendar (行政機關辦公日曆表) and the counting of legal periods (行政程序法 48). Days are legal
 * days in Asia/Taipei. A day outside the published years is an error, never a guess: it is not known which weekdays
 * will be holidays.
 */
import calendar from '../../datasets/calendar/office-calendar.json' with { type: 'json' };
import rules from '../../datasets/calendar/period-rules.json' with { type: 'json' };

type Day = Temporal.PlainDate;

interface CalendarYear {
  readonly edition: string;
  readonly file: string;
  readonly sha256: string;
  /** MMDD, week-ends included. */
  readonly daysOff: readonly string[];
  /** Saturdays and Sundays on which offices work (補行上班). */
  readonly makeUpWorkingDays: readonly string[];
  readonly notes: Readonly<Record<string, string>>;
}

const YEARS = calendar.years as unknown as Readonly<Record<string, CalendarYear>>;
const daysOff = new Map(Object.entries(YEARS).map(([year, { daysOff }]) => [year, new Set(daysOff)]));

/** First and last day for which the calendar speaks. */
export const CALENDAR_RANGE = {
  first: Temporal.PlainDate.from(`${Object.keys(YEARS)[0]}-01-01`),
  last: Temporal.PlainDate.from(`${Object.keys(YEARS).at(-1)}-12-31`),
} as const;

/** Thrown where an answer needs a year whose office calendar is not published. */
export class CalendarRangeError extends RangeError {
  override readonly name = 'CalendarRangeError';
  readonly code = 'calendar.year_not_published';
  readonly zh: string;
  readonly en: string;

  constructor(day: Day) {
    const en = `The office calendar of ${day.year} is not loaded (${CALENDAR_RANGE.first.year}–${CALENDAR_RANGE.last.year}); ${day.toString()} cannot be judged. Add the calendar of that year.`;
    super(en);
    this.en = en;
    this.zh = `未載入 ${day.year} 年辦公日曆表（現有 ${CALENDAR_RANGE.first.year}–${CALENDAR_RANGE.last.year} 年），無法判斷 ${day.toString()}，請先補入該年日曆表。`;
  }
}

const monthDay = (day: Day): string =>
  `${String(day.month).padStart(2, '0')}${String(day.day).padStart(2, '0')}`;

/** Which published file speaks for a year: edition, file name and hash of the original. */
export function calendarEdition(year: number): { edition: string; file: string; sha256: string } {
  const found = YEARS[year];
  if (found === undefined) throw new CalendarRangeError(new Temporal.PlainDate(year, 1, 1));
  return { edition: found.edition, file: found.file, sha256: found.sha256 };
}

/** True where government offices work on `day`. Throws CalendarRangeError outside the published years. */
export function isWorkingDay(day: Day): boolean {
  const off = daysOff.get(String(day.year));
  if (off === undefined) throw new CalendarRangeError(day);
  return !off.has(monthDay(day));
}

/** What the calendar calls the day (`開國紀念日`, `補行上班`), or null. */
export function dayNote(day: Day): string | null {
  return YEARS[day.year]?.notes[monthDay(day)] ?? null;
}

/** `day` itself where offices work on it, otherwise the next day on which they do. */
export function nextWorkingDay(day: Day): Day {
  let next = day;
  while (!isWorkingDay(next)) next = next.add({ days: 1 });
  return next;
}

/** The `count`-th working day after `day` (before it where negative); `day` itself is not counted. */
export function addWorkingDays(day: Day, count: number): Day {
  if (!Number.isInteger(count)) throw new RangeError(`${count} is no whole number of days`);
  let result = day;
  for (let left = Math.abs(count); left > 0;) {
    result = result.add({ days: Math.sign(count) });
    if (isWorkingDay(result)) left -= 1;
  }
  return result;
}

/** What a legal period is counted from. */
export interface PeriodTerms {
  /** The day of the event: service, posting, receipt. */
  readonly start: Day;
  /** Whole and positive. */
  readonly length: number;
  readonly unit: 'day' | 'working-day' | 'week' | 'month' | 'year';
  /** `excluded` unless the law counts from the very day (即日). */
  readonly firstDay?: 'excluded' | 'included';
  /** A penalty or other adverse act: first day and holidays count, unless the ordinary way favours the citizen. */
  readonly adverse?: boolean;
  /** Which end favours the citizen in an adverse period: an earlier one (a suspension, the default) or a later one. */
  readonly citizenFavours?: 'earlier-end' | 'later-end';
  /** Days of travel (在途期間), added before the last day is judged. */
  readonly travelDays?: number;
}

/** One rule that was applied, with its article and its sentence in both languages. */
export interface PeriodBasis {
  readonly rule: keyof typeof rules;
  readonly article: string;
  readonly zh: string;
  readonly en: string;
}

/** The last day of a period, why, and the way there. */
export interface Period {
  readonly end: Day;
  /** True where the period ends on the morning of `end`, moved there from a Saturday. */
  readonly endsInMorning: boolean;
  readonly basis: readonly PeriodBasis[];
  readonly steps: readonly { readonly day: Day; readonly rule: keyof typeof rules | 'start' }[];
}

type Step = Period['steps'][number];

function rawEnd(first: Day, terms: PeriodTerms): Step[] {
  const { length, unit } = terms;
  if (unit === 'day')
    return [
      {
        day: first.add({ days: length - 1 }),
        rule: terms.firstDay === 'included' ? 'first-day-included' : 'first-day-excluded',
      },
    ];
  if (unit === 'working-day') {
    const counted = isWorkingDay(first) ? addWorkingDays(first, length - 1) : addWorkingDays(first, length);
    return [{ day: counted, rule: 'working-days' }];
  }
  if (unit === 'week')
    return [{ day: first.add({ weeks: length }).subtract({ days: 1 }), rule: 'corresponding-day' }];
  const corresponding = first.add(unit === 'month' ? { months: length } : { years: length });
  return corresponding.day === first.day
    ? [{ day: corresponding.subtract({ days: 1 }), rule: 'corresponding-day' }]
    : [{ day: corresponding, rule: 'no-corresponding-day' }];
}

/** Moves a last day on which offices are closed: Saturday to Monday, Sunday or holiday to the next day, again and again. */
function postpone(last: Day): Step[] {
  if (isWorkingDay(last)) return last.dayOfWeek === 6 ? [{ day: last, rule: 'make-up-saturday' }] : [];
  const step: Step =
    last.dayOfWeek === 6
      ? { day: last.add({ days: 2 }), rule: 'saturday-to-monday' }
      : { day: last.add({ days: 1 }), rule: 'holiday-to-next-day' };
  return [step, ...postpone(step.day)];
}

function ordinarySteps(terms: PeriodTerms): Step[] {
  const included = terms.firstDay === 'included';
  const first = included ? terms.start : terms.start.add({ days: 1 });
  const steps: Step[] = [
    { day: first, rule: included ? 'first-day-included' : 'first-day-excluded' },
    ...rawEnd(first, terms),
  ];
  if (terms.travelDays !== undefined && terms.travelDays > 0)
    steps.push({ day: steps.at(-1)!.day.add({ days: terms.travelDays }), rule: 'travel-days' });
  return [...steps, ...postpone(steps.at(-1)!.day)];
}

function adverseSteps(terms: PeriodTerms): Step[] {
  const steps: Step[] = [
    { day: terms.start, rule: 'adverse-counted' },
    ...rawEnd(terms.start, { ...terms, firstDay: 'included' }),
  ];
  if (terms.travelDays !== undefined && terms.travelDays > 0)
    steps.push({ day: steps.at(-1)!.day.add({ days: terms.travelDays }), rule: 'travel-days' });
  return steps.map((step) =>
    step.rule === 'first-day-included' ? { ...step, rule: 'adverse-counted' } : step,
  );
}

function toPeriod(start: Day, steps: readonly Step[]): Period {
  const applied = [...new Set(steps.map((step) => step.rule))].filter((rule) => rule !== 'start');
  return {
    end: steps.at(-1)!.day,
    endsInMorning: steps.at(-1)!.rule === 'saturday-to-monday',
    basis: applied.map((rule) => {
      const { law, article, zh, en } = rules[rule];
      return { rule, article: `${law}${article}`, zh, en };
    }),
    steps: [{ day: start, rule: 'start' }, ...steps],
  };
}

/**
 * The last day of a legal period, with the articles applied. Articles and sentences come from
 * `datasets/calendar/period-rules.json`.
 * Throws RangeError for a length that is not whole and positive, CalendarRangeError where a year is missing.
 */
export function computePeriod(terms: PeriodTerms): Period {
  if (!Number.isInteger(terms.length) || terms.length < 1)
    throw new RangeError(`a period of ${terms.length} cannot be counted`);
  const travel = terms.travelDays ?? 0;
  if (!Number.isInteger(travel) || travel < 0)
    throw new RangeError(`${travel} days of travel cannot be counted`);
  const ordinary = ordinarySteps(terms);
  if (terms.adverse !== true) return toPeriod(terms.start, ordinary);
  const adverse = adverseSteps(terms);
  const later = Temporal.PlainDate.compare(ordinary.at(-1)!.day, adverse.at(-1)!.day);
  const ordinaryFavours = terms.citizenFavours === 'later-end' ? later > 0 : later < 0;
  if (!ordinaryFavours) return toPeriod(terms.start, adverse);
  return toPeriod(terms.start, [{ day: terms.start, rule: 'adverse-ordinary-favours' }, ...ordinary]);
}
