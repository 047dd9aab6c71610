/**
 * The role `smpp` as a process: `node sender-process.ts FOLDER DATABASE_URL` leases the links and sends. Each line on
 * its standard input wakes it and is answered with the milliseconds and commits so far; it drains when that ends.
 */
import { createInterface } from 'node:readline';
import { connect } from '#platform/database';
import { openRig } from '../../src/contexts/messaging/dispatch/rig.ts';

const [folder, url] = process.argv.slice(2) as [string, string];
const database = connect(url, 16);
const rig = await openRig(database, folder);
const dispatcher = rig.dispatcher();
await dispatcher.start();
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'wake') dispatcher.wake();
  const commits = [...dispatcher.desks.values()].reduce((sum, { runner }) => sum + runner.commits, 0);
  process.stdout.write(`${JSON.stringify({ links: dispatcher.desks.size, commits })}\n`);
}
await dispatcher.stop();
await database.close();
