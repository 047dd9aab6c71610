import type pg from 'pg';
import type { Bilingual } from '../errors.ts';
import { createChainCheck, type ChainReport } from './chain.ts';
import { checkNote, parseVerifier, type Verifier } from './checkpoint.ts';
import { inSnapshot, readChain } from './read-chain.ts';

/** Minutes after which a record should long have been sealed. */
const LATE_MINUTES = 5;

/**
 * Checks the whole chain in one snapshot. `trusted` are the keys of this installation; where it has none (another
 * machine), the keys that the database itself names are taken, with a warning. `known` is a checkpoint kept outside
 * the database: it proves that nothing was cut off behind it.
 */
export function verifyChain(
  pool: pg.Pool,
  trusted: readonly Verifier[],
  known: string | null = null,
): Promise<ChainReport> {
  return inSnapshot(pool, async (client) => {
    const warnings: Bilingual[] = [];
    const origin = await originOf(client);
    let verifiers = trusted;
    if (trusted.length === 0) {
      verifiers = await signersOf(client);
      if (verifiers.length > 0) warnings.push(untrusted);
    }
    const check = createChainCheck(origin, verifiers);
    const outside = known === null ? null : checkNote(known, verifiers).checkpoint;
    for await (const item of readChain(client)) {
      check.feed(item);
      if (check.broken !== null) return check.report(warnings);
      if (outside !== null && known !== null && item.kind === 'entry' && item.entry.seq === outside.size) {
        check.feed({ kind: 'checkpoint', size: outside.size, note: known });
      }
    }
    if (outside !== null && known !== null && outside.size > check.report().entries) {
      check.feed({ kind: 'checkpoint', size: outside.size, note: known });
    }
    const { rows } = await client.query<{ late: string; uncovered: string }>(
      `select (select count(*) from audit.entry where seq is null and at < now() - make_interval(mins => $1)) as late,
        (select count(*) from audit.entry where seq > coalesce((select max(tree_size) from audit.checkpoint), 0)
          and at < now() - make_interval(mins => $1)) as uncovered`,
      [LATE_MINUTES],
    );
    const late = Number(rows[0]?.late ?? 0);
    const uncovered = Number(rows[0]?.uncovered ?? 0);
    if (late > 0) warnings.push(lateWarning(late));
    if (uncovered > 0) warnings.push(uncoveredWarning(uncovered));
    return check.report(warnings);
  });
}

/** The name of the log of this database. */
export async function originOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ origin: string }>('select origin from audit.log');
  return rows[0]?.origin ?? '';
}

/** The keys that the database says signed its checkpoints. */
export async function signersOf(client: pg.ClientBase): Promise<Verifier[]> {
  const { rows } = await client.query<{ verifier_key: string }>(
    'select verifier_key from audit.signer order by at',
  );
  return rows.map((row) => parseVerifier(row.verifier_key));
}

const untrusted: Bilingual = {
  zh: '沒有金鑰資料夾中的公鑰可比對，簽章僅以資料本身附帶的公鑰驗證',
  en: 'no trusted key at hand: signatures were checked with the keys that come with the data itself',
};

function lateWarning(count: number): Bilingual {
  return {
    zh: `${count} 筆紀錄超過 ${LATE_MINUTES} 分鐘尚未封存，封存作業可能未執行`,
    en: `${count} record(s) older than ${LATE_MINUTES} minutes are not sealed; the sealer may not be running`,
  };
}

function uncoveredWarning(count: number): Bilingual {
  return {
    zh: `${count} 筆已封存紀錄超過 ${LATE_MINUTES} 分鐘尚無簽章檢查點`,
    en: `${count} sealed record(s) older than ${LATE_MINUTES} minutes have no signed checkpoint yet`,
  };
}

/** The warning of a check that had no trusted key. */
export const untrustedWarning = untrusted;
