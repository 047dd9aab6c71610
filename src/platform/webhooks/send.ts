import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AppError } from '../errors.ts';
import { parseEndpointUrl, pinAddress, type GuardOptions } from './address-guard.ts';

/** What came of one attempt. */
export interface SendOutcome {
  readonly ok: boolean;
  readonly status: number | null;
  readonly latencyMs: number;
  /** `timeout`, `redirect`, `status`, `connection_…`, `tls`, or the code of a refusal such as `webhooks.address_refused`. */
  readonly errorCode: string | null;
  readonly excerpt: string | null;
  /** Seconds after which the receiver asks to be tried again. */
  readonly retryAfter: number | null;
}

export interface SendOptions extends GuardOptions {
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const LARGEST_ANSWER = 64 * 1024;
const EXCERPT = 500;

/**
 * Posts a body to an endpoint: resolves the host once, refuses inner addresses, connects to the address it checked,
 * follows no redirect, reads 64 KiB at most, ends after 10 s in all. Never throws.
 */
export async function send(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: SendOptions,
): Promise<SendOutcome> {
  const started = performance.now();
  const outcome = (rest: Partial<SendOutcome>): SendOutcome => ({
    ok: false,
    status: null,
    errorCode: null,
    excerpt: null,
    retryAfter: null,
    ...rest,
    latencyMs: Math.round(performance.now() - started),
  });
  const signal = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  try {
    const url = parseEndpointUrl(address, options);
    // Looking up a name cannot be aborted, so the limit races with everything.
    const late = Promise.withResolvers<never>();
    late.promise.catch(() => {});
    signal.addEventListener('abort', () => late.reject(signal.reason as Error));
    const answer = await Promise.race([post(url, headers, body, signal, options), late.promise]);
    const status = answer.statusCode ?? 0;
    const excerpt = await Promise.race([readExcerpt(answer), late.promise]);
    if (status >= 200 && status < 300) return outcome({ ok: true, status, excerpt });
    const retryAfter = Number.parseInt(answer.headers['retry-after'] ?? '', 10);
    return outcome({
      status,
      excerpt,
      errorCode: status >= 300 && status < 400 ? 'redirect' : 'status',
      retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
    });
  } catch (error) {
    return outcome({ errorCode: signal.aborted ? 'timeout' : codeOf(error) });
  }
}

async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
  options: SendOptions,
): Promise<IncomingMessage> {
  const pinned = await pinAddress(url, options);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
    url,
    {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      agent: false,
      signal,
      maxHeaderSize: 16 * 1024,
      // Whatever the name says by now: the address that was checked is the one connected to.
      lookup: (_host, { all }, callback) => {
        if (all === true)
          (callback as (error: null, found: { address: string; family: number }[]) => void)(null, [
            { ...pinned },
          ]);
        else callback(null, pinned.address, pinned.family);
      },
    },
    resolve,
  );
  request.on('error', reject);
  request.end(body);
  return promise;
}

async function readExcerpt(answer: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= LARGEST_ANSWER) break;
  }
  answer.destroy();
  // PostgreSQL takes no NUL; other control characters have no place on a page.
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .slice(0, EXCERPT)
    .replace(/\p{Cc}/gu, ' ')
    .toWellFormed()
    .trim();
  return text === '' ? null : text;
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  const given = (error as { code?: unknown }).code;
  const code = typeof given === 'string' ? given : '';
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return 'tls';
  return /^E[A-Z]+$/.test(code) ? `connection_${code.slice(1).toLowerCase()}` : 'connection_failed';
}
