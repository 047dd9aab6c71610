/** The catalogue's rules on one template version, as a row of a file meets them; made anew in the reading thread. */
import type { Bilingual } from '#platform/errors';
import { composer } from '../catalogue/compose.ts';
import { createContentPolicy, type TextProblem } from '../catalogue/content-policy.ts';
import { checkValue } from '../catalogue/field-values.ts';
import { formatPackById } from '../catalogue/format-pack.ts';
import { wordListOn } from '../catalogue/words.ts';
import type { TemplateField } from '../tables.ts';

/** Plain data from which the rules follow, for the way into a thread. */
export interface RulesInput {
  readonly service: {
    readonly name: string;
    readonly contactNumbers: readonly string[];
    readonly linkHosts: readonly string[];
  };
  readonly version: {
    readonly body: string;
    readonly contactNumber: string;
    readonly fields: readonly TemplateField[];
    readonly formatPackId: string;
  };
  /** Legal day whose word list counts, `YYYY-MM-DD`. */
  readonly day: string;
}

export interface RowRules {
  readonly fields: readonly TemplateField[];
  /** The text to a number (nine digits) with the values in the order of the fields. */
  compose(number9: string, values: readonly string[]): string;
  check(text: string): readonly TextProblem[];
  /** What is wrong with a value of the field at this place; null where nothing is. */
  checkValue(field: number, value: string): (Bilingual & { readonly code: string }) | null;
}

export function rulesOf({ service, version, day }: RulesInput): RowRules {
  const formatPack = formatPackById(version.formatPackId);
  if (formatPack === null) throw new RangeError(`no format pack is called ${version.formatPackId}`);
  const { fields } = version;
  const { compose } = composer({ service, version: { ...version, formatPack } });
  const check = createContentPolicy({ service, version }, wordListOn(Temporal.PlainDate.from(day)));
  let values: readonly string[] = [];
  const valueAt = (field: number): string => values[field] as string;
  return {
    fields,
    check,
    compose(number9, given) {
      values = given;
      return compose(number9, valueAt);
    },
    checkValue: (field, value) => checkValue(fields[field] as TemplateField, value),
  };
}
