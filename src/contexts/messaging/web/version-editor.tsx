import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { m } from 'virtual:messages';
import { ButtonLink, Field, Form, Icon, Notice, pick, TextField, useAct } from '#web/index';
import type { Problem, Service, Template, Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { fieldNames, fieldsOf, type Settled } from './draft-fields.ts';
import { FieldRows } from './field-rows.tsx';
import { PreviewPhone } from './preview-phone.tsx';
import { usePreview } from './use-preview.ts';
import { VersionChoices } from './version-choices.tsx';

/** The words of a version beside the phone that shows them. Fields follow from the `{{names}}` in the body. */
export function VersionEditor({
  template,
  service,
  earlier,
}: {
  readonly template: Template;
  readonly service: Service;
  readonly earlier: Version | undefined;
}) {
  const [body, setBody] = useState(earlier?.body ?? '');
  const [settled, setSettled] = useState<Settled>(() =>
    Object.fromEntries((earlier?.fields ?? []).map(({ name, ...rest }) => [name, rest])),
  );
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [contactNumber, setContact] = useState(earlier?.contactNumber ?? service.contactNumbers[0] ?? '');
  const [number, setNumber] = useState('0912345678');
  const act = useAct();
  const navigate = useNavigate();
  const fields = fieldsOf(body, settled);
  const samples = Object.fromEntries(Object.entries(values).filter(([name]) => name in samplesOf(body)));
  const { data: preview, error } = usePreview(
    contactNumber === '' || body.trim() === ''
      ? null
      : {
          serviceId: service.id,
          draft: { body, fields, contactNumber },
          values: samples,
          ...(/^[\d\s-]{9,}$/u.test(number) && { number }),
        },
  );
  const shown = body.trim() === '' ? undefined : preview;
  const problems = shown?.problems ?? [];
  if (service.contactNumbers.length === 0)
    return (
      <Notice tone="warning" title={m.messaging_contact_missing()}>
        <p>{m.messaging_contact_missing_text()}</p>
        <ButtonLink to="/messaging/services/$id/edit" params={{ id: service.id }}>
          {m.messaging_change_service()}
        </ButtonLink>
      </Notice>
    );
  return (
    <div className="ms-beside">
      <Form
        wide
        submitLabel={m.messaging_save_version()}
        aside={
          <ButtonLink to="/messaging/templates/$id" params={{ id: template.id }}>
            {m.confirm_cancel()}
          </ButtonLink>
        }
        onSubmit={async (chosen) => {
          const made = await act(routes.createVersion, {
            params: { id: template.id },
            body: {
              body,
              fields,
              contactNumber,
              class: chosen['class'] as Version['class'],
              outcomePolicy: chosen['outcomePolicy'] as Version['outcomePolicy'],
            },
          });
          await navigate({ to: '/messaging/versions/$id', params: { id: made.id } });
        }}
      >
        <BodyField
          body={body}
          onChange={setBody}
          serviceName={service.name}
          problems={problems.filter(({ code }) => /^(body|field)_/u.test(code))}
        />
        <FieldRows
          fields={fields}
          values={values}
          problems={problems.filter(({ field }) => field !== undefined)}
          onSettle={(name, rest) => setSettled({ ...settled, [name]: rest })}
          onValue={(name, value) => setValues({ ...values, [name]: value })}
        />
        <Field
          name="contactNumber"
          label={m.messaging_contact_end()}
          hint={m.messaging_contact_end_hint()}
          required
        >
          {(wiring) => (
            <select
              {...wiring}
              className="x-input x-input--select x-input--short"
              value={contactNumber}
              onChange={(event) => setContact(event.target.value)}
            >
              {[...new Set([...service.contactNumbers, contactNumber])].map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Complaints problems={problems.filter(({ code }) => code.startsWith('contact_'))} />
        <VersionChoices earlier={earlier} />
      </Form>
      <aside className="ms-beside__phone" aria-label={m.messaging_preview_label()}>
        {error === null ? null : <Notice tone="danger">{m.messaging_preview_failed()}</Notice>}
        <PreviewPhone preview={shown} body={body} values={samples} />
        <div className="x-no-print" onChange={(event) => setNumber((event.target as HTMLInputElement).value)}>
          <TextField
            name="sampleNumber"
            label={m.messaging_sample_number()}
            hint={m.messaging_sample_number_hint()}
            inputMode="numeric"
            defaultValue={number}
            maxLength={20}
          />
        </div>
      </aside>
    </div>
  );
}

const samplesOf = (body: string): Record<string, true> =>
  Object.fromEntries(fieldNames(body).map((name) => [name, true as const]));

/** The words themselves; a button puts a field where the cursor stands. */
function BodyField({
  body,
  onChange,
  serviceName,
  problems,
}: {
  readonly body: string;
  readonly onChange: (body: string) => void;
  readonly serviceName: string;
  readonly problems: readonly Problem[];
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const insert = (): void => {
    const element = area.current;
    if (element === null) return;
    const { selectionStart: from, selectionEnd: to } = element;
    const name = body.slice(from, to).replaceAll(/[{}]/gu, '') || m.messaging_field_new();
    onChange(`${body.slice(0, from)}{{${name}}}${body.slice(to)}`);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(from + 2, from + 2 + name.length);
    });
  };
  return (
    <>
      <Field
        name="body"
        label={m.messaging_body()}
        hint={m.messaging_body_hint({ name: serviceName, field: '{{…}}' })}
        required
      >
        {(wiring) => (
          <textarea
            {...wiring}
            ref={area}
            className="x-input"
            rows={6}
            maxLength={670}
            value={body}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <div className="x-row">
        <button type="button" className="x-button x-button--quiet" onClick={insert}>
          <Icon name="plus" size={16} />
          {m.messaging_insert_field()}
        </button>
      </div>
      <Complaints problems={problems} />
    </>
  );
}

/** What is wrong with the control above. */
function Complaints({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="ms-plain">
      {problems.map((problem) => (
        <li key={problem.code} className="x-field__error">
          <Icon name="alert" size={15} />
          {pick(problem)}
        </li>
      ))}
    </ul>
  );
}
