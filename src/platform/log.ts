import { pino, stdSerializers, type Logger } from 'pino';

export type Log = Logger;

/** Keys whose values never reach a log line, at any depth up to three. */
const secret = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'phone',
  'email',
  'name',
  'address',
  'key',
];

/** JSON lines on stderr; stdout belongs to what commands answer. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError, error: describeError },
      redact: { paths: secret.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/**
 * An error for a log line. The database quotes the values it refuses (`Key (email)=(…) already exists`), so of its errors,
 * and of those caused by one, only code, place and the text without quotations stay.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const source = databaseErrorIn(error);
  if (source === null) return stdSerializers.err(error);
  const { code, schema, table, column, constraint, routine } = source;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const message = error.message.replace(/"[^]*"/, '"…"').replace(/\([^]*\)/, '(…)');
  return {
    type: error.name,
    message,
    code,
    schema,
    table,
    column,
    constraint,
    routine,
    stack: frames.join('\n'),
  };
}

type DatabaseError = Error &
  Record<'code' | 'schema' | 'table' | 'column' | 'constraint' | 'routine', unknown>;

function databaseErrorIn(error: unknown, depth = 0): DatabaseError | null {
  if (!(error instanceof Error) || depth > 5) return null;
  if ('severity' in error && 'routine' in error) return error as unknown as DatabaseError;
  return databaseErrorIn(error.cause, depth + 1);
}
