/**
 * Ties a row that carries a number: the name beside it must be one that the number's firm could bear. A number and a
 * name that disagree tie the row to nobody and make a conflict.
 */
import { parseCompanyName } from '#shared/company-name';
import type { RulePack } from '../rules/rule-pack.ts';
import type { Aliases } from './aliases.ts';
import { confirmName } from './confirm-name.ts';
import type { KnownFirms } from './known-firms.ts';
import type { RegisterFirm } from './registers.ts';
import type { FirmRow } from './source-rows.ts';
import { conflicting, matchedTo, type TiedRow } from './tied-row.ts';

export interface Numbers {
  readonly firms: KnownFirms;
  readonly aliases: Aliases;
  readonly pack: RulePack;
}

/** Ties the row by its number `ubn`. */
export function tieByNumber(row: FirmRow, ubn: string, numbers: Numbers): TiedRow {
  const { firms, aliases, pack } = numbers;
  const firm = firms.get(ubn);
  if (firm === undefined) return tieUnknownNumber(row, ubn, numbers);
  // A measure names the shop as often as the firm behind it: its number stands alone.
  if (row.name === null || row.source === 'hardening_measure')
    return forResponsible(matchedTo(row, ubn, 'ubn-alone', 0.9, { registerName: firm.name }), firms);
  const own = aliases.of(ubn).flatMap((alias) => [alias.brand, alias.companyName]);
  const head = firms.responsible(firm);
  const others = [...own, ...(head === firm ? [] : head.names)].filter((name) => name !== null);
  const meantByAlias = aliases.named(row.name).some((alias) => isNameOf(alias.companyName, firm));
  const known = meantByAlias ? [...others, row.name] : others;
  const confirmed = confirmName(row.name, firm.names, known, pack.matching.nameConfirmation);
  const { kind, similarity } = confirmed;
  const features = { confirmation: kind, similarity, registerName: confirmed.name };
  const other = kind === 'slip' || kind === 'similar' ? bearerOf(row.name, ubn, firms) : null;
  if (kind === 'different' || other !== null) return conflicting(row, ubn, similarity, features, other);
  const score = kind === 'equal' ? 1 : Math.max(0.9, similarity);
  return forResponsible(matchedTo(row, ubn, 'ubn-and-name', score, features), firms);
}

function isNameOf(companyName: string | null, firm: RegisterFirm): boolean {
  if (companyName === null) return false;
  const { core } = parseCompanyName(companyName);
  return firm.names.some((name) => parseCompanyName(name).core === core);
}

function forResponsible(tie: TiedRow, firms: KnownFirms): TiedRow {
  const branch = tie.ubn === null ? undefined : firms.get(tie.ubn);
  const head = branch === undefined ? undefined : firms.responsible(branch);
  if (branch === undefined || head === undefined || head === branch) return tie;
  const features = { branchUbn: branch.ubn, branchName: branch.name, registerName: head.name };
  return matchedTo(tie.row, head.ubn, 'head-office', tie.explanation?.score ?? 1, features);
}

/**
 * A number that no loaded register knows still identifies a firm: the registers may be partial or older. But a
 * complete name that another registered firm bears alone contradicts it.
 */
function tieUnknownNumber(row: FirmRow, ubn: string, { firms, aliases }: Numbers): TiedRow {
  const checked = row.name !== null && row.source !== 'hardening_measure' && aliases.of(ubn).length === 0;
  const bearer = checked ? bearerOf(row.name, ubn, firms) : null;
  if (bearer === null) return matchedTo(row, ubn, 'ubn-not-in-registers', row.name === null ? 0.6 : 0.8, {});
  return conflicting(row, ubn, 0, { confirmation: 'different', similarity: 0, registerName: null }, bearer);
}

/** The one living company, other than `ubn`, that bears exactly this complete name with its legal form. */
function bearerOf(name: string, ubn: string, firms: KnownFirms): RegisterFirm | null {
  const parsed = parseCompanyName(name);
  if (parsed.legalForm === null || parsed.kind === 'business') return null;
  const entries = firms.index.withFull(parsed.full).map((entry) => firms.responsible(entry.firm));
  const bearers = new Set(entries.filter((firm) => !firm.gone && firm.ubn !== ubn));
  return bearers.size === 1 ? [...bearers][0]! : null;
}
