import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from './errors.ts';

/** What may be kept of something thrown: a stable code and a text without personal data. */
export interface Failure {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** False where trying again cannot help: a refusal that the catalogue does not call retryable. */
  readonly retryable: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Describes anything thrown for a person and for a table. The message of an unexpected error is left out, as a driver
 * may quote values in it; its class, its code and the first line of ours on the stack stay.
 */
export function describeFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    return { code: error.code, zh: error.text('zh-TW'), en: error.text('en'), retryable: error.retryable };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const code = (error as { code?: unknown } | null)?.code;
  const what = typeof code === 'string' || typeof code === 'number' ? `${kind} ${code}` : kind;
  const place = error instanceof Error ? placeOf(error) : null;
  const detail = place === null ? what : `${what} (${place})`;
  return {
    code: 'unexpected',
    zh: `未預期的錯誤：${detail}`,
    en: `unexpected error: ${detail}`,
    retryable: true,
  };
}

function placeOf(error: Error): string | null {
  for (const line of error.stack?.split('\n') ?? []) {
    const found = /(?:file:\/\/)?(\/[^():]+\.ts):(\d+)/.exec(line);
    if (found?.[1] !== undefined && found[1].startsWith(root) && !found[1].includes('node_modules')) {
      return `${relative(root, found[1])}:${found[2]}`;
    }
  }
  return null;
}
