/** One side's turn of a round: figures, and the share of the machine that others used meanwhile. */
import { foreignShare, machineCpu } from '../harness.ts';
import type { SimulatorProcess } from '../kannel/simulator-process.ts';
import { cpuOf, cpuOfEnded } from './cpu-time.ts';
import { sumOf, type Product, type ProductCpu } from './product.ts';

export interface Bench {
  readonly product: Product;
  readonly simulator: SimulatorProcess;
  /** For Kannel's stores, on the disk of PostgreSQL. */
  readonly folder: string;
  readonly full: boolean;
}

/** Runs the turn; the CPU of this process, of the product, of the simulator and of children that ended is ours. */
export async function withForeign<Figures>(
  { product, simulator }: Pick<Bench, 'product' | 'simulator'>,
  turn: () => Promise<Figures>,
): Promise<Figures & { foreign: number }> {
  const own = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6 + cpuOfEnded() + sumOf(product.cpuSeconds()) + cpuOf(simulator.pid);
  };
  const before = machineCpu();
  const from = own();
  const figures = await turn();
  return { ...figures, foreign: foreignShare(before, own() - from) };
}

/** CPU microseconds a message since then. */
export function microsSince(
  used: ProductCpu,
  { product }: Pick<Bench, 'product'>,
  messages: number,
): ProductCpu {
  const now = product.cpuSeconds();
  const of = (name: keyof ProductCpu): number => ((now[name] - used[name]) * 1e6) / messages;
  return { server: of('server'), postgres: of('postgres') };
}

/** The parts of the CPU, for a line. */
export const tellCpu = ({ server, postgres }: ProductCpu): string =>
  `server ${server.toFixed(1)} + postgres ${postgres.toFixed(1)} µs`;

/** Waits until the simulator has seen so many receipts acknowledged; throws after two minutes. */
export async function receiptsOf(simulator: SimulatorProcess, wanted: number): Promise<void> {
  const until = performance.now() + 120_000;
  for (;;) {
    const { receiptsAcknowledged } = await simulator.ask();
    if (receiptsAcknowledged >= wanted) return;
    if (performance.now() > until) throw new Error(`no receipts for ${wanted - receiptsAcknowledged} texts`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let nextNumber = 0;

/** Nine digits each, never given before; `head`: the first three. */
export function freshNumbers(count: number, head = '912'): string[] {
  const from = nextNumber;
  nextNumber += count;
  return Array.from(
    { length: count },
    (_, place) => `${head}${String((from + place) % 1e6).padStart(6, '0')}`,
  );
}

/** The value below which a share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
