/** What a checked batch looks like: first rows rendered, bad rows by page. Every look at it is a reading of the vault. */
import type { Caller } from '#platform/access';
import { parseCursor, toCursor } from '#platform/http/cursor';
import { loadSendable } from '../catalogue/versions.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { ListedRow, RenderedRow } from '../recipients/row-checker.ts';
import type { FramePlace } from '../recipients/sealed-file.ts';
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, requireState, type BatchFileRow, type BatchRow } from './batch-row.ts';
import { estimate } from './estimate.ts';
import { readStaged } from './staging.ts';

/** `0912-***-678`, for whoever may not see numbers. */
export const maskNumber = (number9: string): string => `0${number9.slice(0, 3)}-***-${number9.slice(6)}`;
const fullNumber = (number9: string): string => `0${number9}`;

/** Opens a batch's staged files, audited; `messaging.batch_files_gone` once their day is over. */
export async function openFiles(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  requestId: string,
): Promise<{ batch: BatchRow; files: BatchFileRow[]; key: Buffer }> {
  const db = deps.database.of<MessagingTables>('messaging');
  return db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id);
    const keyId = batch.staged_key_id;
    if (keyId === null) throw batchErrors.batch_files_gone();
    const reading = { caller, legalBasis: legalBasis.staged, requestId };
    const key = await deps.staging.readKey(trx, keyId, reading);
    const files = (await filesOf(trx, id)).filter(({ state }) => state === 'read');
    return { batch, files, key };
  });
}

/** Figures, first rows as their recipients will see them, cost, time to the last recipient, advice. */
export async function previewBatch(deps: BatchDeps, caller: Caller, id: string, requestId: string) {
  const db = deps.database.of<MessagingTables>('messaging');
  const { batch, files, key } = await openFiles(deps, caller, id, requestId);
  requireState(batch, '預覽/preview', 'checked', 'sealing', 'sealed', 'approved');
  const maySee = caller.permissions.has('messaging.send');
  const rows: (Omit<RenderedRow, 'number'> & { file: number; number: string })[] = [];
  for (const { number: file } of files) {
    const place = deps.staging.place(id, file, 'preview');
    for (const { content } of readStaged(place, key)) {
      for (const row of JSON.parse(content.toString()) as RenderedRow[]) {
        rows.push({ ...row, file, number: maySee ? fullNumber(row.number) : maskNumber(row.number) });
      }
    }
  }
  const { service } = await loadSendable(db, {
    organisationId: batch.organisation_id,
    space: batch.space,
    templateVersionId: batch.template_version_id,
  });
  const now = deps.clock.now();
  const planned = batch.send_at === null ? now : Temporal.Instant.from(batch.send_at.toISOString());
  const readings = files.flatMap(({ reading }) => (reading === null ? [] : [reading]));
  const parts = addUp(readings.map((reading) => reading.parts));
  const longest = Math.max(0, ...readings.map((reading) => reading.longest));
  const figures = await estimate(db, {
    organisationId: batch.organisation_id,
    space: batch.space,
    parts: batch.part_count,
    partsByTelecom: addUp(readings.map((reading) => reading.telecoms)),
    startAt: Temporal.Instant.compare(planned, now) < 0 ? now : planned,
    validHours: batch.valid_hours,
    hours: { from: service.sendFrom, until: service.sendUntil },
  });
  return {
    ...figures,
    rows: batch.row_count,
    parts: batch.part_count,
    partsOfRows: parts,
    longest,
    advice: adviceOf(parts, figures.exceedsValidity),
    preview: rows.slice(0, 20),
  };
}

function adviceOf(parts: Readonly<Record<string, number>>, exceeds: boolean): { zh: string; en: string }[] {
  const advice: { zh: string; en: string }[] = [];
  const long = Object.entries(parts).reduce((sum, [count, rows]) => sum + (Number(count) > 1 ? rows : 0), 0);
  if (long > 0) {
    advice.push({
      zh: `${long} 列超過 70 字，會拆成兩則以上並分別計費；建議縮短內容或欄位值。`,
      en: `${long} rows are longer than 70 characters and go out, and are charged, as two parts or more; shorten the text or its values.`,
    });
  }
  if (exceeds) {
    advice.push({
      zh: '以目前的電信費率，最後一則會在有效期限之後才送出；請提早開始、延長有效時間或分批。',
      en: 'at the contracted rates the last text would go out after its validity; begin earlier, extend the validity or split the batch.',
    });
  }
  return advice;
}

function addUp(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}

/** Which listed rows: those not sent, those not sent because they came before, those sent that should be looked at. */
export type Listing = 'bad' | 'duplicates' | 'flagged';

export const isListed = (row: ListedRow, which: Listing): boolean =>
  which === 'flagged' ? row.kept : !row.kept && row.isDuplicate === (which === 'duplicates');

/** A page of rows with why, from a place in the sealed list on; digits of numbers masked for whoever may not see them. */
export async function listRows(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  { which, limit = 50, cursor }: { which: Listing; limit?: number; cursor?: string },
  requestId: string,
) {
  const { files, key } = await openFiles(deps, caller, id, requestId);
  const from = parseCursor(cursor, 'integer', 'bigint', 'integer', 'integer');
  const maySee = caller.permissions.has('messaging.send');
  const items: ReturnType<typeof toItem>[] = [];
  for (const file of files) {
    if (from !== null && file.number < from[0]) continue;
    const place = deps.staging.place(id, file.number, 'listed');
    const isFirst = from !== null && file.number === from[0];
    const start: FramePlace | undefined = isFirst ? { offset: from[1], frame: from[2] } : undefined;
    let skip = isFirst ? from[3] : 0;
    for (const frame of readStaged(place, key, start)) {
      const rows = JSON.parse(frame.content.toString()) as ListedRow[];
      for (let at = skip; at < rows.length; at += 1) {
        const row = rows[at] as ListedRow;
        if (!isListed(row, which)) continue;
        if (items.length === limit) {
          const { offset, frame: number } = frame.place;
          return { items, nextCursor: toCursor([file.number, offset, number, at]) };
        }
        items.push(toItem(row, file, maySee));
      }
      skip = 0;
    }
  }
  return { items, nextCursor: null };
}

const masked = (cell: string): string => cell.replaceAll(/[\d０-９](?=(?:\D*[\d０-９]){3})/gu, '*');

function toItem(row: ListedRow, file: BatchFileRow, maySee: boolean) {
  const columns = file.reading?.columns ?? [];
  return {
    file: file.number,
    row: row.row,
    problems: row.problems.map(({ code, column, zh, en }) => ({
      code,
      column: column === null ? null : (columns[column] ?? null),
      value: column === null ? null : shown(row.cells[column] ?? '', maySee),
      zh,
      en,
    })),
  };
}

const shown = (cell: string, maySee: boolean): string => (maySee ? cell : masked(cell)).slice(0, 200);
