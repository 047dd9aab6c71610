/**
 * A candidate for third-party payment: a firm with the business item, a firm that a source names, or a name that could
 * not be tied to a firm. It gathers what is known as of a day; `operating.ts` decides, the rules read.
 */
import { parseCompanyName } from '#shared/company-name';
import type { Judgement, OperatingJudgement } from './judgement.ts';
import type { RegisterFirm } from './matching/registers.ts';
import {
  type AmountRow,
  type ApplicationRow,
  isAmount,
  type RegistrationRow,
} from './matching/source-rows.ts';
import type { TiedRows } from './matching/tie-rows.ts';
import type { TiedRow } from './matching/tied-row.ts';
import type { Operator } from './run-result.ts';

export interface Candidate {
  readonly ubn: string | null;
  readonly name: string;
  /** Null where no loaded register knows the number, or nobody is identified. */
  readonly firm: RegisterFirm | null;
  readonly ties: readonly TiedRow[];
  /** Rows with this firm's number and another firm's name. */
  readonly disputed: readonly TiedRow[];
  readonly amounts: readonly AmountRow[];
  readonly registrations: readonly RegistrationRow[];
  readonly applications: readonly ApplicationRow[];
  readonly judgement: OperatingJudgement | null;
}

/** The latest year on file of each source whose 31 December lies before the as-of day; null where there is none. */
export interface LatestYears {
  readonly fsc_reply: number | null;
  readonly tax_sales: number | null;
}

export function latestYears(amounts: readonly AmountRow[], asOf: Temporal.PlainDate): LatestYears {
  const latest = (source: AmountRow['source']): number | null => {
    const years = amounts
      .filter((row) => row.source === source && row.year < asOf.year)
      .map((row) => row.year);
    return years.length === 0 ? null : years.reduce((a, b) => Math.max(a, b));
  };
  return { fsc_reply: latest('fsc_reply'), tax_sales: latest('tax_sales') };
}

/** All candidates, by number, then the unidentified ones by name. */
export function gatherCandidates(
  tied: TiedRows,
  itemFirms: readonly string[],
  judgements: readonly Judgement[],
  asOf: Temporal.PlainDate,
): Candidate[] {
  const numbered = new Map<string, { ties: TiedRow[]; disputed: TiedRow[] }>();
  const place = (ubn: string): { ties: TiedRow[]; disputed: TiedRow[] } => {
    const known = numbered.get(ubn) ?? { ties: [], disputed: [] };
    numbered.set(ubn, known);
    return known;
  };
  const unidentified = new Map<string, TiedRow[]>();
  for (const ubn of itemFirms) place(ubn);
  const operating = judgements.filter((judgement) => judgement.kind === 'operating');
  for (const judgement of operating) place(judgement.ubn);
  for (const tie of tied.tied) {
    if (tie.row.source === 'hardening_measure') continue;
    if (tie.ubn === null) {
      const key = parseCompanyName(nameGiven(tie)).full;
      unidentified.set(key, [...(unidentified.get(key) ?? []), tie]);
    } else if (tie.outcome === 'conflict') {
      // A year that has not ended by the day was not on file then.
      const onFile = !isAmount(tie.row) || tie.row.year < asOf.year;
      if (onFile) place(tie.ubn).disputed.push(tie);
    } else place(tie.ubn).ties.push(tie);
  }
  const known = [...numbered]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([ubn, rows]) => {
      const firm = tied.firms.get(ubn) ?? null;
      const judgement = operating.findLast((one) => one.ubn === ubn) ?? null;
      const name = firm?.name ?? nameOfUnknown(ubn, rows.ties, rows.disputed, tied);
      return candidate(ubn, name, firm, rows.ties, rows.disputed, judgement);
    });
  const nameless = [...unidentified].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return [
    ...known,
    ...nameless.map(([, ties]) => candidate(null, nameGiven(ties[0]!), null, ties, [], null)),
  ];
}

function nameGiven(tie: TiedRow): string {
  const rejected = 'ubnRejected' in tie.row ? tie.row.ubnRejected : null;
  return tie.row.name ?? rejected ?? '';
}

function nameOfUnknown(
  ubn: string,
  ties: readonly TiedRow[],
  disputed: readonly TiedRow[],
  tied: TiedRows,
): string {
  const named = [...ties, ...disputed].find((tie) => tie.row.name !== null);
  return named?.row.name ?? tied.aliases.of(ubn)[0]?.companyName ?? tied.aliases.of(ubn)[0]?.brand ?? ubn;
}

function candidate(
  ubn: string | null,
  name: string,
  firm: RegisterFirm | null,
  ties: readonly TiedRow[],
  disputed: readonly TiedRow[],
  judgement: OperatingJudgement | null,
): Candidate {
  const rows = ties.map((tie) => tie.row);
  return {
    ubn,
    name,
    firm,
    ties,
    disputed,
    amounts: rows.filter(isAmount),
    registrations: rows.filter((row) => row.source === 'capability_registration'),
    applications: rows.filter((row) => row.source === 'capability_application'),
    judgement,
  };
}

/**
 * The amount of a source in a year: the largest of its rows, never their sum, so that a repeated or corrected row pushes
 * nobody over a threshold.
 */
export function amountOf(
  rows: readonly AmountRow[],
  source: AmountRow['source'],
  year: number | null,
): number | null {
  const amounts = rows.filter((row) => row.source === source && row.year === year).map((row) => row.amount);
  return amounts.length === 0 ? null : amounts.reduce((a, b) => Math.max(a, b));
}

/** Is the certificate in force on the day? A revoked one never is; a lapsed one goes by its dates. */
export function isInForce(
  row: RegistrationRow,
  asOf: Temporal.PlainDate,
  all: readonly RegistrationRow[],
): boolean {
  const day = asOf.toString();
  if (isRevoked(row, all) || (row.registeredOn !== null && row.registeredOn > day)) return false;
  if (row.validUntil === null) return row.block !== 'lapsed';
  return row.validUntil >= day;
}

const isRevoked = (row: RegistrationRow, all: readonly RegistrationRow[]): boolean =>
  row.block === 'revoked' ||
  (row.certificateNo !== null &&
    all.some((other) => other.block === 'revoked' && other.certificateNo === row.certificateNo));

/** Certificates granted on or before the day. */
export function registrationsBy(
  rows: readonly RegistrationRow[],
  asOf: Temporal.PlainDate,
): RegistrationRow[] {
  return rows.filter((row) => row.registeredOn === null || row.registeredOn <= asOf.toString());
}

/** Where the firm stands with its registration on the day. */
export function registrationState(candidate: Candidate, asOf: Temporal.PlainDate): Operator['registration'] {
  const { registrations } = candidate;
  if (registrations.some((row) => isInForce(row, asOf, registrations))) return 'in-force';
  const granted = registrationsBy(registrations, asOf);
  if (granted.length > 0) return granted.every((row) => isRevoked(row, registrations)) ? 'revoked' : 'lapsed';
  return applicationsBy(candidate, asOf).length > 0 ? 'applied' : 'none';
}

/** Applications handed in on or before the day. */
export function applicationsBy(candidate: Candidate, asOf: Temporal.PlainDate): ApplicationRow[] {
  return candidate.applications.filter((row) => row.appliedOn === null || row.appliedOn <= asOf.toString());
}
