/** The single path: HTTP requests with idempotency keys until every receipt is back, against Kannel's sendsms. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Figure, median, spread } from '../harness.ts';
import { bestShape } from '../kannel/configuration.ts';
import { runHttpLoad } from '../kannel/http-load.ts';
import { runKannelSingle } from '../kannel/run.ts';
import {
  type Bench,
  freshNumbers,
  microsSince,
  percentile,
  receiptsOf,
  tellCpu,
  withForeign,
} from './rounds.ts';

interface Turn {
  readonly perSecond: number;
  readonly acceptedPerSecond: number;
  readonly parts: string;
  readonly foreign: number;
}

/** Five rounds at each number of connections, in turn. */
export async function singleFigures(bench: Bench): Promise<Figure[]> {
  const messages = bench.full ? 50_000 : 4000;
  await ours(bench, messages / 2, 64);
  const figures: Figure[] = [];
  for (const connections of [16, 64]) {
    const rounds: { own: Turn; peer: Turn }[] = [];
    for (let round = 1; round <= (bench.full ? 9 : 5); round++) {
      const early = round % 2 === 1 ? await ours(bench, messages, connections) : null;
      const peer = await kannels(bench, messages, connections, `single-${connections}-${round}`);
      const own = early ?? (await ours(bench, messages, connections));
      rounds.push({ own, peer });
      console.log(
        `single ${connections} connections round ${round}: ours ${told(own)}; kannel ${told(peer)}`,
      );
    }
    figures.push({
      name: `single-${connections}`,
      ours: median(rounds.map(({ own }) => own.perSecond)),
      peer: median(rounds.map(({ peer }) => peer.perSecond)),
      goal: { atLeast: 1 },
      unit: '/s',
      noise: Math.max(
        median(rounds.flatMap(({ own, peer }) => [own.foreign, peer.foreign])),
        spread(rounds.map(({ own, peer }) => own.perSecond / peer.perSecond)),
      ),
    });
  }
  return figures;
}

const told = ({ perSecond, acceptedPerSecond, parts, foreign }: Turn): string =>
  `accepted ${Math.round(acceptedPerSecond)}/s, sent and receipted ${Math.round(perSecond)}/s, CPU ${parts} ` +
  `(foreign ${Math.round(foreign * 100)} %)`;

/** The request of a text, as an agency's program sends it. */
export function sendRequest(
  authorization: string,
  templateVersionId: string,
  number: string,
  code: string,
): string {
  const body = JSON.stringify({ templateVersionId, number: `0${number}`, values: { code } });
  return (
    'POST /api/v1/messaging/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
    `Authorization: ${authorization}\r\nIdempotency-Key: ${randomUUID()}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

async function ours(bench: Bench, messages: number, connections: number): Promise<Turn> {
  const { product, simulator } = bench;
  const numbers = freshNumbers(messages);
  const { authorization, versions, port } = product;
  const request = (index: number): string =>
    sendRequest(authorization, versions.single.versionId, numbers[index] ?? '', '482913');
  return withForeign(bench, async () => {
    const before = await simulator.ask({ receiptMs: 200 });
    const used = product.cpuSeconds();
    const started = performance.now();
    const load = await runHttpLoad({ port, connections, requests: messages, request, status: 202 });
    await receiptsOf(simulator, before.receiptsAcknowledged + messages);
    const seconds = (performance.now() - started) / 1000;
    const after = await simulator.ask();
    if (after.submits - before.submits !== messages) throw new Error('a text was sent twice');
    if (bench.full) console.log(`accept p99 ${percentile([...load.latencies], 0.99).toFixed(1)} ms`);
    return {
      perSecond: messages / seconds,
      acceptedPerSecond: messages / load.seconds,
      parts: tellCpu(microsSince(used, bench, messages)),
    };
  });
}

async function kannels(bench: Bench, messages: number, connections: number, name: string): Promise<Turn> {
  const folder = join(bench.folder, name);
  const { simulator } = bench;
  const run = { shape: bestShape, messages, folder, simulator, connections };
  const figures = await withForeign(bench, () => runKannelSingle(run));
  return {
    perSecond: figures.perSecond,
    acceptedPerSecond: messages / figures.feedSeconds,
    parts: `bearerbox ${figures.bearerboxMicros.toFixed(1)} + smsbox ${figures.smsboxMicros.toFixed(1)} µs`,
    foreign: figures.foreign,
  };
}
