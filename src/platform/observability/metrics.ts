import type { FastifyInstance } from 'fastify';
import { BlockList, isIP } from 'node:net';
import { createHash, timingSafeEqual } from 'node:crypto';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parseNetworks } from '../auth/address-list.ts';
import { httpErrors } from '../http/http-errors.ts';
import type { Log } from '../log.ts';

/** Reads the present value of something for `/metrics`. */
export type Reading = () => number | Promise<number>;

export interface Metrics {
  readonly registry: Registry;
  /** A gauge that is read when `/metrics` is asked for; a reading that fails is left out. */
  gauge(name: string, help: string, read: Reading): void;
  /**
   * Says that something happened: one log line and one count, `xinlai_event_total{event}`. The name is
   * `<area>.<what happened>`; fields go to the log only and hold no personal data.
   */
  businessEvent(name: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counters of this process, with the usual ones of Node. */
export function createMetrics({ log, version }: { readonly log: Log; readonly version: string }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'xinlai_info',
    help: 'Version of the product',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  const events = new Counter({
    name: 'xinlai_event_total',
    help: 'Business events',
    labelNames: ['event'],
    registers: [registry],
  });
  return {
    registry,
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          try {
            gauge.set(await read());
          } catch (error) {
            gauge.remove();
            log.warn({ err: error, metric: name }, 'a metric could not be read');
          }
        },
      });
    },
    businessEvent(name, fields = {}) {
      if (!/^[a-z][a-z-]*\.[a-z][a-z0-9_]*$/.test(name))
        throw new TypeError(`${name} is no name of an event`);
      events.inc({ event: name });
      log.info({ event: name, ...fields }, name);
    },
  };
}

export interface MetricsRouteOptions {
  readonly metrics: Metrics;
  /** Networks that may read `/metrics` beside loopback: `10.0.0.0/8`. */
  readonly allow?: readonly string[];
  /** Whoever sends it as a bearer token may read from anywhere. */
  readonly token?: string | undefined;
}

/**
 * Counts and times every request by method, route pattern and status (streams of events are not timed), and serves
 * `/metrics`. It is for loopback, the networks allowed, and holders of the token; a request that came through a proxy
 * on this machine is not from loopback. Throws `auth.bad_network` for what is no network.
 */
export function registerMetrics(
  app: FastifyInstance,
  { metrics, allow = [], token }: MetricsRouteOptions,
): void {
  const { registry } = metrics;
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by route: rate (_count), errors (status) and duration',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const underWay = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests under way',
    registers: [registry],
  });
  const allowed = networks(['127.0.0.0/8', '::1/128', ...allow]);

  // Counted down when the connection lets go of the answer, which also happens when the client goes away.
  app.addHook('onRequest', async (_request, reply) => {
    underWay.inc();
    reply.raw.once('close', () => underWay.dec());
  });
  app.addHook('onResponse', async (request, reply) => {
    const { config, url } = request.routeOptions;
    if (config.contract?.produces === 'text/event-stream') return;
    duration.observe(
      { method: request.method, route: url ?? 'unknown', status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
  app.get('/metrics', { schema: { hide: true }, config: { concealed: true } }, async (request, reply) => {
    const direct =
      request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined;
    const address = (direct ? request.socket.remoteAddress : undefined) ?? '';
    const family = isIP(address);
    const near = family !== 0 && allowed.check(address, family === 6 ? 'ipv6' : 'ipv4');
    if (!near && !isToken(request.headers.authorization, token))
      throw httpErrors.not_found({ method: 'GET', path: '/metrics' });
    void reply.type(registry.contentType).header('cache-control', 'no-store');
    return registry.metrics();
  });
}

function networks(list: readonly string[]): BlockList {
  const found = new BlockList();
  for (const entry of parseNetworks(list)) {
    const [net = '', prefix] = entry.split('/');
    found.addSubnet(net, Number(prefix), isIP(net) === 6 ? 'ipv6' : 'ipv4');
  }
  return found;
}

function isToken(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined || token === '' || header === undefined) return false;
  return timingSafeEqual(digest(header), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
