/**
 * Who really carries on third-party payment. A sign of activity in the latest year on file makes a living, identified
 * firm `operating`, with or without the business item; a sign that no such firm answers for is `unclear`; no sign is
 * `not-operating`. What counts as a sign stands in the rule pack. An officer's judgement goes before all of it.
 */
import { type Candidate, isInForce, type LatestYears } from './candidate.ts';
import { registerEvidence } from './matching/registers.ts';
import { type AmountRow, evidenceOf, isAmount, type RegistrationRow } from './matching/source-rows.ts';
import type { TiedRow } from './matching/tied-row.ts';
import type { RulePack } from './rules/rule-pack.ts';
import type { OperatingStatus, Reason } from './run-result.ts';

export interface OperatingDecision {
  readonly status: OperatingStatus;
  readonly reasons: readonly Reason[];
  /** The signs that stand behind it, disputed ones left out. */
  readonly signs: readonly Reason[];
}

/** Decides one candidate as of a day. */
export function decideOperating(
  candidate: Candidate,
  pack: RulePack,
  asOf: Temporal.PlainDate,
  years: LatestYears,
): OperatingDecision {
  const signs = signsIn(candidate.ties, pack, asOf, years);
  const disputed = signsIn(candidate.disputed, pack, asOf, years);
  const circumstances = circumstancesOf(candidate, signs.length > 0);
  const { judgement, firm } = candidate;
  const gone = firm?.gone === true;
  if (judgement !== null)
    return { status: judgement.verdict, reasons: [judged(judgement), ...signs, ...circumstances], signs };
  if (signs.length > 0) {
    const status = candidate.ubn === null || gone ? 'unclear' : 'operating';
    return { status, reasons: [...signs, ...circumstances], signs };
  }
  if (disputed.length > 0) {
    const rows = disputed.flatMap((sign) => sign.evidence);
    return { status: 'unclear', reasons: [disputedReason(candidate, rows), ...circumstances], signs };
  }
  return { status: 'not-operating', reasons: [noSign(candidate, years), ...circumstances], signs };
}

function signsIn(
  ties: readonly TiedRow[],
  pack: RulePack,
  asOf: Temporal.PlainDate,
  years: LatestYears,
): Reason[] {
  const rows = ties.map((tie) => tie.row);
  return pack.operating.signs.flatMap((sign): Reason[] => {
    if (sign.source === 'capability_registration') {
      const certificates = rows.filter((row) => row.source === 'capability_registration');
      const found = certificates.filter((row) => isInForce(row, asOf, certificates));
      return found.length === 0 ? [] : [certificateSign(found, sign)];
    }
    const year = years[sign.source];
    const found = rows
      .filter(isAmount)
      .filter((row) => row.source === sign.source && row.year === year && row.amount > (sign.above ?? 0))
      .toSorted((a, b) => b.amount - a.amount);
    return found.length === 0 ? [] : [amountSign(found, sign)];
  });
}

type Sign = RulePack['operating']['signs'][number];

function amountSign(rows: readonly AmountRow[], sign: Sign): Reason {
  const { year, amount } = rows[0]!;
  const fill = (text: string): string =>
    text.replace('{year}', String(year)).replace('{amount}', amount.toLocaleString('en-US'));
  return {
    code: sign.source.replaceAll('_', '-'),
    zh: fill(sign.zh),
    en: fill(sign.en),
    evidence: rows.map(evidenceOf),
  };
}

function certificateSign(rows: readonly RegistrationRow[], sign: Sign): Reason {
  const { certificateNo, registeredOn, validUntil } = rows[0]!;
  const fill = (text: string): string =>
    text
      .replace('{certificate}', certificateNo ?? '—')
      .replace('{from}', registeredOn ?? '—')
      .replace('{until}', validUntil ?? '—');
  return {
    code: 'registration-in-force',
    zh: fill(sign.zh),
    en: fill(sign.en),
    evidence: rows.map(evidenceOf),
  };
}

