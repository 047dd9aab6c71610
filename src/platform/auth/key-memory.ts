import pg from 'pg';
import type { Log } from '../log.ts';

const CHANNEL = 'auth_key_change';
/** A key is read from the database again after this long, whatever notices came. */
const TRUSTED_MILLISECONDS = 5000;
/** Keys remembered at most; all are forgotten when one more comes. */
const MOST = 10_000;
/** Pause before the next try to hear notices. */
const RETRY_MILLISECONDS = 1000;

/** What is known of keys for a few seconds, so that a busy caller does not cost a query a request. */
export interface KeyMemory<Known> {
  /** What is known under a digest, or what `read` finds; null is never remembered. */
  know(digest: string, read: () => Promise<Known | null>): Promise<Known | null>;
  /** Everything is read anew; call it after the commit of a change, before anybody is told that it is done. */
  forget(): void;
  close(): Promise<void>;
}

/**
 * Remembers keys only while it hears the notices of the database on a connection of its own: a trigger sends one with
 * every commit that changes rights, whichever process wrote it. While that connection is away, every request reads.
 */
export function createKeyMemory<Known>(options: {
  readonly url: string;
  readonly log: Log;
  /** Milliseconds that only go forward; for tests. */
  readonly now?: () => number;
}): KeyMemory<Known> {
  const now = options.now ?? (() => performance.now());
  const known = new Map<string, { readonly value: Known; readonly until: number }>();
  /** Counts what made earlier readings doubtful: a reading that began before is not remembered. */
  let change = 0;
  let ear: pg.Client | null = null;
  let hears = false;
  let quietUntil = 0;
  let closed = false;

  const forget = (): void => {
    change++;
    known.clear();
  };

  const deafen = (client: pg.Client): void => {
    if (ear !== client) return;
    ear = null;
    hears = false;
    quietUntil = now() + RETRY_MILLISECONDS;
    forget();
    client.end().catch(() => {});
  };

  async function listen(): Promise<void> {
    const client = new pg.Client({ connectionString: options.url, keepAlive: true });
    ear = client;
    client.on('error', () => deafen(client));
    client.on('end', () => deafen(client));
    client.on('notification', forget);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      if (ear !== client) return;
      forget();
      hears = true;
    } catch (error) {
      if (!closed) options.log.warn({ err: error }, 'notices of changed API keys cannot be heard');
      deafen(client);
    }
  }

  return {
    async know(digest, read) {
      if (!hears) {
        if (ear === null && !closed && now() >= quietUntil) void listen();
        return read();
      }
      const found = known.get(digest);
      if (found !== undefined && now() < found.until) return found.value;
      const began = change;
      const value = await read();
      if (value === null || change !== began || !hears) return value;
      if (known.size >= MOST) known.clear();
      known.set(digest, { value, until: now() + TRUSTED_MILLISECONDS });
      return value;
    },
    forget,
    async close() {
      closed = true;
      const client = ear;
      ear = null;
      hears = false;
      known.clear();
      await client?.end().catch(() => {});
    },
  };
}
