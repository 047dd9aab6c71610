import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { httpErrors } from './http-errors.ts';
import { refuseOnSocket } from './unreadable.ts';

/*
 * Node's own `requestTimeout` is one limit for the whole request: short enough against slow senders, it would cut large
 * uploads that come in well. Here a body may last as long as it keeps coming.
 */

export interface BodyPace {
  /** Milliseconds before the pace counts. */
  readonly graceMs: number;
  /** Bytes a second that a body must reach on average after the grace. */
  readonly bytesPerSecond: number;
  /** Milliseconds between looks. */
  readonly everyMs: number;
}

/** A phone on a bad line reaches ten times this; a JSON body of 1 MiB may last four minutes, an upload of 2 GiB as long as it needs. */
const pace: BodyPace = { graceMs: 30_000, bytesPerSecond: 4096, everyMs: 5000 };

interface Arrival {
  readonly began: number;
  /** Bytes that the connection had brought before. */
  readonly before: number;
  /** Milliseconds in which the product itself did not read. */
  heldBackMs: number;
}

/**
 * Ends requests whose body comes in too slowly, with 408 where nothing was answered yet. Time in which the product
 * itself does not take the body does not count; requests without a body, long answers and streams of events are never
 * touched.
 */
export function refuseSlowBodies(app: FastifyInstance, limits: BodyPace = pace): void {
  const arriving = new Map<IncomingMessage, Arrival>();

  app.addHook('onRequest', ({ raw }, _reply, done) => {
    const { 'transfer-encoding': encoding, 'content-length': length } = raw.headers;
    if ((encoding !== undefined || Number(length ?? 0) > 0) && !raw.complete)
      arriving.set(raw, { began: performance.now(), before: raw.socket.bytesRead, heldBackMs: 0 });
    done();
  });
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    // What was answered early stays watched: the rest of its body still holds the connection.
    if (raw.complete) arriving.delete(raw);
    done();
  });

  const look = (): void => {
    for (const [raw, arrival] of arriving) {
      if (raw.complete || raw.socket.destroyed) arriving.delete(raw);
      else if (isHeldBack(raw)) arrival.heldBackMs += limits.everyMs;
      else if (isSlow(raw, arrival, limits)) {
        arriving.delete(raw);
        refuseOnSocket(raw.socket, 408, httpErrors.too_slow());
        raw.socket.destroySoon();
      }
    }
  };
  const timer = setInterval(look, limits.everyMs);
  timer.unref();
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}

/** True where bytes wait in our own buffer, or the reader asked for a pause (a listener of `readable` looks like one). */
function isHeldBack(raw: IncomingMessage): boolean {
  const isPaused = raw.readableFlowing === false && raw.listenerCount('readable') === 0;
  return isPaused || raw.readableLength >= raw.readableHighWaterMark;
}

function isSlow(raw: IncomingMessage, { began, before, heldBackMs }: Arrival, limits: BodyPace): boolean {
  const countedMs = performance.now() - began - heldBackMs - limits.graceMs;
  return countedMs > 0 && raw.socket.bytesRead - before < (countedMs / 1000) * limits.bytesPerSecond;
}
