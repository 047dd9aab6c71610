import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { openPromise as openZip } from 'yauzl';
import { filesErrors } from './errors.ts';

/** The kinds of file that can be handed in, with the media type they are sent back with. */
export const fileKinds = {
  pdf: { type: 'application/pdf', extensions: ['.pdf'] },
  png: { type: 'image/png', extensions: ['.png'] },
  jpeg: { type: 'image/jpeg', extensions: ['.jpg', '.jpeg'] },
  csv: { type: 'text/csv', extensions: ['.csv'] },
  text: { type: 'text/plain', extensions: ['.txt'] },
  json: { type: 'application/json', extensions: ['.json'] },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extensions: ['.xlsx'] },
  docx: {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extensions: ['.docx'],
  },
  ods: { type: 'application/vnd.oasis.opendocument.spreadsheet', extensions: ['.ods'] },
  odt: { type: 'application/vnd.oasis.opendocument.text', extensions: ['.odt'] },
  zip: { type: 'application/zip', extensions: ['.zip'] },
} as const;
export type FileKind = keyof typeof fileKinds;

const kinds = Object.keys(fileKinds) as FileKind[];
/** Bytes at the head that decide on the kind; of texts also this many at the end. */
const HEAD = 64 * 1024;
/** An archive with more entries is looked at no further. */
const ZIP_ENTRIES = 5000;

/**
 * The kind that a sender means: by media type, or by extension where the type says nothing (`application/octet-stream`,
 * `application/vnd.ms-excel` of a CSV). Throws `files.unknown_type` where it is none of `accept`.
 */
export function declaredKind(type: string, name: string, accept: readonly FileKind[]): FileKind {
  const media = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  const extension = extname(name).toLowerCase();
  const byType = kinds.find((kind) => fileKinds[kind].type === media);
  const byExtension = kinds.find((kind) =>
    (fileKinds[kind].extensions as readonly string[]).includes(extension),
  );
  const kind =
    byType === undefined || (isText(byType) && byExtension !== undefined && isText(byExtension))
      ? byExtension
      : byType;
  if (kind === undefined || !accept.includes(kind)) {
    throw filesErrors.unknown_type({ type: extension || media || '?', accept: accept.join(', ') });
  }
  if (byExtension !== undefined && byExtension !== kind)
    throw filesErrors.type_mismatch({ declared: extension });
  return kind;
}

/** Throws `files.type_mismatch` where the bytes of the file are not of the kind. */
export async function checkContent(path: string, kind: FileKind): Promise<void> {
  const { head, tail } = await readEnds(path);
  const fits = isText(kind) ? looksLikeText(head, tail, kind) : await hasSignature(path, head, kind);
  if (!fits) throw filesErrors.type_mismatch({ declared: kind });
}

function isText(kind: FileKind): boolean {
  return kind === 'csv' || kind === 'text' || kind === 'json';
}

async function readEnds(path: string): Promise<{ head: Buffer; tail: Buffer }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const tail = await file.read(Buffer.alloc(HEAD), 0, HEAD, Math.max(0, size - HEAD));
    return { head: head.buffer.subarray(0, head.bytesRead), tail: tail.buffer.subarray(0, tail.bytesRead) };
  } finally {
    await file.close();
  }
}

async function hasSignature(path: string, head: Buffer, kind: FileKind): Promise<boolean> {
  const starts = (hex: string): boolean => head.subarray(0, hex.length / 2).toString('hex') === hex;
  switch (kind) {
    case 'pdf':
      // Readers allow up to 1,024 bytes before the header.
      return head.subarray(0, 1024 + 5).includes('%PDF-');
    case 'png':
      return starts('89504e470d0a1a0a');
    case 'jpeg':
      return starts('ffd8ff');
    case 'zip':
      return starts('504b0304') || starts('504b0506');
    case 'ods':
    case 'odt': {
      // ODF 1.3 part 2, 3.3: the first entry is `mimetype`, stored, without extra field.
      const mime = `mimetype${fileKinds[kind].type}`;
      return starts('504b0304') && head.subarray(30, 30 + mime.length).toString('latin1') === mime;
    }
    case 'xlsx':
      return starts('504b0304') && (await hasEntries(path, ['[Content_Types].xml', 'xl/workbook.xml']));
    case 'docx':
      return starts('504b0304') && (await hasEntries(path, ['[Content_Types].xml', 'word/document.xml']));
    default:
      return false;
  }
}

/** True where the archive's directory names all of these entries. Nothing is unpacked. */
async function hasEntries(path: string, names: readonly string[]): Promise<boolean> {
  const wanted = new Set(names);
  try {
    const zip = await openZip(path, { lazyEntries: true, autoClose: false });
    try {
      let seen = 0;
      for await (const entry of zip.eachEntry()) {
        wanted.delete(entry.fileName);
        if (wanted.size === 0 || ++seen >= ZIP_ENTRIES) break;
      }
    } finally {
      zip.close();
    }
  } catch {
    return false;
  }
  return wanted.size === 0;
}

/** Text has no zero byte, unless a byte order mark says that it is UTF-16; JSON begins as a JSON text does. */
function looksLikeText(head: Buffer, tail: Buffer, kind: FileKind): boolean {
  const mark = head.subarray(0, 2).toString('hex');
  const wide = mark === 'fffe' || mark === 'feff';
  if (kind === 'json') {
    const start = head
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimStart();
    return !head.includes(0) && !tail.includes(0) && /^(?:[[{"\d-]|true|false|null)/.test(start);
  }
  return wide || (!head.includes(0) && !tail.includes(0));
}
