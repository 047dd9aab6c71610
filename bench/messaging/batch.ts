/** The batch path: a sealed batch until every receipt is an outcome, against mtbatch and bearerbox until theirs are back. */
import { join } from 'node:path';
import { type Figure, median, spread } from '../harness.ts';
import { bestShape, defaultShape } from '../kannel/configuration.ts';
import { type KannelFigures, runKannelBatch } from '../kannel/run.ts';
import { sumOf } from './product.ts';
import { type Bench, freshNumbers, microsSince, receiptsOf, tellCpu, withForeign } from './rounds.ts';

interface Turn {
  readonly perSecond: number;
  /** CPU microseconds a message, of all processes but the simulator's. */
  readonly micros: number;
  readonly parts: string;
  readonly foreign: number;
}

/** Five rounds, ours and Kannel's best in turn; Kannel's default once. */
export async function batchFigures(bench: Bench): Promise<Figure[]> {
  const messages = bench.full ? 200_000 : 40_000;
  await ours(bench, messages / 4);
  const rounds: { own: Turn; peer: Turn }[] = [];
  for (let round = 1; round <= (bench.full ? 9 : 5); round++) {
    // Neither side always comes first.
    const early = round % 2 === 1 ? await ours(bench, messages) : null;
    const peer = await kannels(bench, messages, `batch-${round}`);
    const own = early ?? (await ours(bench, messages));
    rounds.push({ own, peer });
    console.log(`batch round ${round}: ours ${told(own)}; kannel ${told(peer)}`);
  }
  const plain = await runKannelBatch({
    shape: defaultShape,
    messages: 1500,
    folder: join(bench.folder, 'batch-default'),
    simulator: bench.simulator,
  });
  console.log(`batch, kannel as it comes (transceiver, window 10): ${Math.round(plain.perSecond)}/s`);
  const foreign = median(rounds.flatMap(({ own, peer }) => [own.foreign, peer.foreign]));
  const rates = rounds.map(({ own, peer }) => own.perSecond / peer.perSecond);
  const costs = rounds.map(({ own, peer }) => own.micros / peer.micros);
  return [
    {
      name: 'batch',
      ours: median(rounds.map(({ own }) => own.perSecond)),
      peer: median(rounds.map(({ peer }) => peer.perSecond)),
      goal: { atLeast: 5 },
      unit: '/s',
      noise: Math.max(foreign, spread(rates)),
    },
    {
      name: 'cpu',
      ours: median(rounds.map(({ own }) => own.micros)),
      peer: median(rounds.map(({ peer }) => peer.micros)),
      goal: { atMost: 0.2 },
      unit: 'µs',
      // CPU time is what a process used itself, whoever else is there.
      noise: spread(costs),
    },
  ];
}

const told = ({ perSecond, parts, foreign }: Turn): string =>
  `${Math.round(perSecond)}/s, CPU ${parts} (foreign ${Math.round(foreign * 100)} %)`;

async function ours(bench: Bench, messages: number): Promise<Turn> {
  const { product, simulator } = bench;
  const batch = await product.seal(freshNumbers(messages));
  const turn = await withForeign(bench, async () => {
    const before = await simulator.ask({ receiptMs: 200 });
    const used = product.cpuSeconds();
    const started = performance.now();
    await batch.start();
    await receiptsOf(simulator, before.receiptsAcknowledged + messages);
    const seconds = (performance.now() - started) / 1000;
    const micros = microsSince(used, bench, messages);
    const after = await simulator.ask();
    if (after.submits - before.submits !== messages) throw new Error('a text was sent twice');
    return { perSecond: messages / seconds, micros: sumOf(micros), parts: tellCpu(micros) };
  });
  const { delivered } = await batch.outcomes();
  if (delivered !== messages) throw new Error(`${delivered} of ${messages} texts are recorded as delivered`);
  return turn;
}

async function kannels(bench: Bench, messages: number, name: string): Promise<Turn> {
  const { simulator } = bench;
  const run = { shape: bestShape, messages, folder: join(bench.folder, name), simulator };
  const { perSecond, foreign, ...cpu } = await withForeign<KannelFigures>(bench, () => runKannelBatch(run));
  const micros = cpu.bearerboxMicros + cpu.feederMicros;
  const parts = `bearerbox ${cpu.bearerboxMicros.toFixed(1)} + mtbatch ${cpu.feederMicros.toFixed(1)} µs`;
  return { perSecond, micros, parts, foreign };
}
