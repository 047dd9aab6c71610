import { m } from 'virtual:messages';
import { TextAreaField, TextField, type Values } from '#web/index';
import type { Service } from '../catalogue/shapes-contract.ts';

/** What decides a service, as fields of a form. */
export function ServiceFields({ service }: { readonly service?: Service }) {
  return (
    <>
      <TextField
        name="name"
        label={m.messaging_service_name()}
        hint={m.messaging_service_name_hint()}
        maxLength={40}
        required
        defaultValue={service?.name ?? ''}
      />
      <TextAreaField
        name="contactNumbers"
        label={m.messaging_contact_numbers()}
        hint={m.messaging_contact_hint()}
        rows={3}
        required
        defaultValue={service?.contactNumbers.join('\n') ?? ''}
      />
      <TextAreaField
        name="linkHosts"
        label={m.messaging_link_hosts()}
        hint={m.messaging_link_hosts_hint()}
        rows={3}
        defaultValue={service?.linkHosts.join('\n') ?? ''}
      />
      <div className="ms-pair">
        <TextField
          name="sendFrom"
          type="time"
          label={m.messaging_send_from()}
          required
          width="short"
          defaultValue={service?.sendFrom.slice(0, 5) ?? '08:00'}
        />
        <TextField
          name="sendUntil"
          type="time"
          label={m.messaging_send_until()}
          required
          width="short"
          defaultValue={service?.sendUntil.slice(0, 5) ?? '21:00'}
        />
      </div>
      <p className="x-muted ms-note">{m.messaging_hours_text()}</p>
      <TextField
        name="retentionDays"
        label={m.messaging_retention_days()}
        hint={m.messaging_retention_hint()}
        inputMode="numeric"
        width="short"
        required
        defaultValue={String(service?.retentionDays ?? 7)}
      />
    </>
  );
}

/** One entry a line, or parted by commas. */
export const linesOf = (written: string | undefined): string[] =>
  (written ?? '').split(/[\s,\uFF0C\u3001]+/u).filter((line) => line !== '');

/** The body of a service out of the form. */
export function serviceOf(values: Values) {
  return {
    contactNumbers: linesOf(values['contactNumbers']),
    linkHosts: linesOf(values['linkHosts']),
    sendFrom: values['sendFrom'] ?? '',
    sendUntil: values['sendUntil'] ?? '',
    retentionDays: Number(values['retentionDays']),
  };
}
