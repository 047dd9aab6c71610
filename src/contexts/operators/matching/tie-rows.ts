/**
 * Ties every row about a firm to its firm: by number and name where both stand there, by number alone, by name alone.
 * A number and a name that disagree tie the row to nobody and make a conflict. Judgements of officers go first.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { foldText, parseCompanyName } from '#shared/company-name';
import type { Judgement, MatchJudgement } from '../judgement.ts';
import type { MatchCandidate, MatchExplanation, MatchTier } from '../run-result.ts';
import type { RulePack } from '../rules/rule-pack.ts';
import { Aliases } from './aliases.ts';
import { confirmName } from './confirm-name.ts';
import { identify, type Identification, type Surroundings } from './identify.ts';
import { NameIndex } from './name-index.ts';
import { findEqualCores, findNearCores } from './register-search.ts';
import { readFirms, type RegisterFirm, type RegistersLoaded } from './registers.ts';
import type { FirmRow, SourceRows } from './source-rows.ts';

/** A row and what it was tied to. */
export interface TiedRow {
  readonly row: FirmRow;
  readonly outcome: 'matched' | 'conflict' | 'ambiguous' | 'not-found' | 'unsure';
  /** The firm; on a conflict the firm of the number; null where nobody is identified. */
  readonly ubn: string | null;
  readonly explanation: MatchExplanation | null;
  readonly candidates: readonly MatchCandidate[];
  /** On a conflict, the firm that the name points to. */
  readonly pointsTo: RegisterFirm | null;
  readonly judgement: MatchJudgement | null;
}

export interface TiedRows {
  readonly tied: readonly TiedRow[];
  readonly firms: ReadonlyMap<string, RegisterFirm>;
  readonly aliases: Aliases;
}

interface Run {
  readonly connection: DuckDBConnection;
  readonly pack: RulePack;
  readonly loaded: RegistersLoaded;
  readonly judgements: readonly MatchJudgement[];
  readonly aliases: Aliases;
  readonly itemFirms: readonly string[];
  readonly firms: Map<string, RegisterFirm>;
}

/** Ties all rows. `itemFirms` are the numbers of all firms with the business item. */
export async function tieRows(
  connection: DuckDBConnection,
  sources: SourceRows,
  itemFirms: readonly string[],
  judgements: readonly Judgement[],
  pack: RulePack,
  loaded: RegistersLoaded,
): Promise<TiedRows> {
  const rows: FirmRow[] = [...sources.amounts, ...sources.registrations, ...sources.applications];
  const aliases = new Aliases(sources.aliases);
  const matchJudgements = latest(judgements.filter((judgement) => judgement.kind === 'match'));
  const run: Run = {
    connection,
    pack,
    loaded,
    judgements: matchJudgements,
    aliases,
    itemFirms,
    firms: new Map(),
  };
  const numbers = [
    ...itemFirms,
    ...rows.map((row) => row.ubn),
    ...aliases.all.map((alias) => alias.ubn),
    ...matchJudgements.map((judgement) => judgement.ubn),
  ].filter((ubn) => ubn !== null);
  await learn(run, numbers);
  const heads = rows.map((row) =>
    row.ubn === null ? null : (run.firms.get(row.ubn)?.headOfficeUbn ?? null),
  );
  await learn(
    run,
    heads.filter((ubn) => ubn !== null),
  );
  await learnNames(run, rows);

  const numbered = new Map(rows.map((row) => [row, tieByNumber(row, run)]));
  const around = surroundings(run, [...numbered.values()]);
  const names = [...numbered].filter(
    ([row, tie]) => row.name !== null && (tie === null || tie.outcome === 'conflict'),
  );
  await learnSimilarNames(
    run,
    around,
    names.map(([row]) => row.name!),
  );
  return {
    tied: [...numbered].map(([row, tie]) => settle(row, tie, run, around)),
    firms: run.firms,
    aliases,
  };
}

/** Of several judgements on the same rows and firm the last one stands. */
function latest(judgements: readonly MatchJudgement[]): MatchJudgement[] {
  const last = new Map<string, MatchJudgement>();
  for (const judgement of judgements) {
    const { name, rowUbn, source, ubn } = judgement;
    last.set([foldText(name), rowUbn, source, ubn].join('|'), judgement);
  }
  return [...last.values()];
}

async function learn(run: Run, ubns: readonly string[]): Promise<RegisterFirm[]> {
  const missing = ubns.filter((ubn) => !run.firms.has(ubn));
  if (missing.length === 0) return [];
  const found = await readFirms(run.connection, missing, run.pack, run.loaded);
  for (const [ubn, firm] of found) run.firms.set(ubn, firm);
  return [...found.values()];
}

