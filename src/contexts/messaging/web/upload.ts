import type { RouteSchema } from '#platform/http/contract';
import { addressOf, language, ProblemError } from '#web/index';

/**
 * Sends a file in the field `file` and tells how much has gone (0..1). XMLHttpRequest, because `fetch` tells nothing
 * while it sends. Throws `ProblemError`; an abort rejects with the reason of the signal.
 */
export async function uploadFile(
  route: RouteSchema,
  input: { readonly params: object; readonly query?: object },
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const form = new FormData();
  form.append('file', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(route.method, addressOf(route, input));
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('accept-language', language());
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(loaded / Math.max(1, total)),
    );
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(problemOf(request));
    });
    request.addEventListener('error', () => reject(ProblemError.unreachable(null)));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

function problemOf(request: XMLHttpRequest): ProblemError {
  try {
    return new ProblemError(JSON.parse(request.responseText) as ProblemError['problem']);
  } catch {
    return new ProblemError({
      type: 'about:blank',
      title: '',
      status: request.status,
      detail: '',
      instance: request.getResponseHeader('x-request-id') ?? '',
      code: 'client.unexpected',
    });
  }
}
