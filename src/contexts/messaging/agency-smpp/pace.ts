/** A token bucket of one second: how many requests an account may make. */
export interface Pace {
  /** False where the second is used up. */
  take(): boolean;
}

export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  let tokens = perSecond;
  let last = now();
  return {
    take() {
      const at = now();
      tokens = Math.min(perSecond, tokens + ((at - last) / 1000) * perSecond);
      last = at;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