/** Firms anywhere in the registers with the core of a name that is not already confirmed by its number. */
async function learnNames(run: Run, rows: readonly FirmRow[]): Promise<void> {
  const cores = new Set<string>();
  for (const row of rows) {
    if (row.name === null) continue;
    const parsed = parseCompanyName(row.name);
    const known = row.ubn === null ? undefined : run.firms.get(row.ubn);
    if (known?.names.some((name) => parseCompanyName(name).full === parsed.full) !== true)
      cores.add(parsed.core);
  }
  for (const alias of run.aliases.all) {
    const used = alias.source === 'brand_alias' && alias.ubn === null && alias.companyName !== null;
    if (used) cores.add(parseCompanyName(alias.companyName!).core);
  }
  await learn(run, await findEqualCores(run.connection, cores));
}

/** Ties a row that carries a number: null where it carries none. */
function tieByNumber(row: FirmRow, run: Run): TiedRow | null {
  const judged = judgementOn(row, run.judgements, 'same');
  if (judged !== undefined)
    return {
      ...tied(row, judged.ubn, 'judgement', 1, { verdict: 'same', by: judged.by ?? null }),
      judgement: judged,
    };
  if (row.ubn === null || isDenied(row, run)) return null;
  const firm = run.firms.get(row.ubn);
  if (firm === undefined) return tieUnknownNumber(row, row.ubn, run);
  if (row.name === null)
    return underHeadOffice(tied(row, row.ubn, 'ubn-alone', 0.9, { registerName: firm.name }), run);
  const others = run.aliases.of(row.ubn).flatMap((alias) => [alias.brand, alias.companyName]);
  const brands = [...others, ...headOfficeNames(firm, run)].filter((name) => name !== null);
  const brandTarget = run.aliases.named(row.name).some((alias) => pointsAt(alias.companyName, firm));
  const confirmed = confirmName(
    row.name,
    firm.names,
    brandTarget ? [...brands, row.name] : brands,
    run.pack.matching.nameConfirmation,
  );
  const features = {
    confirmation: confirmed.kind,
    similarity: confirmed.similarity,
    registerName: confirmed.name,
  };
  const elsewhere =
    confirmed.kind === 'slip' || confirmed.kind === 'similar' ? bearerOf(row.name, row.ubn, run) : null;
  if (confirmed.kind === 'different' || elsewhere !== null) {
    return {
      row,
      outcome: 'conflict',
      ubn: row.ubn,
      explanation: { tier: 'ubn-and-name', score: confirmed.similarity, features, runnerUp: null },
      candidates: [],
      pointsTo: elsewhere,
      judgement: null,
    };
  }
  const score = confirmed.kind === 'equal' ? 1 : Math.max(0.9, confirmed.similarity);
  return underHeadOffice(tied(row, row.ubn, 'ubn-and-name', score, features), run);
}

/** An officer said that the row is not the firm whose number it carries. */
function isDenied(row: FirmRow, run: Run): boolean {
  return run.judgements.some(
    (judgement) => judgement.verdict === 'not-same' && judgement.ubn === row.ubn && concerns(judgement, row),
  );
}

function pointsAt(companyName: string | null, firm: RegisterFirm): boolean {
  if (companyName === null) return false;
  const { core } = parseCompanyName(companyName);
  return firm.names.some((name) => parseCompanyName(name).core === core);
}

function headOfficeNames(firm: RegisterFirm, run: Run): string[] {
  const head = firm.headOfficeUbn === null ? undefined : run.firms.get(firm.headOfficeUbn);
  return head === undefined ? [] : [...head.names];
}

/** What a branch does is done by its company: the row counts for the head office where a register knows it. */
function underHeadOffice(tie: TiedRow, run: Run): TiedRow {
  const branch = tie.ubn === null ? undefined : run.firms.get(tie.ubn);
  const head = branch?.headOfficeUbn == null ? undefined : run.firms.get(branch.headOfficeUbn);
  if (branch === undefined || head === undefined || branch.rows.some((row) => row.source !== 'tax_register'))
    return tie;
  return tied(tie.row, head.ubn, 'head-office', tie.explanation?.score ?? 1, {
    branchUbn: branch.ubn,
    branchName: branch.name,
    registerName: head.name,
  });
}

/**
 * A number that no loaded register knows still identifies a firm: the registers may be partial or older. But a
 * complete name that another registered firm bears alone contradicts it.
 */
function tieUnknownNumber(row: FirmRow, ubn: string, run: Run): TiedRow {
  const bearer = row.name === null ? null : bearerOf(row.name, ubn, run);
  const brands = run.aliases.of(ubn).map((alias) => alias.brand);
  if (bearer === null || brands.length > 0)
    return tied(row, ubn, 'ubn-not-in-registers', row.name === null ? 0.6 : 0.8, {});
  const features = { confirmation: 'different', similarity: 0, registerName: null };
  return {
    row,
    outcome: 'conflict',
    ubn,
    explanation: { tier: 'ubn-and-name', score: 0, features, runnerUp: null },
    candidates: [],
    pointsTo: bearer,
    judgement: null,
  };
}

