import type { BodyOf } from '#platform/http/contract';
import type { routes } from '../contract.ts';

export type TemplateField = BodyOf<typeof routes.createVersion>['fields'][number];
/** What a person has settled of fields, by name; it stays while the name is out of the body. */
export type Settled = Readonly<Record<string, Omit<TemplateField, 'name'>>>;

const FIELD = /\{\{([^{}]*)\}\}/gu;
const USUAL_LENGTH: Readonly<Record<TemplateField['type'], number>> = {
  text: 20,
  number: 10,
  amount: 12,
  date: 12,
  time: 10,
  code: 10,
  link: 60,
  phone: 14,
};

/** Names of the fields in a body, each once, in the order in which they stand. */
export function fieldNames(body: string): string[] {
  return [...new Set([...body.matchAll(FIELD)].map((match) => (match[1] ?? '').trim()))].filter(
    (name) => name !== '',
  );
}

/** The fields that a body has, with what was settled of them. */
export function fieldsOf(body: string, settled: Settled): TemplateField[] {
  return fieldNames(body)
    .slice(0, 20)
    .map((name) => ({ name, ...(settled[name] ?? fresh(guessType(name))) }));
}

export const fresh = (type: TemplateField['type']): Omit<TemplateField, 'name'> => ({
  type,
  maxLength: USUAL_LENGTH[type],
});

const guesses: readonly (readonly [RegExp, TemplateField['type']])[] = [
  [/驗證碼|代碼|編號|單號|code/iu, 'code'],
  [/金額|元|費用|amount/iu, 'amount'],
  [/日期|日$|期限|day|date/iu, 'date'],
  [/時間|時刻|time/iu, 'time'],
  [/網址|連結|link|url/iu, 'link'],
  [/電話|phone/iu, 'phone'],
  [/數量|件數|人數|次數|number/iu, 'number'],
];

/** What a name most likely stands for; a person can choose another. */
export function guessType(name: string): TemplateField['type'] {
  return guesses.find(([form]) => form.test(name))?.[1] ?? 'text';
}

/**
 * Where the values of fields stand in a composed text, from the place where the body begins; what cannot be told is left
 * out.
 */
export function valuePlaces(
  text: string,
  bodyStart: number,
  body: string,
  values: Readonly<Record<string, string>>,
): { readonly start: number; readonly end: number }[] {
  const words = body.split(/\{\{[^{}]*\}\}/u);
  const names = [...body.matchAll(FIELD)].map((match) => (match[1] ?? '').trim());
  const places: { start: number; end: number }[] = [];
  let at = bodyStart;
  for (const [index, name] of names.entries()) {
    const before = words[index] ?? '';
    if (!text.startsWith(before, at)) return places;
    const start = at + before.length;
    const given = values[name];
    const next = words[index + 1] ?? '';
    const isGiven = given !== undefined && text.startsWith(given + next, start);
    // An empty stretch between two fields does not tell where the first one ends.
    const end = isGiven ? start + given.length : next === '' ? -1 : text.indexOf(next, start);
    if (end < start) return places;
    if (end > start) places.push({ start, end });
    at = end;
  }
  return places;
}
