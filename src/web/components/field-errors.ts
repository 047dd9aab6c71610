import type { Problem } from '#platform/http/contract';

/** Messages by field name. */
export type FieldErrors = Readonly<Record<string, string>>;

/** `errors[]` of a problem by the names of form fields: `/recipients/3/phone` is `recipients.3.phone`. */
export function fieldErrors(problem: Pick<Problem, 'errors'>): FieldErrors {
  const found: Record<string, string> = {};
  for (const { pointer, message } of problem.errors ?? []) {
    const name = pointer
      .split('/')
      .filter((part) => part !== '')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .join('.');
    found[name] ??= message;
  }
  return found;
}
