/**
 * What a reconciliation run hands out. Everything in it is plain data in a stable order, so that the same sources,
 * as-of day, rule pack and judgements give the same bytes in the server and in the command line.
 */
import type { SourceKind } from './sources/source-tables.ts';

/** Does the firm carry on third-party payment? `unclear`: activity that no living, identified firm answers for. */
export type OperatingStatus = 'operating' | 'not-operating' | 'unclear';

/** Where a value comes from: a row of a source, a judgement of an officer, or the alias list that ships with the rules. */
export type EvidenceSource = SourceKind | 'judgement' | 'brand-alias-list';

export type EvidenceValue = string | number | boolean | null;

/** One row that proves something: the file as given, its 1-based row, and the cells that matter. */
export interface EvidenceRow {
  readonly file: string;
  readonly row: number;
  readonly source: EvidenceSource;
  readonly values: Readonly<Record<string, EvidenceValue>>;
}

/** A reason in words for people (`zh`, `en`), a code for programs, and the rows behind it. */
export interface Reason {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly evidence: readonly EvidenceRow[];
}

/** The status of a firm in the registers, told in classes; the vocabulary that sorts them stands in the rule pack. */
export type RegisterClass =
  | 'in-being'
  | 'foreign-branch'
  | 'suspended'
  | 'ordered-dissolved'
  | 'closing'
  | 'gone'
  | 'moved'
  | 'unknown'
  | 'tax-only'
  | 'not-in-registers';

/** Does the firm carry the business item? `unknown` where no register that would show it is loaded. */
export type ItemState = 'item' | 'catch-all-only' | 'no-item' | 'unknown';

/** How a row came to its firm. `score` is 0..1; `features` are the numbers and facts the tier looked at. */
export interface MatchExplanation {
  readonly tier: MatchTier;
  readonly score: number;
  readonly features: Readonly<Record<string, EvidenceValue>>;
  /** The next best firm, where there was one. */
  readonly runnerUp: { readonly ubn: string | null; readonly name: string; readonly score: number } | null;
}

export type MatchTier =
  | 'ubn-and-name'
  | 'ubn-alone'
  | 'ubn-not-in-registers'
  | 'head-office'
  | 'exact-name'
  | 'exact-core'
  | 'alias'
  | 'abbreviation'
  | 'similar-name'
  | 'judgement';

/** A row without a safe UBN, or with one that needed a second look, and the firm it was tied to. */
export interface Match {
  readonly row: EvidenceRow;
  readonly name: string;
  readonly ubn: string | null;
  readonly outcome: 'matched' | 'conflict' | 'ambiguous' | 'not-found' | 'unsure';
  readonly explanation: MatchExplanation | null;
  readonly candidates: readonly MatchCandidate[];
}

export interface MatchCandidate {
  readonly ubn: string;
  readonly name: string;
  readonly gone: boolean;
  readonly score: number;
  readonly address: string | null;
}

/** A candidate for third-party payment. `ubn` is null where no firm could be identified; `name` is then as given. */
export interface Operator {
  readonly ubn: string | null;
  readonly name: string;
  readonly status: OperatingStatus;
  readonly reasons: readonly Reason[];
  readonly registerClass: RegisterClass;
  /** The status as the register words it; null where no register knows the firm. */
  readonly registerStatus: string | null;
  readonly item: ItemState;
  readonly address: string | null;
  /** Largest balance and sales (NT$) of the latest year on file of each source. */
  readonly balance: number | null;
  readonly sales: number | null;
  /** Certificate in force at the as-of day, applied for, or neither. */
  readonly registration: 'in-force' | 'lapsed' | 'revoked' | 'applied' | 'none';
  /** The funnel steps whose list this operator stands on. */
  readonly steps: readonly string[];
}

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** One part of a score: points out of the weight the pack gives it, and why. */
export interface ScorePart {
  readonly part: 'size' | 'repetition' | 'traffic' | 'age';
  readonly points: number;
  readonly weight: number;
  readonly zh: string;
  readonly en: string;
}

export interface LawBasis {
  readonly law: string;
  readonly article: string;
  readonly text: string;
}

/** A rule that holds for a firm or shop. */
export interface Finding {
  readonly rule: string;
  readonly ubn: string | null;
  readonly name: string;
  readonly severity: Severity;
  /** 0..100, the sum of `scoreParts`. */
  readonly score: number;
  readonly scoreParts: readonly ScorePart[];
  readonly zh: string;
  readonly en: string;
  /** What the rule looked at, in numbers and words: class, quarters, amounts … */
  readonly facts: Readonly<Record<string, EvidenceValue | readonly EvidenceValue[]>>;
  readonly evidence: readonly EvidenceRow[];
  readonly law: readonly LawBasis[];
}

/** One step of the funnel. `of` names the step whose list this one is a part of. */
export interface FunnelStep {
  readonly step: string;
  readonly count: number;
  readonly zh: string;
  readonly en: string;
  readonly of: string | null;
  /** What the count opens: operators carrying this step, findings of a rule, or the files read. */
  readonly opens: { readonly list: 'operators' | 'findings' | 'sources'; readonly key: string } | null;
  readonly parts: readonly { readonly part: string; readonly count: number }[];
}

/** A file of the run, as `source_file` keeps it. */
export interface RunSource {
  readonly file: string;
  readonly kind: SourceKind | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly dataDate: string | null;
  readonly goodRows: number;
  readonly rejectedRows: number;
  /** True where a newer file of the same register stands beside it, so that its rows were left out. */
  readonly superseded: boolean;
  readonly problem: { readonly code: string; readonly zh: string; readonly en: string } | null;
}

/** A high-risk shop as the run sees it: its quarters, its measures and the firm behind it, if known. */
export interface Shop {
  readonly ubn: string | null;
  readonly name: string;
  readonly names: readonly string[];
  readonly domain: string | null;
  readonly quarters: readonly string[];
  readonly measures: readonly string[];
  readonly monthlyVisits: number | null;
}

/** Everything a run found. */
export interface RunResult {
  readonly asOf: string;
  readonly pack: { readonly id: string; readonly validFrom: string; readonly validTo: string | null };
  readonly sources: readonly RunSource[];
  readonly funnel: readonly FunnelStep[];
  readonly operators: readonly Operator[];
  readonly shops: readonly Shop[];
  readonly matches: readonly Match[];
  readonly findings: readonly Finding[];
}