function noSign(candidate: Candidate, years: LatestYears): Reason {
  const rows = candidate.ties.map((tie) => evidenceOf(tie.row));
  const listed = Object.values(years).filter((year) => year !== null);
  const latest = [...new Set(listed)].toSorted((a, b) => a - b).join('、');
  return {
    code: 'no-sign-of-activity',
    zh: latest === '' ? '無任何實際經營跡象' : `最近年度（${latest}）無實際經營跡象`,
    en:
      latest === ''
        ? 'No sign of activity'
        : `No sign of activity in the latest year on file (${latest.replaceAll('、', ', ')})`,
    evidence: rows,
  };
}

function disputedReason(candidate: Candidate, evidence: Reason['evidence']): Reason {
  const given = [...new Set(candidate.disputed.map((tie) => tie.row.name ?? ''))].join('、');
  return {
    code: 'identifier-conflict',
    zh: `載有本統一編號之資料所列名稱為「${given}」，與登記名稱不符，不予歸屬`,
    en: `Rows with this number name “${given}”, which is not the registered name: they count for neither`,
    evidence,
  };
}

function judged(judgement: NonNullable<Candidate['judgement']>): Reason {
  const is = judgement.verdict === 'operating';
  const { by, on, note } = judgement;
  return {
    code: is ? 'judged-operating' : 'judged-not-operating',
    zh: `承辦人認定${is ? '實際經營' : '未實際經營'}${note === undefined ? '' : `：${note}`}`,
    en: `An officer judged: ${is ? 'operating' : 'not operating'}${note === undefined ? '' : ` (${note})`}`,
    evidence: [
      {
        file: 'judgements',
        row: 0,
        source: 'judgement',
        values: { verdict: judgement.verdict, by: by ?? null, on: on ?? null },
      },
    ],
  };
}

/** What else a reader must know: gone, suspended, ordered dissolved, unknown to the registers, unidentified. */
function circumstancesOf(candidate: Candidate, active: boolean): Reason[] {
  const { firm } = candidate;
  if (candidate.ubn === null) return active ? [unidentified(candidate)] : [];
  if (firm === null)
    return [
      {
        code: 'not-in-registers',
        zh: '已載入之登記資料均查無此統一編號',
        en: 'None of the loaded registers knows this number',
        evidence: [],
      },
    ];
  const word = circumstances[firm.class];
  if (word === undefined) return [];
  const said = firm.status === null ? '' : `「${firm.status}」`;
  return [
    {
      code: word.code,
      zh: `${word.zh}${said}`,
      en: `${word.en}${firm.status === null ? '' : ` (${firm.status})`}`,
      evidence: registerEvidence(firm),
    },
  ];
}

const circumstances: Partial<Record<string, { code: string; zh: string; en: string }>> = {
  gone: { code: 'gone', zh: '登記狀態為', en: 'Dissolved, revoked or closed' },
  suspended: { code: 'suspended', zh: '登記狀態為', en: 'Business suspended' },
  'ordered-dissolved': {
    code: 'ordered-dissolved',
    zh: '已受命令解散而尚未解散登記',
    en: 'Ordered to dissolve, not yet dissolved',
  },
  closing: { code: 'closing', zh: '登記狀態為', en: 'Being closed' },
  moved: { code: 'moved', zh: '已遷出，未見新址之登記', en: 'Moved away; no row of the new county' },
  unknown: {
    code: 'unknown-status',
    zh: '登記狀態不在已知用語內',
    en: 'A register status that the rule pack does not know',
  },
};

function unidentified(candidate: Candidate): Reason {
  const [tie] = candidate.ties;
  const names = (tie?.candidates ?? []).slice(0, 10);
  const listed = names.map((one) => `${one.name}（${one.ubn}）`).join('、');
  const ambiguous = tie?.outcome === 'ambiguous' || tie?.outcome === 'unsure';
  return {
    code: ambiguous ? 'several-firms-possible' : 'firm-not-identified',
    zh: ambiguous ? `可能為數家業者，無法確認：${listed}` : '無法辨識為任何一家業者',
    en: ambiguous
      ? `Several firms bear or resemble this name: ${listed}`
      : 'No firm could be identified by this name',
    evidence: candidate.ties.map((one) => evidenceOf(one.row)),
  };
}
