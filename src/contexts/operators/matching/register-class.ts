/**
 * Sorts the words of the registers (核准設立, 歇業／撤銷 …) into classes, by the vocabulary of the rule pack, and settles
 * what a firm is where several rows of it disagree. Words the pack does not know are `unknown`, never gone.
 */
import type { RegisterClass } from '../run-result.ts';
import type { RulePack } from '../rules/rule-pack.ts';

/** A register's row of one firm, as far as its class is concerned. */
export interface RegisterRow {
  readonly source: 'company_by_item' | 'company' | 'business_by_item' | 'tax_register';
  readonly file: string;
  readonly row: number;
  readonly name: string;
  readonly address: string | null;
  readonly status: string | null;
  readonly producedOn: string | null;
  readonly hasItem: boolean;
  readonly hasCatchAll: boolean;
  readonly headOfficeUbn: string | null;
  readonly organisationKind: string | null;
}

const fold = (status: string): string =>
  status.normalize('NFKC').replaceAll(/\s+/gu, '').replaceAll('，', ',').replaceAll('／', '/');

/** A function that tells the class of a status under a pack. */
export function statusClassifier(
  pack: Pick<RulePack, 'statusClasses' | 'gonePrefixes'>,
): (status: string) => RegisterClass {
  const classes = new Map<string, RegisterClass>();
  for (const [name, statuses] of Object.entries(pack.statusClasses)) {
    for (const status of statuses) classes.set(fold(status), name as RegisterClass);
  }
  const prefixes = pack.gonePrefixes.map(fold);
  // Of ten thousand rows hardly thirty differ.
  const known = new Map<string, RegisterClass>();
  return (status) => {
    const seen = known.get(status);
    if (seen !== undefined) return seen;
    const folded = fold(status);
    const found =
      classes.get(folded) ?? (prefixes.some((prefix) => folded.startsWith(prefix)) ? 'gone' : 'unknown');
    known.set(status, found);
    return found;
  };
}

/** A firm that moved has a row per county: the living one tells what it is. */
const liveliest: readonly RegisterClass[] = [
  'in-being',
  'foreign-branch',
  'suspended',
  'ordered-dissolved',
  'closing',
  'unknown',
  'gone',
  'moved',
];

/**
 * The row that tells what the firm is. Company rows: the newest edition; on the same day the liveliest class.
 * Business rows: the liveliest class, so that 遷他縣市 gives way to the row of the new county. Company rows go before
 * business rows only if they are as lively; the tax register (active taxpayers, no status) comes last.
 */
export function decidingRow(
  rows: readonly RegisterRow[],
  classify: (status: string) => RegisterClass,
): { readonly row: RegisterRow; readonly class: RegisterClass } | null {
  const told = rows
    .filter((row) => row.status !== null)
    .map((row) => ({ row, class: classify(row.status!) }));
  const companies = told.filter(({ row }) => row.source !== 'business_by_item');
  const newest = companies.reduce(
    (date, { row }) => ((row.producedOn ?? '') > date ? row.producedOn! : date),
    '',
  );
  const current = told.filter(
    ({ row }) => row.source === 'business_by_item' || (row.producedOn ?? '') === newest,
  );
  const [first] = current.toSorted((a, b) => liveliest.indexOf(a.class) - liveliest.indexOf(b.class));
  if (first !== undefined) return first;
  const tax = rows.find((row) => row.source === 'tax_register');
  return tax === undefined ? null : { row: tax, class: 'tax-only' };
}
