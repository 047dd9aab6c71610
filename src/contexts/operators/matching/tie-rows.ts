/**
 * Ties every row about a firm to its firm: by number and name where both stand there, by number alone, by name alone.
 * Judgements of officers go first; aliases are settled before the rows that use them.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Judgement } from '../judgement.ts';
import type { RulePack } from '../rules/rule-pack.ts';
import { Aliases } from './aliases.ts';
import { identify, type Surroundings } from './identify.ts';
import { KnownFirms } from './known-firms.ts';
import { MatchJudgements } from './match-judgements.ts';
import { readNames, type RegisterFirm, type RegistersLoaded } from './registers.ts';
import type { AliasRow, FirmRow, SourceRows } from './source-rows.ts';
import { tieByNumber } from './tie-by-number.ts';
import { matchedTo, type TiedAlias, tiedToNobody, type TiedRow } from './tied-row.ts';

export interface TiedRows {
  readonly tied: readonly TiedRow[];
  readonly tiedAliases: readonly TiedAlias[];
  readonly firms: ReadonlyMap<string, RegisterFirm>;
  readonly aliases: Aliases;
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
  const rows: FirmRow[] = [
    ...sources.amounts,
    ...sources.registrations,
    ...sources.applications,
    ...sources.measures,
  ];
  const judged = new MatchJudgements(judgements);
  const given = new Aliases(sources.aliases);
  const firms = new KnownFirms(connection, pack, loaded);
  const aliasNumbers = given.all.map((alias) => alias.ubn);
  const rowNumbers = rows.map((row) => row.ubn);
  const companyNames = sources.aliases.map((alias) => (alias.ubn === null ? alias.companyName : null));
  const registered = await readNames(
    connection,
    rowNumbers.filter((ubn) => ubn !== null),
  );
  const unconfirmed = rows.filter(
    (row) => row.name !== null && (row.ubn === null || registered.get(row.ubn)?.has(row.name) !== true),
  );
  const names = [...companyNames, ...unconfirmed.map((row) => row.name)].filter((name) => name !== null);
  await firms.learnWithBearers([...itemFirms, ...rowNumbers, ...aliasNumbers], judged.numbers, names);

  const settings = {
    firms,
    similarName: pack.matching.similarName,
    similarNameMargin: pack.matching.similarNameMargin,
  };
  const concernedNumbers = new Set(
    [...itemFirms, ...rowNumbers, ...aliasNumbers].filter((ubn) => ubn !== null),
  );
  const aliasSurroundings = {
    ...settings,
    aliases: new Aliases([]),
    concerned: concernedNumbers,
    withSigns: new Set<string>(),
  };
  await learnUnsure(companyNames, aliasSurroundings, firms);
  const tiedAliases = sources.aliases.map((alias) => tieAlias(alias, aliasSurroundings));
  const sites = [...sources.traffic, ...sources.shops];
  const aliases = new Aliases(
    tiedAliases.map(({ row, ubn }) => ({ ...row, ubn })),
    sites,
  );

  const numbered = new Map(rows.map((row) => [row, tieNumbered(row, judged, { firms, aliases, pack })]));
  const withSigns = numbersWithSigns(numbered.values(), aliases);
  const concerned = new Set([...itemFirms, ...withSigns]);
  const around = { ...settings, aliases, concerned, withSigns };
  const open = [...numbered].filter(([, tie]) => tie === null || tie.outcome === 'conflict');
  await learnUnsure(
    open.map(([row]) => row.name),
    around,
    firms,
  );
  const tied = [...numbered].map(([row, tie]) => settle(row, tie, judged, around));
  return { tied, tiedAliases, firms: firms.all, aliases };
}

/** Names that no sure tier answers: firms with one slip in the name join those that are known. */
async function learnUnsure(
  names: readonly (string | null)[],
  around: Surroundings,
  firms: KnownFirms,
): Promise<void> {
  const unsure = new Set<string>();
  for (const name of new Set(names)) {
    if (name === null) continue;
    const found = identify(name, around);
    const tier =
      found.outcome === 'matched'
        ? found.explanation.tier
        : found.outcome === 'ambiguous'
          ? found.tier
          : null;
    if (tier === null || tier === 'similar-name') unsure.add(name);
  }
  await firms.learnNearBearers(unsure);
}

/** An alias with a number is that firm's; one with a company's name is looked up; a bare brand is nobody's. */
function tieAlias(alias: AliasRow, around: Surroundings): TiedAlias {
  if (alias.ubn !== null || alias.companyName === null) {
    const outcome = alias.ubn === null ? 'not-found' : 'matched';
    return {
      row: alias,
      outcome,
      ubn: alias.ubn,
      explanation: null,
      candidates: [],
      pointsTo: null,
      judgement: null,
    };
  }
  const found = identify(alias.companyName, around);
  if (found.outcome !== 'matched') return tiedToNobody(alias, found.outcome, found.candidates);
  const { ubn, explanation, candidates } = found;
  return { row: alias, outcome: 'matched', ubn, explanation, candidates, pointsTo: null, judgement: null };
}

/** What the number of a row says; null where it carries none, or an officer said that it is another's. */
function tieNumbered(
  row: FirmRow,
  judged: MatchJudgements,
  numbers: Parameters<typeof tieByNumber>[2],
): TiedRow | null {
  const same = judged.same(row);
  if (same !== undefined) {
    const features = { verdict: 'same', by: same.by ?? null };
    return { ...matchedTo(row, same.ubn, 'judgement', 1, features), judgement: same };
  }
  if (row.ubn === null || judged.excluded(row).has(row.ubn)) return null;
  return tieByNumber(row, row.ubn, numbers);
}

/** Firms with a row of their own in a closed source, a registration or an application, or behind a known brand. */
function numbersWithSigns(ties: Iterable<TiedRow | null>, aliases: Aliases): Set<string> {
  const withSigns = new Set<string>();
  for (const tie of ties) {
    const isSign = tie?.outcome === 'matched' && tie.row.source !== 'hardening_measure';
    if (isSign && tie.ubn !== null) withSigns.add(tie.ubn);
  }
  for (const alias of aliases.all) if (alias.ubn !== null) withSigns.add(alias.ubn);
  return withSigns;
}

function settle(row: FirmRow, tie: TiedRow | null, judged: MatchJudgements, around: Surroundings): TiedRow {
  if (tie !== null && tie.outcome !== 'conflict') return tie;
  if (row.name === null) return tie ?? tiedToNobody(row, 'not-found', []);
  const rejected = 'ubnRejected' in row ? row.ubnRejected : null;
  const found = identify(row.name, around, rejected, judged.excluded(row));
  if (tie !== null) {
    const meant =
      found.outcome === 'matched' && found.ubn !== tie.ubn ? (around.firms.get(found.ubn) ?? null) : null;
    return { ...tie, pointsTo: tie.pointsTo ?? meant, candidates: found.candidates };
  }
  const unsure = judged.unsure(row);
  if (unsure !== undefined) return tiedToNobody(row, 'unsure', found.candidates, unsure);
  if (found.outcome !== 'matched') return tiedToNobody(row, found.outcome, found.candidates);
  const { ubn, explanation, candidates } = found;
  return { row, outcome: 'matched', ubn, explanation, candidates, pointsTo: null, judgement: null };
}
