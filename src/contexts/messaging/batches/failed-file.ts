/** Failed recipients with their numbers, for whoever may see them, until they are erased. */
import { sql } from 'kysely';
import type { Readable } from 'node:stream';
import type { Caller } from '#platform/access';
import { decodeChunk } from '../chunk.ts';
import { causeWords } from '../dispatch/status-cause.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { requireBatch } from './batch-row.ts';
import { rowsFile, type RowsFormat } from './rows-file.ts';

/** Rows of one file at most; a failure of more is a matter for the report. */
const MOST_ROWS = 200_000;
const PAGE = 100;

interface FailedChunk {
  readonly id: number;
  readonly vault_id: string;
  readonly rows: number[];
  readonly states: string[];
  readonly causes: (string | null)[];
}

/** Throws `vault.not_found` once the batch's contents were erased. Each page is an audited reading. */
export async function failedFile(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  format: RowsFormat,
  requestId: string,
): Promise<Readable> {
  const db = deps.database.of<MessagingTables>('messaging');
  await requireBatch(db, caller, id);
  const lines: string[][] = [];
  let names: string[] = [];
  for (let after = 0; lines.length < MOST_ROWS;) {
    const chunks = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<FailedChunk>`
        select chunk.id, chunk.vault_id, array_agg(o.row::integer order by o.row) as rows,
          array_agg(o.state order by o.row) as states, array_agg(o.cause order by o.row) as causes
        from messaging.chunk join messaging.outcome o on o.chunk_id = chunk.id
        where chunk.batch_id = ${id} and chunk.id > ${after}
          and o.state in ('undelivered', 'expired', 'rejected', 'unknown')
          and not exists (select from messaging.chunk again
            where again.retry_of = chunk.id and o.row = any (again.retry_rows))
        group by chunk.id, chunk.vault_id order by chunk.id limit ${PAGE}`.execute(trx);
      const values = await deps.vault.readMany(
        trx,
        rows.map((row) => row.vault_id),
        { caller, legalBasis: legalBasis.failed, requestId },
      );
      return rows.map((row) => ({ ...row, content: decodeChunk(values.get(row.vault_id) as string) }));
    });
    for (const { rows, states, causes, content } of chunks) {
      names = Object.keys(content.fields);
      rows.forEach((row, place) => {
        const cause = causes[place] ?? '';
        lines.push([
          `0${content.numbers[row]}`,
          ...names.map((name) => content.fields[name]?.[row] ?? ''),
          states[place] ?? '',
          cause === '' ? '' : causeWords(cause).zh,
        ]);
      });
    }
    if (chunks.length < PAGE) break;
    after = chunks.at(-1)!.id;
  }
  return rowsFile([['手機', ...names, '結果', '原因'], ...lines.slice(0, MOST_ROWS)], format);
}
