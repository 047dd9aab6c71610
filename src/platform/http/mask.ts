import type { JsonValue } from '../json.ts';

/** Members whose value is never shown, whatever it looks like. */
const personal =
  /name|phone|mobile|tel$|mail|addr|contact|birth|person|recipient|sender|victim|account|card|iban|token|secret|password|passwd|auth|cookie|signature|key$|pin|otp|code$|note|text|message|subject|title|content|comment|description|reason|url|link|ip$|lat$|lng$|lon$/i;
/** Members of ours that look like those above and are none. */
const plain = new Set(['errorCode', 'nextCursor', 'itemCode', 'industryCode', 'statusCode', 'reasonCode']);
/** Texts that are codes of ours: ids with a type prefix, dates, instants, event types, states. */
const codes = [
  /^[a-z]{2,8}_[0-9a-z]{20,40}$/,
  /^\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/,
  /^(true|false|test|live|waiting|running|done|failed|cancelled|open|closed|active|draft|pending|approved|refused|resolved|dismissed|high|medium|low|same|different|unsure)$/,
  /^[a-z]{3,20}(-[a-z]{2,20})?\.[a-z][a-z0-9_]{2,40}$/,
];
const memberName = /^[A-Za-z$_][A-Za-z0-9_-]{0,39}$/;

const DEPTH = 6;
const ITEMS = 3;
const MEMBERS = 40;

/**
 * The shape of a JSON value with only what is safe to show: member names, booleans, small numbers, our codes and ids.
 * Everything else becomes its kind and length, e.g. `<text 10>`. Long lists keep three items and their count.
 */
export function maskSample(value: unknown, depth = 0, name = ''): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  const hidden = personal.test(name) && !plain.has(name);
  if (typeof value === 'number') return !hidden && Math.abs(value) < 1e7 ? value : '<number>';
  if (typeof value === 'string') {
    return maskText(value, hidden);
  }
  if (depth >= DEPTH) return Array.isArray(value) ? '<list>' : '<object>';
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS).map((item: unknown) => maskSample(item, depth + 1, name));
    return value.length > ITEMS ? [...items, `<${value.length - ITEMS} more>`] : items;
  }
  if (typeof value !== 'object') return '<nothing>';
  const entries = Object.entries(value);
  const shown = entries
    .slice(0, MEMBERS)
    .map(
      ([key, member]) => [memberName.test(key) ? key : '<name>', maskSample(member, depth + 1, key)] as const,
    );
  if (entries.length > MEMBERS) shown.push(['<more>', entries.length - MEMBERS]);
  return Object.fromEntries(shown);
}

function maskText(value: string, hidden: boolean): string {
  return !hidden && codes.some((code) => code.test(value)) ? value : `<text ${Array.from(value).length}>`;
}

/** The path of a request with only those parameters that are ids of ours; others become `<text n>`. */
export function maskPath(route: string, params: unknown): string {
  const values = (params ?? {}) as Readonly<Record<string, unknown>>;
  return route.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (typeof value !== 'string') return `:${name}`;
    // 統一編號 names a firm, not a person, and is public.
    const shown = name === 'ubn' && /^\d{8}$/.test(value);
    return shown ? value : maskText(value, false);
  });
}
