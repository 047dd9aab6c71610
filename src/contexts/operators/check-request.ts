import { httpErrors } from '#platform/http/http-errors';
import type { FieldProblem } from '#platform/errors';
import { isSourceKind } from './source-catalogue.ts';

/**
 * The as-of day of a request is not ahead of the clock. A run as of a later day would be the newest of the register for
 * good: no run of an earlier day could open or resolve findings after it.
 */
export function requireNotAhead(asOf: string | undefined, today: Temporal.PlainDate): void {
  if (asOf === undefined || Temporal.PlainDate.compare(Temporal.PlainDate.from(asOf), today) <= 0) return;
  refuse([
    {
      pointer: '/asOf',
      code: 'input.ahead',
      zh: `不得晚於今天（${today.toString()}）`,
      en: `must not be later than today (${today.toString()})`,
    },
  ]);
}

/** What an officer decides of the files of an import names files that it has and kinds of source that exist. */
export function requireKnownFiles(
  files: readonly { readonly id: number; readonly kind?: string | null | undefined }[],
  have: ReadonlySet<number>,
): void {
  const problems = files.flatMap(({ id, kind }, index): FieldProblem[] => [
    ...(have.has(id)
      ? []
      : [
          {
            pointer: `/files/${index}/id`,
            code: 'input.unknown',
            zh: '匯入沒有這個檔案',
            en: 'is no file of the import',
          },
        ]),
    ...(kind === undefined || kind === null || isSourceKind(kind)
      ? []
      : [
          {
            pointer: `/files/${index}/kind`,
            code: 'input.unknown',
            zh: '沒有這種資料來源',
            en: 'is no known kind of source',
          },
        ]),
  ]);
  if (problems.length > 0) refuse(problems);
}

function refuse(fields: readonly FieldProblem[]): never {
  throw httpErrors.invalid({ count: fields.length }, { fields });
}
