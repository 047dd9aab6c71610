import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isIPv6 } from 'node:net';
import { httpErrors } from './http-errors.ts';

/*
 * @fastify/rate-limit is not used: it counts in fixed windows (twice the limit passes around a window's edge), knows one
 * limit a route and not one of a caller and one of its organisation at once, and does not send the structured
 * `RateLimit` and `RateLimit-Policy` fields.
 */

export interface RateLimitOptions {
  /** Requests a minute of one person or key over all routes without a limit of their own; 600 unless said. */
  readonly callerPerMinute?: number;
  /** Requests a minute of one address without a sign-in; 120 unless said. */
  readonly addressPerMinute?: number;
  /** Requests a minute of all people and keys of one organisation; 6,000 unless said. */
  readonly organisationPerMinute?: number;
  /** Wrong API keys a minute from one address, after which keys from there wait; 60 unless said. */
  readonly wrongKeysPerMinute?: number;
  /** Buckets kept at most; the least recently begun go first. 50,000 unless said (about 10 MB). */
  readonly buckets?: number;
  /** Milliseconds of a clock that only goes forward; for tests. */
  now?(): number;
}

export interface RateLimits {
  /** Give it to `createHttp({ admit })`: refuses an address that keeps sending wrong keys, before they are looked up. */
  admit(request: FastifyRequest): void;
}

const WINDOW_MS = 60_000;

interface Bucket {
  window: number;
  current: number;
  previous: number;
}

interface Verdict {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends, or until a refused request may succeed. */
  readonly reset: number;
  readonly allowed: boolean;
}

/**
 * Counts in a sliding window: the share of the last minute still in sight plus this one. Held in the memory of the
 * process: with several processes each counts its own share.
 */
export function createCounter(most: number, now: () => number = () => performance.now()) {
  const buckets = new Map<string, Bucket>();

  function current(key: string, at: number): Bucket {
    const window = Math.floor(at / WINDOW_MS);
    const found = buckets.get(key);
    if (found?.window === window) return found;
    const bucket = { window, current: 0, previous: found?.window === window - 1 ? found.current : 0 };
    // Re-inserted, so that the map's order is that of the last window and the oldest bucket stands first.
    buckets.delete(key);
    buckets.set(key, bucket);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= most) break;
      buckets.delete(oldest);
    }
    return bucket;
  }

  return {
    /** Counts one request against a limit a minute; a refused one is not counted. */
    take(key: string, limit: number, cost = 1): Verdict {
      const at = now();
      const bucket = current(key, at);
      const left = 1 - (at % WINDOW_MS) / WINDOW_MS;
      const used = bucket.previous * left + bucket.current;
      const allowed = used + cost <= limit;
      if (allowed) bucket.current += cost;
      const endOfWindow = Math.max(1, Math.ceil((left * WINDOW_MS) / 1000));
      return {
        limit,
        remaining: Math.max(0, Math.floor(limit - used - (allowed ? cost : 0))),
        reset: allowed ? endOfWindow : Math.max(1, Math.ceil(waitMs(bucket, limit - cost, left) / 1000)),
        allowed,
      };
    },
    size: () => buckets.size,
  };
}

/** Milliseconds until the weighted count has fallen to `target`. */
function waitMs({ previous, current }: Bucket, target: number, left: number): number {
  if (current <= target) return previous === 0 ? 0 : (left - (target - current) / previous) * WINDOW_MS;
  // Not within this window: in the next one, `current` is what fades.
  const share = current === 0 ? 0 : Math.max(0, target) / current;
  return (left + 1 - share) * WINDOW_MS;
}

/** One bucket for a whole IPv6 network of a customer (/64): its addresses are one party's. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? first
      : [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/**
 * Adds the limits to every route of a contract, after it is known who calls. Answers above a limit are 429 with
 * `retry-after`; all answers tell what is left, in the draft's structured fields and in the older ones.
 */
export function registerRateLimits(app: FastifyInstance, options: RateLimitOptions = {}): RateLimits {
  const counter = createCounter(options.buckets ?? 50_000, options.now?.bind(options));
  const wrongKeys = createCounter(10_000, options.now?.bind(options));
  const wrongKeyLimit = options.wrongKeysPerMinute ?? 60;

  app.addHook('onRequest', async (request, reply) => {
    const { contract } = request.routeOptions.config;
    if (contract === undefined) return;
    const { caller } = request;
    const who = caller === null ? `a:${networkOf(request.ip)}` : `c:${caller.actorId}`;
    const own = contract.limitPerMinute;
    const verdict =
      own === undefined
        ? counter.take(
            who,
            caller === null ? (options.addressPerMinute ?? 120) : (options.callerPerMinute ?? 600),
          )
        : counter.take(`${who} ${contract.method} ${contract.url}`, own);
    tell(reply, own === undefined ? 'default' : 'route', verdict);
    if (!verdict.allowed) throw httpErrors.too_many_requests({ seconds: verdict.reset });
    if (caller === null || caller.by === 'system') return;
    const ofAll = options.organisationPerMinute ?? 6000;
    // A route made for bulk counts apart: else its callers would shut the rest of their organisation out.
    const isBulk = own !== undefined && own > ofAll;
    const whole = isBulk
      ? counter.take(`o:${caller.organisation.id} ${contract.method} ${contract.url}`, own)
      : counter.take(`o:${caller.organisation.id}`, ofAll);
    if (whole.allowed) return;
    tell(reply, 'organisation', whole);
    throw httpErrors.too_many_requests({ seconds: whole.reset });
  });

  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 401 && request.headers.authorization !== undefined) {
      wrongKeys.take(networkOf(request.ip), wrongKeyLimit);
    }
  });

  return {
    admit(request) {
      if (request.headers.authorization === undefined) return;
      const verdict = wrongKeys.take(networkOf(request.ip), wrongKeyLimit, 0);
      if (verdict.remaining === 0) throw httpErrors.too_many_requests({ seconds: verdict.reset });
    },
  };
}

function tell(reply: FastifyReply, policy: string, { limit, remaining, reset }: Verdict): void {
  void reply.headers({
    'ratelimit-policy': `"${policy}";q=${limit};w=${WINDOW_MS / 1000}`,
    ratelimit: `"${policy}";r=${remaining};t=${reset}`,
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(reset),
  });
}
