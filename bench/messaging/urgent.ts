/**
 * What must not wait for a batch: one-time passwords, from the HTTP request to submit_sm at the telecom, and the citizen's
 * question. Both idle and while a batch fills every link up to its contract rate, in turn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, median } from '../harness.ts';
import { type Child, startChild } from './child.ts';
import { openLoop, type Sent } from './open-loop.ts';
import type { BenchVersion, Product, SealedBatch } from './product.ts';
import { type Bench, freshNumbers, percentile, withForeign } from './rounds.ts';
import { sendRequest } from './single.ts';

/** Parts a second that three links carry by contract: what the design promises to sustain on two cores. */
const CONTRACT = 5000;
/** First digits of numbers that get a one-time password. */
const HEAD = '970';
const PER_SECOND = 50;

interface Turn {
  readonly otp: readonly number[];
  readonly check: readonly number[];
  readonly foreign: number;
  /** Messages a second of the batch meanwhile. */
  readonly batch: number;
}

export async function urgentFigures(bench: Bench): Promise<Figure[]> {
  const telecom = await startChild('./watched-telecom-process.ts', [`0${HEAD}`]);
  try {
    const watched = { ...bench, simulator: { ...bench.simulator, pid: telecom.pid } };
    const idle: Turn[] = [];
    const full: Turn[] = [];
    const seconds = bench.full ? 20 : 5;
    await bench.product.linkTo(Number(telecom.ready.split(' ')[1]), Math.round(CONTRACT / 3));
    const asked = await sentTexts(bench.product, telecom);
    await turn(watched, telecom, 3, asked, null);
    for (let round = 1; round <= (bench.full ? 9 : 5); round++) {
      const batch = await bench.product.seal(freshNumbers(Math.round(CONTRACT * (seconds + 3))));
      const alone = await turn(watched, telecom, seconds, asked, null);
      const beside = await turn(watched, telecom, seconds, asked, batch);
      idle.push(alone);
      full.push(beside);
      console.log(`urgent round ${round}: idle ${told(alone)}; full ${told(beside)}`);
    }
    return figuresOf(idle, full);
  } finally {
    await telecom.stop();
  }
}

function figuresOf(idle: readonly Turn[], full: readonly Turn[]): Figure[] {
  const p99 = (turns: readonly Turn[], of: 'otp' | 'check'): number =>
    percentile(
      turns.flatMap((one) => one[of]),
      0.99,
    );
  const noise = median([...idle, ...full].map(({ foreign }) => foreign));
  const otp = p99(full, 'otp');
  return [
    { name: 'otp', ours: otp, peer: p99(idle, 'otp'), goal: { atMost: 2 }, unit: 'ms', noise },
    { name: 'otp-time', ours: otp, peer: null, goal: { atMost: 1000 }, unit: 'ms', noise },
    { name: 'citizen-check', ours: p99(full, 'check'), peer: null, goal: { atMost: 100 }, unit: 'ms', noise },
  ];
}

const told = ({ otp, check, foreign, batch }: Turn): string => {
  const of = (values: readonly number[]): string =>
    `p50 ${percentile(values, 0.5).toFixed(1)} p99 ${percentile(values, 0.99).toFixed(1)} ms`;
  return (
    `otp ${of(otp)}, check ${of(check)}, batch ${Math.round(batch)}/s ` +
    `(foreign CPU ${Math.round(foreign * 100)} %)`
  );
};

const partsOf = async (telecom: Child): Promise<number> =>
  (JSON.parse(await telecom.ask('counters')) as { parts: number }).parts;

async function turn(
  bench: Bench,
  telecom: Child,
  seconds: number,
  asked: readonly string[],
  batch: SealedBatch | null,
): Promise<Turn> {
  const { product } = bench;
  const { authorization, port, versions } = product;
  const numbers = freshNumbers(PER_SECOND * seconds, HEAD);
  const request = (index: number): string =>
    sendRequest(authorization, versions.otp.versionId, numbers[index]!, '482913');
  const question = (index: number): string => checkRequest(asked[index % asked.length]!);
  await telecom.ask('noted');
  await batch?.start();
  // Until the links are full.
  if (batch !== null) await sleep(1000);
  const parts = await partsOf(telecom);
  const figures = await withForeign(bench, async () => {
    const rate = { port, perSecond: PER_SECOND, seconds };
    const [sent, checks] = await Promise.all([
      openLoop({ ...rate, request, status: 202 }),
      openLoop({ ...rate, request: question, status: 200 }),
    ]);
    const batchParts = (await partsOf(telecom)) - parts - sent.length;
    return {
      otp: await arrivals(telecom, numbers, sent),
      check: checks.map(({ ms }) => ms),
      batch: batch === null ? 0 : batchParts / seconds,
    };
  });
  if (batch !== null) {
    await batch.end();
    await drained(batch);
  }
  return figures;
}

/** Milliseconds from the request to its submit_sm. Throws where a text does not come within ten seconds. */
async function arrivals(
  telecom: Child,
  numbers: readonly string[],
  sent: readonly Sent[],
): Promise<number[]> {
  const came = new Map<string, number>();
  const until = performance.now() + 10_000;
  while (came.size < sent.length) {
    for (const [number, at] of JSON.parse(await telecom.ask('noted')) as [string, number][])
      came.set(number, at);
    if (performance.now() > until)
      throw new Error(`${sent.length - came.size} one-time passwords did not come`);
    await sleep(20);
  }
  return sent.map(({ index, dueAt }) => came.get(`0${numbers[index]}`)! - dueAt);
}

/** Waits until what a link had begun has its outcome. */
async function drained(batch: SealedBatch): Promise<void> {
  for (let last = -1; ;) {
    const { delivered = 0 } = await batch.outcomes();
    if (delivered === last) return;
    last = delivered;
    await sleep(600);
  }
}

let nextAddress = 0;

/** A question by API; every citizen has an address of their own. */
function checkRequest(body: string): string {
  const address = ++nextAddress;
  const from = `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`;
  return (
    'POST /api/v1/messaging/check HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
    `X-Forwarded-For: ${from}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${Buffer.from(body).toString('latin1')}`
  );
}

/** Bodies of questions: texts that were sent, and each with one character changed. */
async function sentTexts(product: Product, telecom: Child): Promise<string[]> {
  const numbers = freshNumbers(200, HEAD);
  const batch = await product.seal(numbers);
  await batch.start();
  await drained(batch);
  await telecom.ask('noted');
  return numbers.flatMap((number) => bodies(product.versions.batch, number));
}

function bodies({ text }: BenchVersion, number: string): string[] {
  const sent = text(number, '482913');
  return [sent, sent.replace('核定', '核准')].map((one) =>
    JSON.stringify({ text: one, lastDigits: number.slice(-3) }),
  );
}
