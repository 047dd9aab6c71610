import { Logger } from 'graphile-worker';
import type { Log } from '../log.ts';

/** graphile-worker's own lines; failures of jobs are told by us, so theirs are debug lines without the message. */
export function graphileLogger(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    if (meta?.['failure'] === true || level === 'debug' || level === 'info') return;
    if (level === 'error') log.error({ part: 'graphile-worker' }, message);
    else log.warn({ part: 'graphile-worker' }, message);
  });
}
