import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { createChainCheck, type ChainItem, type ChainReport } from './chain.ts';
import { checkNote, parseVerifier, type Verifier } from './checkpoint.ts';
import type { EntryContent } from './entry.ts';
import { auditErrors } from './errors.ts';
import { inSnapshot, readChain } from './read-chain.ts';
import { originOf, signersOf, untrustedWarning } from './verify.ts';

const FORMAT = 'xinlai-audit-export';
/** Characters after which lines are written out. */
const CHUNK = 256 * 1024;

/**
 * Writes the sealed chain to a file of JSON lines: a header `{format, version, origin, keys}`, then
 * `{seq, hash, entry}` and `{checkpoint}` in order, at the end `{end: {entries}}`. Returns what was written.
 */
export function exportChain(pool: pg.Pool, file: string): Promise<{ entries: number; checkpoints: number }> {
  return inSnapshot(pool, async (client) => {
    const out = await open(file, 'w', 0o600);
    try {
      const keys = (await signersOf(client)).map((verifier) => verifier.text);
      let buffer = `${JSON.stringify({ format: FORMAT, version: 1, origin: await originOf(client), keys })}\n`;
      let entries = 0;
      let checkpoints = 0;
      for await (const item of readChain(client)) {
        if (item.kind === 'entry') entries++;
        else checkpoints++;
        buffer += `${JSON.stringify(toLine(item))}\n`;
        if (buffer.length > CHUNK) {
          await out.write(buffer);
          buffer = '';
        }
      }
      await out.write(`${buffer}${JSON.stringify({ end: { entries } })}\n`);
      await out.sync();
      return { entries, checkpoints };
    } finally {
      await out.close();
    }
  });
}

function toLine(item: ChainItem): object {
  if (item.kind === 'checkpoint') return { checkpoint: item.note };
  return { seq: item.entry.seq, hash: item.entry.hash.toString('hex'), entry: item.entry.content };
}

/** Checks an export without a database. Without `trusted` keys those of the file's header are taken, with a warning. */
export async function verifyFile(file: string, trusted: readonly Verifier[] = []): Promise<ChainReport> {
  const input = createReadStream(file, 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  let check: ReturnType<typeof createChainCheck> | null = null;
  let ended = false;
  try {
    for await (const line of lines) {
      number++;
      const value = parseLine(line, file, number);
      if (check === null) {
        if (value.format !== FORMAT || value.version !== 1 || value.origin === undefined) {
          throw auditErrors.export_unreadable({
            file,
            line: number,
            problem: `not a ${FORMAT} of version 1`,
          });
        }
        const verifiers = trusted.length > 0 ? trusted : (value.keys ?? []).map((key) => parseVerifier(key));
        check = createChainCheck(value.origin, verifiers);
      } else if (value.entry !== undefined && value.seq !== undefined && value.hash !== undefined) {
        const hash = Buffer.from(value.hash, 'hex');
        check.feed({ kind: 'entry', entry: { seq: value.seq, hash, content: value.entry } });
      } else if (value.checkpoint !== undefined) {
        const size = checkNote(value.checkpoint, []).checkpoint?.size ?? check.report().entries;
        check.feed({ kind: 'checkpoint', size, note: value.checkpoint });
      } else if (value.end !== undefined) {
        ended = true;
      } else {
        throw auditErrors.export_unreadable({ file, line: number, problem: 'unknown line' });
      }
      if (check.broken !== null) break;
    }
  } finally {
    lines.close();
    input.destroy();
  }
  if (check === null || (!ended && check.broken === null)) {
    throw auditErrors.export_unreadable({ file, line: number + 1, problem: 'the file ends too early' });
  }
  return check.report(trusted.length > 0 ? [] : [untrustedWarning]);
}

interface Line {
  readonly format?: string;
  readonly version?: number;
  readonly origin?: string;
  readonly keys?: readonly string[];
  readonly seq?: number;
  readonly hash?: string;
  readonly entry?: EntryContent;
  readonly checkpoint?: string;
  readonly end?: { readonly entries: number };
}

function parseLine(line: string, file: string, number: number): Line {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw auditErrors.export_unreadable({ file, line: number, problem: (cause as Error).message }, { cause });
  }
  throw auditErrors.export_unreadable({ file, line: number, problem: 'not a JSON object' });
}
