import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  addWorkingDays,
  CalendarRangeError,
  calendarEdition,
  computePeriod,
  dayNote,
  isWorkingDay,
  nextWorkingDay,
} from './working-calendar.ts';
import type { PeriodTerms } from './working-calendar.ts';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const endOf = (
  start: string,
  length: number,
  unit: PeriodTerms['unit'],
  more: Partial<PeriodTerms> = {},
): string => computePeriod({ start: day(start), length, unit, ...more }).end.toString();

test('the calendar counts the days off that each year was published with', () => {
  const off = [116, 115, 115, 115, 116, 115, 116, 115, 118, 120, 121];
  for (const [index, expected] of off.entries()) {
    const first = new Temporal.PlainDate(2017 + index, 1, 1);
    const days = Array.from({ length: first.daysInYear }, (_, offset) => first.add({ days: offset }));
    assert.equal(days.filter((date) => !isWorkingDay(date)).length, expected, String(first.year));
  }
});

test('the newest edition of a year speaks', () => {
  assert.equal(calendarEdition(2025).edition, '1141020更新');
  for (const date of ['2025-09-29', '2025-10-24', '2025-12-25'])
    assert.equal(isWorkingDay(day(date)), false, date);
  assert.equal(dayNote(day('2025-09-29')), '補假');
});

test('offices work on make-up Saturdays', () => {
  for (const date of ['2023-06-17', '2024-02-17', '2025-02-08'])
    assert.equal(isWorkingDay(day(date)), true, date);
  assert.equal(isWorkingDay(day('2024-02-24')), false);
  assert.equal(addWorkingDays(day('2024-02-07'), 2).toString(), '2024-02-16');
  assert.equal(addWorkingDays(day('2024-02-16'), 1).toString(), '2024-02-17');
  assert.equal(addWorkingDays(day('2024-02-16'), -1).toString(), '2024-02-15');
  assert.equal(nextWorkingDay(day('2024-02-08')).toString(), '2024-02-15');
});

test('a public notice of 20 days to 2024-03-11 is reached both ways', () => {
  assert.equal(endOf('2024-02-20', 20, 'day'), '2024-03-11');
  assert.equal(endOf('2024-02-21', 20, 'day', { firstDay: 'included' }), '2024-03-11');
  assert.equal(endOf('2024-03-12', 30, 'day'), '2024-04-11');
});

test('a Saturday moves to the morning of Monday, a Sunday or holiday to the next day', () => {
  const saturday = computePeriod({ start: day('2024-05-01'), length: 10, unit: 'day' });
  assert.equal(saturday.end.toString(), '2024-05-13');
  assert.equal(saturday.endsInMorning, true);
  assert.deepEqual(
    saturday.basis.map(({ rule, article }) => [rule, article]),
    [
      ['first-day-excluded', '行政程序法第48條第2項'],
      ['saturday-to-monday', '行政程序法第48條第4項後段'],
    ],
  );
  const sunday = computePeriod({ start: day('2024-05-01'), length: 11, unit: 'day' });
  assert.equal(sunday.end.toString(), '2024-05-13');
  assert.equal(sunday.endsInMorning, false);
  assert.equal(endOf('2024-04-01', 3, 'day'), '2024-04-08', 'Qingming, Friday, week-end');
  assert.equal(endOf('2024-02-01', 7, 'day'), '2024-02-15', 'the whole New Year is passed over');
});

test('a make-up Saturday ends a period, and says so', () => {
  const { end, basis } = computePeriod({ start: day('2024-02-07'), length: 10, unit: 'day' });
  assert.equal(end.toString(), '2024-02-17');
  assert.ok(basis.some(({ rule }) => rule === 'make-up-saturday'));
});

test('a penalty counts its first day and ends on a holiday', () => {
  const { end, basis } = computePeriod({ start: day('2024-01-30'), length: 10, unit: 'day', adverse: true });
  assert.equal(end.toString(), '2024-02-08');
  assert.equal(isWorkingDay(end), false);
  assert.deepEqual(
    basis.map(({ rule }) => rule),
    ['adverse-counted'],
  );
});

test('where a later end favours the citizen, an adverse period is counted the ordinary way', () => {
  const terms = { start: day('2024-01-30'), length: 10, unit: 'day', adverse: true } as const;
  const { end, basis } = computePeriod({ ...terms, citizenFavours: 'later-end' });
  assert.equal(end.toString(), '2024-02-15');
  assert.equal(basis[0]?.rule, 'adverse-ordinary-favours');
});

test('months and years end the day before the corresponding day, or with the month that has none', () => {
  assert.equal(endOf('2024-01-14', 1, 'month'), '2024-02-15', '02-14 is a New Year holiday');
  assert.equal(endOf('2024-03-04', 2, 'month'), '2024-05-06', '05-04 is a Saturday');
  assert.equal(endOf('2024-01-29', 1, 'month'), '2024-02-29', 'first counted day 01-30: February ends it');
  assert.equal(endOf('2024-01-30', 1, 'month'), '2024-02-29');
  assert.equal(endOf('2023-01-30', 1, 'month'), '2023-03-01', '02-28 is a holiday');
  assert.equal(
    endOf('2024-02-28', 1, 'year'),
    '2025-03-03',
    'first counted day 02-29: 02-28-2025 is a holiday Friday',
  );
  assert.equal(endOf('2024-02-29', 1, 'year', { firstDay: 'included' }), '2025-03-03');
  assert.equal(endOf('2023-02-28', 1, 'year'), '2024-02-29', 'first counted day 03-01');
  assert.equal(endOf('2024-03-04', 2, 'week'), '2024-03-18');
});

test('working days are counted by the calendar, travel days before the last day is judged', () => {
  assert.equal(endOf('2024-02-07', 2, 'working-day'), '2024-02-16');
  assert.equal(endOf('2024-02-17', 1, 'working-day', { firstDay: 'included' }), '2024-02-17');
  const { end, basis } = computePeriod({ start: day('2024-03-12'), length: 30, unit: 'day', travelDays: 2 });
  assert.equal(end.toString(), '2024-04-15');
  assert.ok(basis.some(({ article }) => article === '訴願法第16條'));
});

test('beyond the published years there is an error, not a guess', () => {
  assert.throws(() => endOf('2027-12-20', 20, 'day'), CalendarRangeError);
  assert.throws(() => endOf('2027-12-21', 10, 'day'), CalendarRangeError, 'moved over the end of the year');
  assert.throws(() => isWorkingDay(day('2016-12-31')), { code: 'calendar.year_not_published', zh: /2016/u });
  assert.throws(() => calendarEdition(2028), CalendarRangeError);
  assert.throws(() => endOf('2024-01-01', 0, 'day'), RangeError);
});

test('an ordinary period never ends on a day off, and never earlier than its bare count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3700 }), fc.integer({ min: 1, max: 200 }), (offset, length) => {
      const start = day('2017-01-01').add({ days: offset });
      const { end } = computePeriod({ start, length, unit: 'day' });
      assert.ok(isWorkingDay(end));
      assert.ok(Temporal.PlainDate.compare(end, start.add({ days: length })) >= 0);
      const next = computePeriod({ start, length: length + 1, unit: 'day' }).end;
      assert.ok(Temporal.PlainDate.compare(next, end) >= 0);
    }),
  );
});
