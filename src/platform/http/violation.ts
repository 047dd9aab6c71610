import type { FieldProblem } from '../errors.ts';

/** A failed check of a JSON Schema, as the validator reports it. */
export interface Violation {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Says in both languages what is wrong with one field and where it is. */
export function describeViolation(violation: Violation, prefix: string): FieldProblem {
  const { keyword, params } = violation;
  const missing =
    (params['requiredProperties'] as readonly string[] | undefined)?.[0] ?? params['missingProperty'];
  const extra = (params['additionalProperties'] as readonly string[] | undefined)?.[0];
  const child = keyword === 'required' ? missing : keyword === 'additionalProperties' ? extra : undefined;
  const pointer =
    `${prefix}${violation.instancePath}${child === undefined ? '' : `/${textOf(child)}`}` || '/';
  const limit = textOf(params['limit']);
  const texts: Readonly<Record<string, { zh: string; en: string }>> = {
    required: { zh: '必填', en: 'is required' },
    additionalProperties: { zh: '不認得的欄位', en: 'is not a known field' },
    type: { zh: `型別應為 ${String(params['type'])}`, en: `must be of type ${String(params['type'])}` },
    minLength: { zh: `至少 ${limit} 個字`, en: `must have at least ${limit} characters` },
    maxLength: { zh: `至多 ${limit} 個字`, en: `must have at most ${limit} characters` },
    minimum: { zh: `不得小於 ${limit}`, en: `must not be below ${limit}` },
    maximum: { zh: `不得大於 ${limit}`, en: `must not be above ${limit}` },
    minItems: { zh: `至少 ${limit} 筆`, en: `must have at least ${limit} items` },
    maxItems: { zh: `至多 ${limit} 筆`, en: `must have at most ${limit} items` },
    pattern: { zh: '格式不正確', en: 'has the wrong form' },
    format: {
      zh: `不是正確的 ${String(params['format'])}`,
      en: `is not a valid ${String(params['format'])}`,
    },
    enum: { zh: '不在允許的選項中', en: 'is not one of the allowed values' },
    const: { zh: '不在允許的選項中', en: 'is not one of the allowed values' },
    anyOf: { zh: '不在允許的選項中', en: 'is not one of the allowed values' },
  };
  const text = texts[keyword] ?? { zh: '不正確', en: violation.message ?? 'is not valid' };
  return { pointer, code: `input.${keyword}`, ...text };
}
