import type { ReactNode } from 'react';

export interface Choice {
  readonly value: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** The key that chooses it, where the page listens. */
  readonly shortcut?: string;
}

/** One of a few as radio buttons of the system, each with a line on what it means. One is always chosen. */
export function ChoiceField({
  name,
  legend,
  options,
  chosen,
  onChoose,
}: {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly Choice[];
  readonly chosen: string | undefined;
  /** Where the page keeps the choice itself. */
  readonly onChoose?: (value: string) => void;
}) {
  return (
    <fieldset className="x-field x-checks op-choices">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="x-check op-choice">
          <input
            type="radio"
            name={name}
            value={option.value}
            {...(onChoose === undefined
              ? { defaultChecked: option.value === chosen }
              : { checked: option.value === chosen, onChange: () => onChoose(option.value) })}
          />
          <span>
            {option.label}
            {option.hint === undefined ? null : <small className="x-muted">{option.hint}</small>}
          </span>
          {option.shortcut === undefined ? null : <kbd>{option.shortcut}</kbd>}
        </label>
      ))}
    </fieldset>
  );
}
