/** Whether a template may become a version: its fields, its end, and the text that it makes with sample values. */
import type { TemplateField } from '../tables.ts';
import { composer, cutBody, type Composable } from './compose.ts';
import { createContentPolicy } from './content-policy.ts';
import { checkValue } from './field-values.ts';
import type { FormatPack } from './format-pack.ts';
import { defineProblems, type TextProblem } from './text-problem.ts';
import type { WordList } from './words.ts';

export const draftProblem = defineProblems({
  body_empty: { level: 'refuse', zh: '本文不可空白。', en: 'the body is empty.' },
  body_too_long: {
    level: 'refuse',
    zh: '本文最長 670 字。',
    en: 'the body has 670 characters at most.',
  },
  body_malformed: {
    level: 'refuse',
    zh: '本文含有不成對的字元或控制字元。',
    en: 'the body has broken or control characters.',
  },
  body_braces: {
    level: 'refuse',
    zh: '欄位須寫成 {{欄位名稱}}；本文另有單獨的大括號。',
    en: 'a field is written {{name}}; the body has other braces.',
  },
  body_end: {
    level: 'refuse',
    zh: '本文須以文字或空格結尾（例如「請洽」），不可以欄位、英數字或符號結尾，否則會與最後的聯絡電話連在一起。',
    en: 'the body ends with words or a space (such as 請洽), not with a field, letter, digit or sign: it would join the contact number behind it.',
  },
  field_name: {
    level: 'refuse',
    zh: '欄位名稱限中文、英文字母、數字與底線，最長 40 字，且不可重複。',
    en: 'a field name has Han, letters, digits and underscores, 40 at most, and is used once.',
  },
  field_unknown: {
    level: 'refuse',
    zh: '本文用到沒有定義的欄位。',
    en: 'the body uses a field that is not defined.',
  },
  field_unused: {
    level: 'refuse',
    zh: '有定義了卻沒有用到的欄位。',
    en: 'a field is defined and not used.',
  },
  contact_not_registered: {
    level: 'refuse',
    zh: '聯絡電話須是服務登記的電話。',
    en: 'the contact number must be one that is registered for the service.',
  },
  text_long: {
    level: 'warn',
    zh: '超過 70 字，會拆成多則並分別計費。',
    en: 'more than 70 characters: it goes out, and is billed, in several parts.',
  },
});

export interface Draft {
  readonly body: string;
  readonly fields: readonly TemplateField[];
  readonly contactNumber: string;
}

export interface DraftService {
  readonly name: string;
  readonly contactNumbers: readonly string[];
  readonly linkHosts: readonly string[];
}

const LONGEST_BODY = 670;
const NAME = /^[\p{sc=Han}\p{L}\p{N}_]{1,40}$/u;
/** What would be read as one with the number behind it. */
const JOINS_NUMBER = /[\p{L}\p{N}\p{P}\p{S}](?<![\p{sc=Han}\p{sc=Bopo}，。、；：！？）」』】〕》〉…])$/u;

/** What is wrong with a draft as such, before any value. Empty where the draft can be composed. */
export function checkDraft(draft: Draft, service: DraftService): readonly TextProblem[] {
  const { body, fields, contactNumber } = draft;
  const problems: TextProblem[] = [];
  if (body.trim() === '') return [draftProblem('body_empty')];
  if (body.length > LONGEST_BODY) problems.push(draftProblem('body_too_long'));
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!body.isWellFormed() || /[\x00-\x09\x0B-\x1F\x7F]/u.test(body))
    problems.push(draftProblem('body_malformed'));
  const { words, names } = cutBody(body);
  if (words.some((word) => /[{}]/u.test(word))) problems.push(draftProblem('body_braces'));
  const last = words.at(-1) ?? '';
  if (last === '' || JOINS_NUMBER.test(last)) problems.push(draftProblem('body_end'));
  const defined = fields.map(({ name }) => name);
  if (new Set(defined).size < defined.length || defined.some((name) => !NAME.test(name)))
    problems.push(draftProblem('field_name'));
  if (names.some((name) => !defined.includes(name))) problems.push(draftProblem('field_unknown'));
  if (defined.some((name) => !names.includes(name))) problems.push(draftProblem('field_unused'));
  if (!service.contactNumbers.includes(contactNumber)) problems.push(draftProblem('contact_not_registered'));
  return problems;
}

/** A value that a field of this type takes, for previews and for the rules on what is fixed around it. */
export function sampleValue(field: TemplateField, service: DraftService): string {
  const samples: Readonly<Record<TemplateField['type'], string>> = {
    text: '王小明',
    number: '12',
    amount: '1,200',
    date: '11月30日',
    time: '14:30',
    code: 'A1B2C3',
    link: `https://${service.linkHosts[0] ?? 'www.gov.tw'}/`,
    phone: service.contactNumbers[0] ?? '1999',
  };
  const value = samples[field.type];
  return value.length <= field.maxLength ? value : shortSample(field);
}

function shortSample({ type, maxLength }: TemplateField): string {
  if (type === 'date') return '11/30'.slice(0, maxLength);
  return type === 'text' ? '王'.repeat(maxLength) : '1'.repeat(maxLength);
}

/** The text of a draft to a number, and what the policy says of it and of the values. */
export function renderDraft(
  draft: Draft,
  service: DraftService,
  options: {
    readonly formatPack: FormatPack;
    readonly words: WordList;
    readonly number9: string;
    /** By name of the field; a sample where left out. */
    readonly values?: Readonly<Record<string, string>>;
  },
): { readonly text: string; readonly problems: readonly (TextProblem & { readonly field?: string })[] } {
  const subject: Composable & { version: { contactNumber: string } } = {
    service,
    version: { ...draft, formatPack: options.formatPack },
  };
  const given = draft.fields.map((field) => options.values?.[field.name] ?? sampleValue(field, service));
  const text = composer(subject).compose(options.number9, (field) => given[field] as string);
  const ofValues = draft.fields.flatMap((field, place) => {
    if (options.values?.[field.name] === undefined) return [];
    const problem = checkValue(field, given[place] as string);
    return problem === null ? [] : [{ ...problem, field: field.name }];
  });
  const policy = createContentPolicy({ service, version: draft }, options.words);
  return { text, problems: [...ofValues, ...policy(text)] };
}
