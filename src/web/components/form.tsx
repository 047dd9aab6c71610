import { Button } from '@mantine/core';
import {
  createContext,
  use,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type FormEvent,
  type HTMLInputTypeAttribute,
  type ReactNode,
} from 'react';
import { m } from 'virtual:messages';
import { ProblemError } from '../client/problem.ts';
import { fieldErrors, type FieldErrors } from './field-errors.ts';
import { Icon } from './icon.tsx';
import { problemText } from './states.tsx';

interface FormState {
  readonly id: string;
  readonly errors: FieldErrors;
}
const FormContext = createContext<FormState>({ id: 'form', errors: {} });

/** Values of a form by field name, as typed: NFKC-folded and trimmed, passwords untouched. */
export type Values = Readonly<Record<string, string>>;

export interface FormProps {
  /** Sends the form; what it throws is shown on top and beside the fields, and everything typed is kept. */
  readonly onSubmit: (values: Values, form: FormData) => Promise<void>;
  readonly submitLabel: string;
  readonly children: ReactNode;
  readonly danger?: boolean;
  /** Stands beside the button: a way back. */
  readonly aside?: ReactNode;
  readonly wide?: boolean;
}

/** A form on a page: one button, errors on top that lead to their fields, and the truth is told by the server. */
export function Form({ onSubmit, submitLabel, children, danger = false, aside, wide = false }: FormProps) {
  const id = useId();
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failure !== null || Object.keys(errors).length > 0) summary.current?.focus();
  }, [failure, errors]);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const element = event.currentTarget;
    const missing = missingFields(element);
    setFailure(null);
    setErrors(missing);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    const data = new FormData(element);
    try {
      await onSubmit(valuesOf(element, data), data);
    } catch (error) {
      setErrors(error instanceof ProblemError ? fieldErrors(error.problem) : {});
      setFailure(error as Error);
    } finally {
      setBusy(false);
    }
  };
  const state = useMemo(() => ({ id, errors }), [id, errors]);
  return (
    <FormContext value={state}>
      <form
        className={wide ? 'x-form x-form--wide' : 'x-form'}
        noValidate
        onSubmit={(event) => void submit(event)}
      >
        <ErrorSummary ref={summary} id={id} errors={errors} failure={failure} />
        {children}
        <div className="x-form__actions">
          <Button type="submit" loading={busy} {...(danger && { color: 'red' })}>
            {submitLabel}
          </Button>
          {aside}
        </div>
      </form>
    </FormContext>
  );
}

