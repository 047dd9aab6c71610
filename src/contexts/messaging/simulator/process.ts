/**
 * A simulated telecom as a process of its own, for benchmarks and comparisons:
 * `node process.ts --port 0 --system-id ID --password P --dials '{"receiptMs":200}' --keep-phones 0`. Prints
 * `ready PORT`; then a line of JSON with its counters for each line on its standard input, and ends when that ends.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Dials } from './dials.ts';
import { createTelecom } from './telecom.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    name: { type: 'string', default: '海東電信' },
    seed: { type: 'string', default: '1' },
    'system-id': { type: 'string' },
    password: { type: 'string', default: '' },
    dials: { type: 'string', default: '{}' },
    'keep-phones': { type: 'string', default: '10000' },
    'no-duplicates': { type: 'boolean', default: false },
  },
});

const telecom = await createTelecom({
  name: values.name,
  port: Number(values.port),
  seed: Number(values.seed),
  dials: JSON.parse(values.dials) as Partial<Dials>,
  ...(values['system-id'] === undefined ? {} : { accounts: { [values['system-id']]: values.password } }),
  phones: Number(values['keep-phones']),
  tellsDuplicates: !values['no-duplicates'],
});

process.stdout.write(`ready ${telecom.port}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('{')) telecom.turn(JSON.parse(line) as Partial<Dials>);
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  const waitingReceipts = telecom.waitingReceipts;
  process.stdout.write(`${JSON.stringify({ ...telecom.counters, waitingReceipts, cpuSeconds })}\n`);
}
await telecom.close();
