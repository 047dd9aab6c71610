import type { FastifyInstance } from 'fastify';
import type { FieldProblem } from '../errors.ts';
import { httpErrors } from './http-errors.ts';

/** Levels of a body at most; ours need ten, and what walks one need not fear for its stack. */
const DEPTH = 64;

const texts = {
  text: {
    code: 'input.text',
    zh: '含有無法儲存的字元（NUL 或不成對的代理字元）',
    en: 'has characters that cannot be stored (NUL or half of a surrogate pair)',
  },
  depth: {
    code: 'input.depth',
    zh: `巢狀超過 ${DEPTH} 層`,
    en: `is nested deeper than ${DEPTH} levels`,
  },
} as const;

/** True where a text can be stored and sent on: no NUL, which PostgreSQL refuses, and valid Unicode. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Looks through a parsed value for the first member that cannot be stored; null where all can. */
export function findUnstorable(value: unknown, prefix: string): FieldProblem | null {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer: prefix, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { pointer, depth } = next;
    if (typeof next.value === 'string') {
      if (!isStorable(next.value)) return { pointer: pointer || '/', ...texts.text };
      continue;
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (depth >= DEPTH) return { pointer: pointer || '/', ...texts.depth };
    for (const [key, member] of Object.entries(next.value)) {
      if (!isStorable(key)) return { pointer: pointer || '/', ...texts.text };
      open.push({ value: member, pointer: `${pointer}/${key}`, depth: depth + 1 });
    }
  }
  return null;
}

/** Refuses parameters and bodies with such texts before anything else reads them (`http.invalid`). */
export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    const problem =
      findUnstorable(request.params, '/params') ??
      findUnstorable(request.query, '/querystring') ??
      findUnstorable(request.body, '');
    if (problem !== null) throw httpErrors.invalid({ count: 1 }, { fields: [problem] });
  });
}