/** What is wrong, on top of the form, each linking to its field. */
function ErrorSummary({
  ref,
  id,
  errors,
  failure,
}: {
  readonly ref: React.Ref<HTMLDivElement>;
  readonly id: string;
  readonly errors: FieldErrors;
  readonly failure: Error | null;
}) {
  const listed = Object.entries(errors);
  if (listed.length === 0 && failure === null) return null;
  return (
    <div className="x-summary" role="alert" tabIndex={-1} ref={ref}>
      <p className="x-summary__title">
        <Icon name="alert" size={18} />
        {failure === null ? m.form_errors({ count: listed.length }) : problemText(failure)}
      </p>
      {listed.length === 0 ? null : (
        <ul>
          {listed.map(([name, text]) => (
            <li key={name}>
              <a
                className="x-link"
                href={`#${fieldId(id, name)}`}
                onClick={(event) => focusField(event, fieldId(id, name))}
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      )}
      {failure instanceof ProblemError && failure.problem.instance !== '' ? (
        <p className="x-muted">
          {m.problem_request_id()} <code className="x-code">{failure.problem.instance}</code>
        </p>
      ) : null}
    </div>
  );
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

interface Wiring {
  readonly id: string;
  readonly name: string;
  readonly 'aria-required': boolean | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-describedby': string | undefined;
}

/** Label, hint and error around a control, tied to it for those who listen. */
export function Field({
  name,
  label,
  hint,
  required = false,
  children,
}: FieldProps & { readonly children: (wiring: Wiring) => ReactNode }) {
  const form = use(FormContext);
  const id = fieldId(form.id, name);
  const error = form.errors[name];
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={error === undefined ? 'x-field' : 'x-field x-field--wrong'}>
      <label htmlFor={id}>
        {label}
        {required ? null : <span className="x-muted"> {m.form_optional()}</span>}
      </label>
      {hint === undefined ? null : (
        <p className="x-field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p className="x-field__error" id={`${id}-error`}>
          <Icon name="alert" size={15} />
          {m.form_error_prefix()}
          {error}
        </p>
      )}
      {children({
        id,
        name,
        'aria-required': required || undefined,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-describedby': described === '' ? undefined : described,
      })}
    </div>
  );
}

type TextProps = FieldProps & {
  readonly type?: HTMLInputTypeAttribute;
  readonly defaultValue?: string;
  readonly autoComplete?: string;
  readonly inputMode?: 'text' | 'numeric' | 'email' | 'tel' | 'url';
  readonly maxLength?: number;
  readonly width?: 'short' | 'full';
  readonly autoFocus?: boolean;
};

/** One line of text. */
export function TextField({
  type = 'text',
  width = 'full',
  defaultValue,
  autoComplete,
  inputMode,
  maxLength,
  autoFocus,
  ...field
}: TextProps) {
  return (
    <Field {...field}>
      {(wiring) => (
        <input
          {...wiring}
          className={`x-input x-input--${width}`}
          type={type}
          defaultValue={defaultValue}
          autoComplete={autoComplete ?? 'off'}
          inputMode={inputMode}
          maxLength={maxLength}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- only where a page has one field and nothing before it
          autoFocus={autoFocus}
        />
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextAreaField({
  rows = 4,
  defaultValue,
  maxLength,
  ...field
}: FieldProps & { readonly rows?: number; readonly defaultValue?: string; readonly maxLength?: number }) {
  return (
    <Field {...field}>
      {(wiring) => (
        <textarea
          {...wiring}
          className="x-input"
          rows={rows}
          defaultValue={defaultValue}
          maxLength={maxLength}
        />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One of a few, by the select of the system. */
export function SelectField({
  options,
  defaultValue,
  ...field
}: FieldProps & { readonly options: readonly Option[]; readonly defaultValue?: string }) {
  return (
    <Field {...field}>
      {(wiring) => (
        <select {...wiring} className="x-input x-input--select" defaultValue={defaultValue}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Any of a few, each with a line that says what it means. Read as `form.getAll(name)`. */
export function ChecksField({
  name,
  legend,
  hint,
  options,
  checked = [],
}: {
  readonly name: string;
  readonly legend: string;
  readonly hint?: string;
  readonly options: readonly (Option & { readonly hint?: string })[];
  readonly checked?: readonly string[];
}) {
  const form = use(FormContext);
  const id = fieldId(form.id, name);
  const error = form.errors[name];
  return (
    <fieldset
      className={error === undefined ? 'x-field x-checks' : 'x-field x-checks x-field--wrong'}
      id={id}
      tabIndex={-1}
    >
      <legend>{legend}</legend>
      {hint === undefined ? null : <p className="x-field__hint">{hint}</p>}
      {error === undefined ? null : (
        <p className="x-field__error">
          <Icon name="alert" size={15} />
          {m.form_error_prefix()}
          {error}
        </p>
      )}
      {options.map((option) => (
        <label key={option.value} className="x-check">
          <input
            type="checkbox"
            name={name}
            value={option.value}
            defaultChecked={checked.includes(option.value)}
          />
          <span>
            {option.label}
            {option.hint === undefined ? null : <small className="x-muted">{option.hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function fieldId(form: string, name: string): string {
  return `${form}-${name}`;
}

function focusField(event: React.MouseEvent, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.focus();
}

function missingFields(form: HTMLFormElement): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const control of form.querySelectorAll<HTMLInputElement>('[aria-required="true"]')) {
    if (control.value.trim() === '') {
      const label = control.labels?.[0]?.textContent ?? control.name;
      missing[control.name] = m.form_required({ label: label.trim() });
    }
  }
  return missing;
}

function valuesOf(form: HTMLFormElement, data: FormData): Values {
  const values: Record<string, string> = {};
  for (const [name, value] of data) {
    if (typeof value !== 'string') continue;
    const isPassword =
      form.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)?.type === 'password';
    values[name] = isPassword ? value : value.normalize('NFKC').trim();
  }
  return values;
}
