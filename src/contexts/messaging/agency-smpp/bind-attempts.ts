/** Slows down those who guess: failures of an address or a system_id within the last minutes. */
const WINDOW_MS = 5 * 60_000;
const MOST_KEYS = 10_000;
/** Passwords looked at together: a slow hash holds one of the four threads that files and sign-ins need as well. */
const AT_ONCE = 2;
/** Above this nobody is let wait: a bind that waits longer than its deadline is in vain. */
const MOST_WAITING = 32;

export interface BindAttempts {
  /** False where this address or account failed too often: it is refused without a look at the password. */
  mayTry(address: string, systemId: string): boolean;
  /** `systemId` is null where the address is none of the account's networks: nobody outside locks an account. */
  failed(address: string, systemId: string | null): void;
  /**
   * Looks at a password when its turn has come; null where too many wait, or where the address or account has failed
   * too often meanwhile.
   */
  inTurn<T>(address: string, systemId: string, look: () => Promise<T>): Promise<T | null>;
}

/** Ten failures in five minutes for an address, twenty for a system_id (whose owner shares the wait, from allowed networks alone). */
export function createBindAttempts(now: () => number = () => performance.now()): BindAttempts {
  const failures = new Map<string, number[]>();
  const waiting: (() => void)[] = [];
  let looking = 0;
  const recent = (key: string): number[] => (failures.get(key) ?? []).filter((at) => now() - at < WINDOW_MS);
  const note = (key: string): void => {
    const kept = [...recent(key), now()].slice(-20);
    failures.delete(key);
    failures.set(key, kept);
    for (const [oldest] of failures) {
      if (failures.size <= MOST_KEYS) break;
      failures.delete(oldest);
    }
  };
  const mayTry = (address: string, systemId: string): boolean =>
    recent(`address ${address}`).length < 10 && recent(`system ${systemId}`).length < 20;
  return {
    mayTry,
    failed(address, systemId) {
      note(`address ${address}`);
      if (systemId !== null) note(`system ${systemId}`);
    },
    async inTurn(address, systemId, look) {
      if (looking >= AT_ONCE) {
        if (waiting.length >= MOST_WAITING) return null;
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        looking += 1;
      }
      try {
        return mayTry(address, systemId) ? await look() : null;
      } finally {
        // The turn goes to the next, or is free.
        const next = waiting.shift();
        if (next === undefined) looking -= 1;
        else next();
      }
    },
  };
}
