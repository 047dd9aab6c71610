import type { Bilingual } from '../errors.ts';
import { checkNote, type Verifier } from './checkpoint.ts';
import { GENESIS, hashEntry, type SealedEntry } from './entry.ts';
import { extendFrontier, frontierRoot, leafHash, type Frontier } from './merkle.ts';

/** A record, or a checkpoint over the first `size` records, in the order of the chain. */
export type ChainItem =
  | { readonly kind: 'entry'; readonly entry: SealedEntry }
  | {
      readonly kind: 'checkpoint';
      readonly size: number;
      readonly note: string;
      readonly frontier?: readonly Buffer[];
    };

/** The first place where the chain does not hold. */
export interface Broken {
  readonly seq: number;
  /** Id of the record, where there is one at that place. */
  readonly id: string | null;
  readonly code:
    | 'changed'
    | 'missing'
    | 'rewritten'
    | 'bad-signature'
    | 'unknown-key'
    | 'malformed'
    | 'other-log';
  readonly reason: Bilingual;
}

/** The outcome of a check. `entries` and `checkpoints` count those that hold, up to the first broken one. */
export interface ChainReport {
  readonly ok: boolean;
  readonly entries: number;
  readonly checkpoints: number;
  readonly firstBroken: Broken | null;
  readonly warnings: readonly Bilingual[];
  /** Hash of the last record that holds, hexadecimal. */
  readonly head: string;
}

const reasons: Readonly<Record<Broken['code'], Bilingual>> = {
  changed: {
    zh: '紀錄的內容、順序或前一筆雜湊與其雜湊值不符（遭更改、插入或調換）',
    en: 'the content, place or predecessor of the record does not match its hash (changed, inserted or moved)',
  },
  missing: { zh: '缺少這一筆紀錄（遭刪除）', en: 'the record is missing (deleted)' },
  rewritten: {
    zh: '自前一個檢查點之後的紀錄遭整段改寫：與已簽章檢查點的雜湊根不符',
    en: 'records since the checkpoint before were rewritten: they do not match the root of the signed checkpoint',
  },
  'bad-signature': { zh: '檢查點的簽章不正確', en: 'the signature of the checkpoint is wrong' },
  'unknown-key': {
    zh: '檢查點由不受信任的金鑰簽章',
    en: 'the checkpoint is signed by a key that is not trusted',
  },
  malformed: { zh: '檢查點格式不正確', en: 'the checkpoint is malformed' },
  'other-log': { zh: '檢查點屬於另一份稽核軌跡', en: 'the checkpoint belongs to another log' },
};

/** Checks a chain as it streams by, in constant memory. Feeding ends when `broken` is no longer null. */
export interface ChainCheck {
  readonly broken: Broken | null;
  feed(item: ChainItem): void;
  report(warnings?: readonly Bilingual[]): ChainReport;
}

/** A check of a chain from its first record. `verifiers` are the keys whose checkpoints count. */
export function createChainCheck(origin: string, verifiers: readonly Verifier[]): ChainCheck {
  let count = 0;
  let checkpoints = 0;
  let previous: Buffer = GENESIS;
  let frontier: Frontier = { size: 0, hashes: [] };
  let checkpointed = 0;
  let broken: Broken | null = null;
  const fail = (code: Broken['code'], seq: number, id: string | null = null): void => {
    broken ??= { seq, id, code, reason: reasons[code] };
  };
  const feedEntry = (entry: SealedEntry): void => {
    if (entry.seq !== count + 1) return fail(entry.seq > count + 1 ? 'missing' : 'changed', count + 1);
    const hash = hashEntry(entry.content, entry.seq, previous);
    if (!hash.equals(entry.hash)) return fail('changed', entry.seq, entry.content.id);
    count++;
    previous = hash;
    frontier = extendFrontier(frontier, [leafHash(hash)]);
  };
  const feedCheckpoint = (size: number, note: string, kept: readonly Buffer[] | undefined): void => {
    if (size > count) return fail('missing', count + 1);
    const { checkpoint, result } = checkNote(note, verifiers);
    if (result !== 'signed') return fail(result, size);
    if (checkpoint.origin !== origin) return fail('other-log', size);
    if (checkpoint.size !== size || size !== count) return fail('malformed', size);
    if (!checkpoint.root.equals(frontierRoot(frontier))) return fail('rewritten', checkpointed + 1);
    if (kept !== undefined && !Buffer.concat(kept).equals(Buffer.concat(frontier.hashes))) {
      return fail('malformed', size);
    }
    checkpoints++;
    checkpointed = size;
  };
  return {
    get broken() {
      return broken;
    },
    feed(item) {
      if (broken !== null) return;
      if (item.kind === 'entry') feedEntry(item.entry);
      else feedCheckpoint(item.size, item.note, item.frontier);
    },
    report: (warnings = []) => ({
      ok: broken === null,
      entries: count,
      checkpoints,
      firstBroken: broken,
      warnings,
      head: previous.toString('hex'),
    }),
  };
}
