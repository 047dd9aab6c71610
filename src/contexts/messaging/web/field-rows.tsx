import { m } from 'virtual:messages';
import { pick } from '#web/index';
import type { Problem } from '../catalogue/shapes-contract.ts';
import { fresh, type TemplateField } from './draft-fields.ts';
import { fieldTypes, fieldTypeWord } from './words.ts';

/** The fields that the body names: what each takes, how long it may be, and a value to try it with. */
export function FieldRows({
  fields,
  values,
  problems,
  onSettle,
  onValue,
}: {
  readonly fields: readonly TemplateField[];
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  readonly onSettle: (name: string, rest: Omit<TemplateField, 'name'>) => void;
  readonly onValue: (name: string, value: string) => void;
}) {
  if (fields.length === 0) return <p className="x-muted ms-note">{m.messaging_fields_none()}</p>;
  return (
    <fieldset className="x-field ms-fields">
      <legend>{m.messaging_fields()}</legend>
      <p className="x-field__hint">{m.messaging_fields_hint()}</p>
      <ul className="ms-plain">
        {fields.map(({ name, type, maxLength }) => {
          const problem = problems.find(({ field }) => field === name);
          return (
            <li key={name} className="ms-field" aria-label={name}>
              <span className="ms-field__name">{name}</span>
              <label>
                <span>{m.messaging_field_type()}</span>
                <select
                  className="x-input x-input--select"
                  value={type}
                  onChange={(event) => onSettle(name, fresh(event.target.value as TemplateField['type']))}
                >
                  {fieldTypes.map((one) => (
                    <option key={one} value={one}>
                      {fieldTypeWord(one).label}
                    </option>
                  ))}
                </select>
              </label>
              <label className="ms-field__length">
                <span>{m.messaging_field_length()}</span>
                <input
                  className="x-input"
                  type="number"
                  min={1}
                  max={200}
                  value={maxLength}
                  onChange={(event) =>
                    onSettle(name, {
                      type,
                      maxLength: Math.min(200, Math.max(1, Math.trunc(Number(event.target.value)) || 1)),
                    })
                  }
                />
              </label>
              <label>
                <span>{m.messaging_field_sample()}</span>
                <input
                  className="x-input"
                  type="text"
                  value={values[name] ?? ''}
                  placeholder={m.messaging_field_sample_auto()}
                  maxLength={200}
                  aria-invalid={problem === undefined ? undefined : true}
                  onChange={(event) => onValue(name, event.target.value)}
                />
              </label>
              {problem === undefined ? null : <p className="ms-field__problem">{pick(problem)}</p>}
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
