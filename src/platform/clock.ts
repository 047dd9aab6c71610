/** Time as the product sees it. In the sandbox it can be moved forward, so that deadlines can be shown. */
export interface Clock {
  now(): Temporal.Instant;
  /** Today's legal day in Asia/Taipei. */
  today(): Temporal.PlainDate;
}

export const TAIPEI = 'Asia/Taipei';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  today: () => Temporal.Now.plainDateISO(TAIPEI),
};

/** A clock that runs at normal speed from a shifted instant. `advance` moves it forward, never back. */
export interface MovableClock extends Clock {
  readonly offset: Temporal.Duration;
  advance(by: Temporal.Duration): void;
  reset(): void;
}

/** A movable clock over another one; it starts unshifted. */
export function movableClock(base: Clock = systemClock): MovableClock {
  let milliseconds = 0;
  const now = (): Temporal.Instant => (milliseconds === 0 ? base.now() : base.now().add({ milliseconds }));
  return {
    now,
    today: () => now().toZonedDateTimeISO(TAIPEI).toPlainDate(),
    get offset() {
      return Temporal.Duration.from({ milliseconds });
    },
    advance(by) {
      const step = by.total({ unit: 'millisecond', relativeTo: now().toZonedDateTimeISO('UTC') });
      if (step < 0) throw new RangeError('a clock only moves forward');
      milliseconds += Math.round(step);
    },
    reset() {
      milliseconds = 0;
    },
  };
}

/** A clock that stands still at an instant, for tests of deadlines. */
export function fixedClock(instant: string): Clock {
  const at = Temporal.Instant.from(instant);
  return { now: () => at, today: () => at.toZonedDateTimeISO(TAIPEI).toPlainDate() };
}
