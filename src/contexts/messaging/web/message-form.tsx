import { useRef, useState } from 'react';
import { m } from 'virtual:messages';
import { ButtonLink, call, Field, Form, Notice, pick, ProblemError, TextField } from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { PreviewPhone } from './preview-phone.tsx';
import { usePreview } from './use-preview.ts';
import { instantOfTaipei } from './taipei.ts';
import { fieldTypeWord } from './words.ts';

/** Number, values and time of one text, beside the phone. A repeated press of the button never sends twice. */
export function MessageForm({
  version,
  onSent,
}: {
  readonly version: Version;
  readonly onSent: (id: string) => Promise<void>;
}) {
  const [number, setNumber] = useState('');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const attempt = useRef({ body: '', key: '' });
  const typed = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  const { data: preview } = usePreview({
    versionId: version.id,
    values: typed,
    ...(/^[+\d\s-]{9,}$/u.test(number) && { number }),
  });
  const send = async (sendAt: string): Promise<void> => {
    const body = {
      templateVersionId: version.id,
      number: number.normalize('NFKC').trim(),
      values: Object.fromEntries(version.fields.map(({ name }) => [name, (values[name] ?? '').trim()])),
      ...(sendAt !== '' && { sendAt: instantOfTaipei(sendAt) }),
    };
    const written = JSON.stringify(body);
    // The same words again after a failure are the same text: its key stays.
    if (attempt.current.body !== written) attempt.current = { body: written, key: crypto.randomUUID() };
    try {
      const made = await call(routes.sendMessage, { body }, { idempotencyKey: attempt.current.key });
      await onSent(made.id);
    } catch (error) {
      // Refused as it stands: what is sent next is another text.
      if (error instanceof ProblemError && error.status >= 400 && error.status < 500)
        attempt.current = { body: '', key: '' };
      throw error;
    }
  };
  const problems = preview?.problems ?? [];
  return (
    <div className="ms-beside">
      <Form
        submitLabel={m.messaging_send_now()}
        onSubmit={({ sendAt = '' }) => send(sendAt)}
        aside={<ButtonLink to="/messaging/messages">{m.confirm_cancel()}</ButtonLink>}
      >
        <Field name="number" label={m.messaging_number()} hint={m.messaging_number_hint()} required>
          {(wiring) => (
            <input
              {...wiring}
              className="x-input x-input--short"
              inputMode="tel"
              autoComplete="off"
              maxLength={30}
              value={number}
              onChange={(event) => setNumber(event.target.value)}
            />
          )}
        </Field>
        {version.fields.map(({ name, type, maxLength }) => {
          const problem =
            typed[name] === undefined ? undefined : problems.find(({ field }) => field === name);
          return (
            <div key={name}>
              <Field
                name={`value-${name}`}
                label={name}
                hint={m.messaging_field_is({ type: fieldTypeWord(type).label, count: maxLength })}
                required
              >
                {(wiring) => (
                  <input
                    {...wiring}
                    className="x-input"
                    autoComplete="off"
                    maxLength={maxLength}
                    value={values[name] ?? ''}
                    onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                  />
                )}
              </Field>
              {problem === undefined ? null : <p className="ms-field__problem">{pick(problem)}</p>}
            </div>
          );
        })}
        <TextField
          name="sendAt"
          type="datetime-local"
          label={m.messaging_send_at()}
          hint={m.messaging_send_at_hint()}
          width="short"
        />
        {version.class === 'otp' ? <Notice>{m.messaging_otp_note()}</Notice> : null}
      </Form>
      <aside className="ms-beside__phone" aria-label={m.messaging_preview_label()}>
        <PreviewPhone preview={preview} body={version.body} values={typed} />
      </aside>
    </div>
  );
}