/** The one living company, other than `ubn`, that bears exactly this complete name with its legal form. */
function bearerOf(name: string, ubn: string, run: Run): RegisterFirm | null {
  const parsed = parseCompanyName(name);
  if (parsed.legalForm === null || parsed.kind === 'business') return null;
  const index = nameIndexOf(run);
  const bearers = new Set(
    index
      .withFull(parsed.full)
      .map((entry) => entry.firm)
      .filter((firm) => !firm.gone && firm.ubn !== ubn),
  );
  return bearers.size === 1 ? [...bearers][0]! : null;
}

const indexes = new WeakMap<Run, NameIndex>();
function nameIndexOf(run: Run): NameIndex {
  let index = indexes.get(run);
  if (index === undefined) {
    index = new NameIndex();
    for (const firm of run.firms.values()) index.add(firm, false);
    indexes.set(run, index);
  }
  return index;
}

function surroundings(run: Run, ties: readonly (TiedRow | null)[]): Surroundings {
  const withSigns = new Set<string>();
  for (const tie of ties) if (tie?.outcome === 'matched' && tie.ubn !== null) withSigns.add(tie.ubn);
  for (const alias of run.aliases.all) if (alias.ubn !== null) withSigns.add(alias.ubn);
  const concerned = new Set([...run.itemFirms, ...withSigns]);
  const index = new NameIndex();
  for (const firm of run.firms.values()) index.add(firm, concerned.has(firm.ubn));
  const { similarName, similarNameMargin } = run.pack.matching;
  return {
    index,
    firms: run.firms,
    aliases: run.aliases,
    concerned,
    withSigns,
    similarName,
    similarNameMargin,
  };
}

/** Names that no sure tier answers: firms with one slip in the name join the index. */
async function learnSimilarNames(run: Run, around: Surroundings, names: readonly string[]): Promise<void> {
  const cores = new Set<string>();
  for (const name of names) {
    const found = identify(name, around);
    const isSure =
      found.outcome === 'ambiguous'
        ? found.tier !== 'similar-name'
        : found.outcome === 'matched' && found.explanation.tier !== 'similar-name';
    const { core } = parseCompanyName(name);
    if (!isSure && [...core].length >= 4) cores.add(core);
  }
  const learned = await learn(run, await findNearCores(run.connection, cores));
  for (const firm of learned) around.index.add(firm, true);
}

function settle(row: FirmRow, tie: TiedRow | null, run: Run, around: Surroundings): TiedRow {
  if (tie !== null && tie.outcome !== 'conflict') return tie;
  if (row.name === null)
    return (
      tie ?? {
        row,
        outcome: 'not-found',
        ubn: null,
        explanation: null,
        candidates: [],
        pointsTo: null,
        judgement: null,
      }
    );
  const unsure = judgementOn(row, run.judgements, 'unsure');
  const excluded = new Set(
    run.judgements
      .filter((judgement) => judgement.verdict === 'not-same' && concerns(judgement, row))
      .map((judgement) => judgement.ubn),
  );
  const rejected = 'ubnRejected' in row ? row.ubnRejected : null;
  const found = identify(row.name, around, rejected, excluded);
  if (tie !== null) {
    const pointsTo =
      tie.pointsTo ??
      (found.outcome === 'matched' && found.ubn !== tie.ubn ? (run.firms.get(found.ubn) ?? null) : null);
    return { ...tie, pointsTo, candidates: found.candidates };
  }
  if (unsure !== undefined)
    return {
      row,
      outcome: 'unsure',
      ubn: null,
      explanation: null,
      candidates: found.candidates,
      pointsTo: null,
      judgement: unsure,
    };
  return fromIdentification(row, found);
}

function fromIdentification(row: FirmRow, found: Identification): TiedRow {
  const { outcome, candidates } = found;
  const matched = found.outcome === 'matched' ? found : null;
  return {
    row,
    outcome,
    ubn: matched?.ubn ?? null,
    explanation: matched?.explanation ?? null,
    candidates,
    pointsTo: null,
    judgement: null,
  };
}

function tied(
  row: FirmRow,
  ubn: string,
  tier: MatchTier,
  score: number,
  features: MatchExplanation['features'],
): TiedRow {
  return {
    row,
    outcome: 'matched',
    ubn,
    explanation: { tier, score, features: { givenName: row.name, ...features }, runnerUp: null },
    candidates: [],
    pointsTo: null,
    judgement: null,
  };
}

function judgementOn(
  row: FirmRow,
  judgements: readonly MatchJudgement[],
  verdict: MatchJudgement['verdict'],
): MatchJudgement | undefined {
  return judgements.findLast((judgement) => judgement.verdict === verdict && concerns(judgement, row));
}

/** Does the judgement speak of this row? By its name, and by source and number where the judgement names them. */
function concerns(judgement: MatchJudgement, row: FirmRow): boolean {
  if (row.name === null || foldText(judgement.name) !== foldText(row.name)) return false;
  if (judgement.source !== undefined && judgement.source !== row.source) return false;
  return judgement.rowUbn === undefined || judgement.rowUbn === row.ubn;
}
