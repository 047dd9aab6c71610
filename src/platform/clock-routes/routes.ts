import type { FastifyInstance } from 'fastify';
import { TAIPEI, type MovableClock } from '../clock.ts';
import { defineErrors } from '../errors.ts';
import { registerRoutes } from '../http/routes.ts';
import { clockRoutes } from './contract.ts';

const errors = defineErrors('clock', {
  duration_invalid: {
    status: 422,
    zh: '請以 ISO 8601 表示時間長度，例如 P3D 或 PT48H；須為正值，合計不超過十年。',
    en: 'give a duration in ISO 8601, such as P3D or PT48H; positive, ten years in all at most.',
  },
});

const MOST_DAYS = 3653;

/** The routes of `contract.ts`; for a sandbox only. Tells `onMoved` after each change, e.g. to log it. */
export function registerClockRoutes(
  app: FastifyInstance,
  {
    clock,
    onMoved = () => {},
  }: { readonly clock: MovableClock; readonly onMoved?: (offset: Temporal.Duration) => void },
): void {
  const state = () => ({
    now: clock.now().toString(),
    today: clock.today().toString(),
    offset: clock.offset.round({ largestUnit: 'day', smallestUnit: 'second' }).toString(),
    moved: clock.offset.sign !== 0,
  });
  registerRoutes(app, clockRoutes, {
    readClock: () => Promise.resolve(state()),
    moveClock({ body }) {
      if ('advance' in body) clock.advance(parseStep(body.advance, clock));
      else clock.reset();
      onMoved(clock.offset);
      return Promise.resolve(state());
    },
  });
}

/** A positive duration that keeps the whole shift within ten years. Months and years count from the clock's own day. */
function parseStep(text: string, clock: MovableClock): Temporal.Duration {
  let days: number;
  let step: Temporal.Duration;
  try {
    step = Temporal.Duration.from(text);
    days = step.total({ unit: 'day', relativeTo: clock.now().toZonedDateTimeISO(TAIPEI) });
  } catch (cause) {
    throw errors.duration_invalid({}, { cause });
  }
  if (days <= 0 || days + clock.offset.total({ unit: 'hour' }) / 24 > MOST_DAYS)
    throw errors.duration_invalid();
  return step;
}
