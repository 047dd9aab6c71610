/**
 * The simulated telecom that notes when texts to numbers of one prefix came: `node watched-telecom-process.ts 0970`. Prints
 * `ready PORT`; a line on its standard input is answered with what was noted since the last: number and CLOCK_MONOTONIC in
 * milliseconds.
 */
import { createInterface } from 'node:readline';
import { createTelecom } from '../../src/contexts/messaging/simulator/telecom.ts';

const [prefix] = process.argv.slice(2) as [string];
const telecom = await createTelecom({
  name: '海東電信',
  port: 0,
  seed: 1,
  dials: { receiptMs: 200 },
  phones: 0,
  tellsDuplicates: false,
});
let noted: [number: string, at: number][] = [];
telecom.onText(({ number }) => {
  if (number.startsWith(prefix)) noted.push([number, Number(process.hrtime.bigint()) / 1e6]);
});
process.stdout.write(`ready ${telecom.port}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const answer = line === 'noted' ? noted : telecom.counters;
  if (line === 'noted') noted = [];
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await telecom.close();
