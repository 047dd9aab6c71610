import type { AnswerOf } from '#platform/http/contract';
import { language, ProblemError } from '#web/index';
import { routes } from '../contract.ts';

type Import = AnswerOf<typeof routes.createImport>;

/**
 * Sends files and tells how much has gone (0..1). XMLHttpRequest, because `fetch` tells nothing while it sends. Throws
 * `ProblemError`; an abort rejects with the reason of the signal.
 */
export async function uploadFiles(
  files: readonly File[],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Import> {
  const form = new FormData();
  for (const file of files) form.append('files', file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(routes.createImport.method, routes.createImport.url);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('accept-language', language());
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(loaded / Math.max(1, total)),
    );
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Import);
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

/** Files of a system, which no source is: `.DS_Store`, `Thumbs.db`, locks of office programs. */
export function isSourceFile(name: string): boolean {
  return !/^(\.|~\$)|^(Thumbs\.db|desktop\.ini)$/i.test(name);
}

/** Every file that was dropped, those in folders too. */
export async function droppedFiles(items: DataTransferItemList): Promise<File[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  // A reader gives its entries in parts; an empty part is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return found;
    found.push(...(await Promise.all(part.map(filesOf))).flat());
  }
}
