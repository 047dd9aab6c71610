/** Slows down those who guess: failures of an address or a system_id within the last minutes. */
const WINDOW_MS = 5 * 60_000;
const MOST_KEYS = 10_000;

export interface BindAttempts {
  /** False where this address or account failed too often: it is refused without a look at the password. */
  mayTry(address: string, systemId: string): boolean;
  failed(address: string, systemId: string): void;
}

/** Ten failures in five minutes for an address, twenty for a system_id (whose owner shares the wait, from allowed networks alone). */
export function createBindAttempts(now: () => number = () => performance.now()): BindAttempts {
  const failures = new Map<string, number[]>();
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
  return {
    mayTry: (address, systemId) =>
      recent(`address ${address}`).length < 10 && recent(`system ${systemId}`).length < 20,
    failed(address, systemId) {
      note(`address ${address}`);
      note(`system ${systemId}`);
    },
  };
}
