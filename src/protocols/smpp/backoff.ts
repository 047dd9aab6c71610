/**
 * Milliseconds to wait before the next attempt to connect, after `failures` in a row: at random below a bound that
 * doubles from one second to a minute, so that clients that were cut off together do not come back together.
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const bound = Math.min(60_000, 1000 * 2 ** Math.min(failures, 16));
  return Math.round(bound / 2 + (random() * bound) / 2);
}
