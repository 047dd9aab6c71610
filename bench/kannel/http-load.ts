/**
 * HTTP requests over kept connections at little cost: a tenth of the CPU of Node's own client, so that the server under
 * measurement has the machine. The same load for both sides of a benchmark.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpLoad {
  readonly port: number;
  readonly connections: number;
  /** How many requests in all. */
  readonly requests: number;
  /** The octets of a request, head and body; the response must have a Content-Length. */
  readonly request: (index: number) => string;
  /** The status that every answer must have. */
  readonly status: number;
}

export interface HttpLoadFigures {
  readonly seconds: number;
  /** Milliseconds from request to answer, ascending. */
  readonly latencies: Float64Array;
}

/** One request at a time on each connection. Rejects with the first answer of another status, or a broken connection. */
export async function runHttpLoad(load: HttpLoad): Promise<HttpLoadFigures> {
  const latencies = new Float64Array(load.requests);
  let next = 0;
  const started = performance.now();
  const connection = async (): Promise<void> => {
    const socket = connect(load.port, '127.0.0.1').setNoDelay(true);
    try {
      await once(socket, 'connect');
      for (let index = next++; index < load.requests; index = next++) {
        const from = performance.now();
        await exchange(socket, load.request(index), load.status);
        latencies[index] = performance.now() - from;
      }
    } finally {
      socket.on('error', () => {}).destroy();
    }
  };
  await Promise.all(Array.from({ length: load.connections }, connection));
  return { seconds: (performance.now() - started) / 1000, latencies: latencies.sort() };
}

/** Writes a request and resolves with its answer; rejects with an answer of another status. */
export function exchange(socket: Socket, request: string, status: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let answer = '';
  const settle = (error?: Error): void => {
    socket.off('data', take).off('close', broken).off('error', settle);
    if (error === undefined) resolve();
    else reject(error);
  };
  const broken = (): void => settle(new Error('the connection ended before its answer'));
  const take = (chunk: Buffer): void => {
    answer += chunk.toString('latin1');
    const head = answer.indexOf('\r\n\r\n');
    if (head === -1) return;
    const length = /\r\ncontent-length: *(\d+)/iu.exec(answer.slice(0, head))?.[1];
    if (length === undefined) return settle(new Error(`an answer without length: ${answer.slice(0, 200)}`));
    if (answer.length < head + 4 + Number(length)) return;
    const isWanted = answer.startsWith(`HTTP/1.1 ${status} `);
    settle(isWanted ? undefined : new Error(`answered ${answer.slice(0, 400)}`));
  };
  socket.on('data', take).on('close', broken).on('error', settle);
  socket.write(request, 'latin1');
  return promise;
}
