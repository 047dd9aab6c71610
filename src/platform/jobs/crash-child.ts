/** A process that runs jobs and never ends by itself, to be killed by jobs.test.ts. argv: database address. */
import { systemClock } from '../clock.ts';
import { connect } from '../database.ts';
import { createLog } from '../log.ts';
import { createJobs } from './jobs.ts';

const jobs = createJobs({
  database: connect(process.argv[2] ?? '', 6),
  log: createLog('silent'),
  clock: systemClock,
  pollMs: 50,
});
jobs.define('count', {
  title: { zh: '計數', en: 'Count' },
  maxAttempts: 2,
  async run({ progress }) {
    await progress(1, 10);
    process.stdout.write('under way\n');
    await new Promise((resolve) => setTimeout(resolve, 600_000));
    return undefined;
  },
});
await jobs.start();
