import type { AnswerOf, BodyOf } from '#platform/http/contract';
import type { ImportFile, routes } from '../contract.ts';

export type SourceKind = AnswerOf<typeof routes.listSourceKinds>['items'][number];
type Decision = NonNullable<BodyOf<typeof routes.confirmImport>['files']>[number];

/** Names of the controls of one file's card. */
export const controlNames = (id: number) => ({
  kind: `kind.${id}`,
  date: `date.${id}`,
  column: (key: string) => `column.${id}.${key}`,
});

/** The header of the file that a wanted column is read from, before a person changes it; empty where there is none. */
export function proposedHeader(file: ImportFile, kind: SourceKind, key: string): string {
  const isProposal = file.kind === kind.kind || file.kind === null;
  const proposed = isProposal ? file.mapping[key] : undefined;
  if (proposed !== undefined) return proposed;
  const wanted = kind.headers.find((header) => header.key === key)?.name;
  return wanted !== undefined && file.headers.includes(wanted) ? wanted : '';
}

/** What the form says of each file; the mapping only where it differs from what the file proposes by itself. */
export function decisionsOf(
  files: readonly ImportFile[],
  kinds: readonly SourceKind[],
  form: FormData,
): Decision[] {
  return files.map((file) => {
    const names = controlNames(file.id);
    const kind = kinds.find((one) => one.kind === form.get(names.kind));
    if (kind === undefined) return { id: file.id, kind: null };
    const date = form.get(names.date);
    const mapping: Record<string, string> = {};
    let isChanged = kind.kind !== file.kind;
    for (const { key } of kind.headers) {
      const header = form.get(names.column(key));
      const proposed = proposedHeader(file, kind, key);
      if (typeof header !== 'string') continue;
      isChanged ||= header !== proposed;
      if (header !== '') mapping[key] = header;
    }
    return {
      id: file.id,
      kind: kind.kind,
      ...(isChanged && Object.keys(mapping).length > 0 && { mapping }),
      ...(typeof date === 'string' && date !== '' && { dataDate: date }),
    };
  });
}
