/** Requests at a fixed rate whether or not earlier ones were answered: a late answer counts as it is felt. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange } from '../kannel/http-load.ts';

export interface OpenLoop {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly request: (index: number) => string;
  readonly status: number;
}

export interface Sent {
  readonly index: number;
  /** CLOCK_MONOTONIC in milliseconds when it was due, the same clock in every process. */
  readonly dueAt: number;
  /** From then to the answer. */
  readonly ms: number;
}

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Rejects with the first answer of another status. */
export async function openLoop({ port, perSecond, seconds, request, status }: OpenLoop): Promise<Sent[]> {
  const free: Socket[] = [];
  const open: Socket[] = [];
  const sent: Sent[] = [];
  const send = async (index: number, dueAt: number): Promise<void> => {
    let socket = free.pop();
    if (socket === undefined) {
      socket = connect(port, '127.0.0.1').setNoDelay(true);
      open.push(socket);
      await once(socket, 'connect');
    }
    await exchange(socket, request(index), status);
    sent.push({ index, dueAt, ms: now() - dueAt });
    free.push(socket);
  };
  const under: Promise<void>[] = [];
  const start = now();
  try {
    for (let index = 0; index < perSecond * seconds; index++) {
      // Off the beat of anything else that has one: each within its own slot, anywhere.
      const dueAt = start + ((index + Math.random()) * 1000) / perSecond;
      const wait = dueAt - now();
      if (wait > 0) await sleep(wait);
      const one = send(index, dueAt);
      one.catch(() => {});
      under.push(one);
    }
    await Promise.all(under);
    return sent;
  } finally {
    for (const socket of open) socket.on('error', () => {}).destroy();
  }
}
