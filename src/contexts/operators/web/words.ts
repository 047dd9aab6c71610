import { m } from 'virtual:messages';
import type { Tone } from '#web/index';

/* What the codes of the API are called, and how heavy they look. A code that is not known is shown as it is. */

interface Word {
  readonly label: () => string;
  readonly tone: Tone;
}
type Words = Readonly<Record<string, Word>>;

const word = (label: () => string, tone: Tone = 'neutral'): Word => ({ label, tone });
const read = (words: Words) => (code: string) => ({
  label: words[code]?.label() ?? code,
  tone: words[code]?.tone ?? ('neutral' as const),
});

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export const severityWord = read({
  critical: word(() => m.operators_severity_critical(), 'danger'),
  high: word(() => m.operators_severity_high(), 'accent'),
  medium: word(() => m.operators_severity_medium(), 'warning'),
  low: word(() => m.operators_severity_low(), 'info'),
});

export const findingStates = ['open', 'dismissed', 'resolved'] as const;
export const findingStateWord = read({
  open: word(() => m.operators_state_open(), 'accent'),
  resolved: word(() => m.operators_state_resolved(), 'success'),
  dismissed: word(() => m.operators_state_dismissed()),
});

export const statuses = ['operating', 'unclear', 'not-operating'] as const;
export const statusWord = read({
  operating: word(() => m.operators_status_operating(), 'info'),
  'not-operating': word(() => m.operators_status_not_operating()),
  unclear: word(() => m.operators_status_unclear(), 'warning'),
});

export const registerClassWord = read({
  'in-being': word(() => m.operators_class_in_being(), 'success'),
  'foreign-branch': word(() => m.operators_class_foreign_branch(), 'success'),
  suspended: word(() => m.operators_class_suspended(), 'warning'),
  'ordered-dissolved': word(() => m.operators_class_ordered_dissolved(), 'danger'),
  closing: word(() => m.operators_class_closing(), 'warning'),
  gone: word(() => m.operators_class_gone(), 'danger'),
  moved: word(() => m.operators_class_moved(), 'warning'),
  unknown: word(() => m.operators_class_unknown(), 'warning'),
  'tax-only': word(() => m.operators_class_tax_only()),
  'not-in-registers': word(() => m.operators_class_none(), 'warning'),
});

export const itemWord = read({
  item: word(() => m.operators_item_item(), 'success'),
  'catch-all-only': word(() => m.operators_item_catch_all(), 'warning'),
  'no-item': word(() => m.operators_item_no(), 'warning'),
  unknown: word(() => m.operators_item_unknown()),
});

export const registrationWord = read({
  'in-force': word(() => m.operators_registration_in_force(), 'success'),
  lapsed: word(() => m.operators_registration_lapsed(), 'danger'),
  revoked: word(() => m.operators_registration_revoked(), 'danger'),
  applied: word(() => m.operators_registration_applied(), 'info'),
  none: word(() => m.operators_registration_none()),
});

export const outcomeWord = read({
  matched: word(() => m.operators_outcome_matched(), 'success'),
  conflict: word(() => m.operators_outcome_conflict(), 'danger'),
  ambiguous: word(() => m.operators_outcome_ambiguous(), 'warning'),
  'not-found': word(() => m.operators_outcome_not_found(), 'warning'),
  unsure: word(() => m.operators_outcome_unsure()),
});

export const tierWord = read({
  'ubn-and-name': word(() => m.operators_tier_ubn_and_name()),
  'ubn-alone': word(() => m.operators_tier_ubn_alone()),
  'ubn-not-in-registers': word(() => m.operators_tier_ubn_not_in_registers()),
  'head-office': word(() => m.operators_tier_head_office()),
  'exact-name': word(() => m.operators_tier_exact_name()),
  'exact-core': word(() => m.operators_tier_exact_core()),
  alias: word(() => m.operators_tier_alias()),
  abbreviation: word(() => m.operators_tier_abbreviation()),
  'similar-name': word(() => m.operators_tier_similar_name()),
  judgement: word(() => m.operators_tier_judgement()),
});

export const verdicts = ['same', 'not-same', 'unsure'] as const;
export const verdictWord = read({
  same: word(() => m.operators_verdict_same(), 'success'),
  'not-same': word(() => m.operators_verdict_not_same(), 'danger'),
  unsure: word(() => m.operators_verdict_unsure(), 'warning'),
  operating: word(() => m.operators_verdict_operating(), 'info'),
  'not-operating': word(() => m.operators_verdict_not_operating()),
});

export const sourceWord = read({
  company_by_item: word(() => m.operators_source_company_by_item()),
  company: word(() => m.operators_source_company()),
  business_by_item: word(() => m.operators_source_business_by_item()),
  tax_register: word(() => m.operators_source_tax_register()),
  capability_registration: word(() => m.operators_source_capability_registration()),
  capability_application: word(() => m.operators_source_capability_application()),
  fsc_reply: word(() => m.operators_source_fsc_reply()),
  tax_sales: word(() => m.operators_source_tax_sales()),
  high_risk_shop: word(() => m.operators_source_high_risk_shop()),
  hardening_measure: word(() => m.operators_source_hardening_measure()),
  traffic: word(() => m.operators_source_traffic()),
  brand_alias: word(() => m.operators_source_brand_alias()),
  'brand-alias-list': word(() => m.operators_source_brand_alias_list()),
  judgement: word(() => m.operators_source_judgement()),
  finding: word(() => m.operators_source_finding()),
});

export const blockWord = read({
  'in-force': word(() => m.operators_block_in_force(), 'success'),
  revoked: word(() => m.operators_block_revoked(), 'danger'),
  lapsed: word(() => m.operators_block_lapsed(), 'warning'),
});

export const confirmationWord = read({
  equal: word(() => m.operators_confirm_equal()),
  'equal-core': word(() => m.operators_confirm_equal_core()),
  alias: word(() => m.operators_confirm_alias()),
  abbreviation: word(() => m.operators_confirm_abbreviation()),
  slip: word(() => m.operators_confirm_slip()),
  similar: word(() => m.operators_confirm_similar()),
  different: word(() => m.operators_confirm_different()),
});

/** What a person may choose from, as a filter or form wants it. */
export function optionsOf(
  codes: readonly string[],
  read: (code: string) => { readonly label: string },
): { value: string; label: string }[] {
  return codes.map((code) => ({ value: code, label: read(code).label }));
}
