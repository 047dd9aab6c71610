import { useState, type ReactNode } from 'react';
import { m } from 'virtual:messages';
import { ButtonLink } from './app-link.tsx';
import { Form, TextAreaField, TextField, type Values } from './form.tsx';
import { PageHeader, type Crumb } from './page-header.tsx';
import { Notice } from './states.tsx';
import { SummaryList, type SummaryItem } from './summary-list.tsx';

export interface ConfirmPageProps {
  readonly title: string;
  readonly back: Crumb;
  /** What will happen, to whom, and whether it can be undone. */
  readonly consequence: ReactNode;
  readonly facts: readonly SummaryItem[];
  /** Must be typed before the act is done: a name, or a number of people. */
  readonly mustType?: string;
  /** Asks why; arrives as `reason`. */
  readonly asksReason?: boolean;
  readonly confirmLabel: string;
  readonly onConfirm: (values: Values) => Promise<void>;
}

/** A page of its own before an act that cannot simply be undone. */
export function ConfirmPage(props: ConfirmPageProps) {
  const [mismatch, setMismatch] = useState(false);
  const submit = async (values: Values): Promise<void> => {
    const differs =
      props.mustType !== undefined && values['typed'] !== props.mustType.normalize('NFKC').trim();
    setMismatch(differs);
    if (!differs) await props.onConfirm(values);
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={props.title} back={props.back} />
      <Notice tone="warning">{props.consequence}</Notice>
      <SummaryList items={props.facts} />
      {mismatch ? <Notice tone="danger">{m.confirm_mismatch({ text: props.mustType ?? '' })}</Notice> : null}
      <Form
        danger
        submitLabel={props.confirmLabel}
        onSubmit={submit}
        aside={<ButtonLink to={props.back.to}>{m.confirm_cancel()}</ButtonLink>}
      >
        {props.asksReason === true ? (
          <TextAreaField name="reason" label={m.confirm_reason()} hint={m.confirm_reason_hint()} required />
        ) : null}
        {props.mustType === undefined ? null : (
          <TextField name="typed" label={m.confirm_type({ text: props.mustType })} required width="short" />
        )}
      </Form>
    </div>
  );
}
