/** Sources written by hand in a test: a few rows a kind, run through the engine without any file. */
import type { Judgement } from './judgement.ts';
import { reconcile } from './engine.ts';
import { packInForce, type RulePack } from './rules/rule-pack.ts';
import type { Finding, Operator, RunResult } from './run-result.ts';
import { createSourceTables, type SourceKind } from './sources/source-tables.ts';
import { openWorkbench } from './workbench.ts';

type Cell = string | number | boolean | null | readonly string[];
type Row = Readonly<Record<string, Cell>>;

/** Rows by kind; a kind becomes one file named after it. Left-out columns are null or the default below. */
export type HandMade = { readonly [kind in SourceKind]?: readonly Row[] | undefined };

const defaults: Partial<Record<SourceKind, Row>> = {
  company_by_item: { status: '核准設立', produced_on: '2023-11-01' },
  company: { status: '核准設立', produced_on: '2023-11-01', items: ['F399040'] },
  business_by_item: { status: '核准設立' },
  capability_registration: { block: 'in-force', extended: false },
};

const literal = (cell: Cell): string => {
  if (cell === null) return 'null';
  if (typeof cell === 'object') return `[${cell.map(literal).join(', ')}]`;
  return typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell);
};

interface RunOptions {
  readonly asOf?: string;
  readonly judgements?: readonly Judgement[];
  readonly pack?: RulePack;
  /** Data dates by kind. */
  readonly dates?: Partial<Record<SourceKind, string>>;
}

/** Runs the engine over the rows. */
export async function runOver(sources: HandMade, options: RunOptions = {}): Promise<RunResult> {
  await using bench = await openWorkbench({ memory: '256MB' });
  await bench.connection.run(createSourceTables());
  let fileId = 0;
  for (const [kind, rows] of Object.entries(sources) as [SourceKind, readonly Row[] | undefined][]) {
    if (rows === undefined) continue;
    fileId += 1;
    const date = options.dates?.[kind];
    await bench.connection.run(
      `insert into source_file (file_id, name, kind, sha256, bytes, data_date, good_rows, rejected_rows)
       values (${fileId}, '${kind}.csv', '${kind}', '', 0, ${literal(date ?? null)}, ${rows.length}, 0)`,
    );
    for (const [index, given] of rows.entries()) {
      const row: Row = { file_id: fileId, row_number: index + 2, ...defaults[kind], ...given };
      const values = Object.values(row).map(literal).join(', ');
      await bench.connection.run(
        `insert into src_${kind} (${Object.keys(row).join(', ')}) values (${values})`,
      );
    }
  }
  const asOf = Temporal.PlainDate.from(options.asOf ?? '2023-11-30');
  return await reconcile({
    connection: bench.connection,
    asOf,
    judgements: options.judgements ?? [],
    pack: options.pack ?? packInForce(asOf),
  });
}

/** The operator with this number or, for the unidentified, this name. Throws where there is none. */
export function operatorOf(result: RunResult, ubnOrName: string): Operator {
  const found = result.operators.find(
    (one) => one.ubn === ubnOrName || (one.ubn === null && one.name === ubnOrName),
  );
  if (found === undefined) throw new Error(`no operator ${ubnOrName}`);
  return found;
}

/** The findings of a rule, by number or, without one, by name. */
export function found(result: RunResult, rule: string): string[] {
  return findingsOf(result, rule).map((finding) => finding.ubn ?? finding.name);
}

export const findingsOf = (result: RunResult, rule: string): Finding[] =>
  result.findings.filter((finding) => finding.rule === rule);
