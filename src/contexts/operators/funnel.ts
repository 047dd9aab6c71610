/**
 * From every row of the registers to the firms that really operate: what each step leaves, and which list it opens. A
 * step names the step it is a part of, so that a reader sees what was left out where.
 */
import type { RegistersLoaded } from './matching/registers.ts';
import type { Finding, FunnelStep, ItemState, Operator, RegisterClass } from './run-result.ts';

/** What the steps look at. */
export interface FunnelMember {
  readonly status: Operator['status'];
  readonly identified: boolean;
  readonly item: ItemState;
  readonly class: RegisterClass;
  readonly inTaxRegister: boolean;
  readonly isBusiness: boolean;
  readonly hasSign: boolean;
  readonly registration: Operator['registration'];
}

interface Step {
  readonly step: string;
  readonly of: string | null;
  readonly zh: string;
  readonly en: string;
  readonly has: (member: FunnelMember) => boolean;
}

const withItem = (member: FunnelMember): boolean => member.item === 'item';
const inBeing = (member: FunnelMember): boolean => withItem(member) && member.class === 'in-being';

const steps: readonly Step[] = [
  {
    step: 'with-item',
    of: 'register-rows',
    zh: '登記有第三方支付服務業',
    en: 'Firms with the business item',
    has: withItem,
  },
  {
    step: 'in-being',
    of: 'with-item',
    zh: '其中現存（核准設立）',
    en: 'of these in being (核准設立)',
    has: inBeing,
  },
  {
    step: 'foreign-branches',
    of: 'with-item',
    zh: '其中外國公司分公司（核准登記）',
    en: 'of these branches of foreign companies (核准登記)',
    has: (m) => withItem(m) && m.class === 'foreign-branch',
  },
  {
    step: 'suspended-or-closing',
    of: 'with-item',
    zh: '其中停業、命令解散或列入廢止中',
    en: 'of these suspended, ordered to dissolve or closing',
    has: (m) => withItem(m) && ['suspended', 'ordered-dissolved', 'closing'].includes(m.class),
  },
  {
    step: 'gone',
    of: 'with-item',
    zh: '其中已解散、廢止、撤銷或歇業',
    en: 'of these dissolved, revoked or closed',
    has: (m) => withItem(m) && m.class === 'gone',
  },
  {
    step: 'moved-or-unknown',
    of: 'with-item',
    zh: '其中已遷出或狀態不明',
    en: 'of these moved away or of unknown status',
    has: (m) => withItem(m) && ['moved', 'unknown', 'tax-only'].includes(m.class),
  },
  {
    step: 'in-tax-register',
    of: 'in-being',
    zh: '現存者中有營業稅籍',
    en: 'of those in being, in the tax register',
    has: (m) => inBeing(m) && m.inTaxRegister,
  },
  {
    step: 'with-item-and-activity',
    of: 'with-item',
    zh: '登記有該項目且有實際經營跡象',
    en: 'with the item and a sign of activity',
    has: (m) => withItem(m) && m.hasSign,
  },
  {
    step: 'operating-with-item',
    of: 'with-item-and-activity',
    zh: '實際經營且登記有該項目',
    en: 'Operating, with the item',
    has: (m) => m.status === 'operating' && withItem(m),
  },
  {
    step: 'operating-without-item',
    of: 'operating',
    zh: '實際經營而未登記該項目',
    en: 'Operating, without the item',
    has: (m) => m.status === 'operating' && !withItem(m),
  },
  {
    step: 'operating',
    of: null,
    zh: '實際經營第三方支付',
    en: 'Operating',
    has: (m) => m.status === 'operating',
  },
  {
    step: 'operating-registered',
    of: 'operating',
    zh: '實際經營且服務能量登錄有效',
    en: 'Operating, capability registration in force',
    has: (m) => m.status === 'operating' && m.registration === 'in-force',
  },
  {
    step: 'registration-in-force',
    of: null,
    zh: '服務能量登錄有效',
    en: 'Capability registration in force',
    has: (m) => m.registration === 'in-force',
  },
  { step: 'unclear', of: null, zh: '有經營跡象而待釐清', en: 'Unclear', has: (m) => m.status === 'unclear' },
  {
    step: 'unclear-unidentified',
    of: 'unclear',
    zh: '待釐清：無法辨識業者',
    en: 'Unclear: no firm identified',
    has: (m) => m.status === 'unclear' && !m.identified,
  },
];

/** The steps on whose list a member stands, in the order of the funnel. */
export function stepsOf(member: FunnelMember): string[] {
  return steps.filter((step) => step.has(member)).map((step) => step.step);
}

/** The funnel of a run. The tax step is left out where no tax register is loaded: a zero there would mislead. */
export function funnelOf(
  members: readonly FunnelMember[],
  findings: readonly Finding[],
  rules: readonly { id: string; title: { zh: string; en: string } }[],
  loaded: RegistersLoaded,
): FunnelStep[] {
  const registers = Object.entries(loaded.rows).map(([part, count]) => ({ part, count }));
  const first: FunnelStep = {
    step: 'register-rows',
    count: registers.reduce((sum, { count }) => sum + count, 0),
    zh: '登記與稅籍資料列',
    en: 'Rows of the registers',
    of: null,
    opens: { list: 'sources', key: 'registers' },
    parts: registers,
  };
  const counted = steps
    .filter((step) => step.step !== 'in-tax-register' || loaded.rows.tax_register > 0)
    .map((step): FunnelStep => {
      const list = members.filter(step.has);
      const businesses = list.filter((member) => member.isBusiness).length;
      const unknown = list.filter((member) => !member.identified).length;
      return {
        step: step.step,
        count: list.length,
        zh: step.zh,
        en: step.en,
        of: step.of,
        opens: { list: 'operators', key: step.step },
        parts: [
          { part: 'companies', count: list.length - businesses - unknown },
          { part: 'businesses', count: businesses },
          ...(unknown > 0 ? [{ part: 'unidentified', count: unknown }] : []),
        ],
      };
    });
  const found = rules.map((rule): FunnelStep => ({
    step: `finding:${rule.id}`,
    count: findings.filter((finding) => finding.rule === rule.id).length,
    zh: rule.title.zh,
    en: rule.title.en,
    of: null,
    opens: { list: 'findings', key: rule.id },
    parts: [],
  }));
  return [first, ...counted, ...found];
}
