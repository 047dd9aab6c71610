import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Keys whose values never reach a log line, at any depth up to three. */
const secret = ['password', 'token', 'secret', 'authorization', 'cookie', 'phone', 'email', 'name', 'address', 'key'];

/** JSON lines on stderr; stdout belongs to what commands answer. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secret.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
