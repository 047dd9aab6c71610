import type { AnsweredName, CommandName } from './commands.ts';

/** Who sends: `esme` is the client (an external short message entity), `smsc` the message centre. */
export type Role = 'esme' | 'smsc';

export type BindMode = 'transmitter' | 'receiver' | 'transceiver';

export type BindName = `bind_${BindMode}`;

export const bindModes: Readonly<Record<BindName, BindMode>> = {
  bind_transmitter: 'transmitter',
  bind_receiver: 'receiver',
  bind_transceiver: 'transceiver',
};

/** The requests that carry messages and questions about them: they take a slot of the window. */
export type MessageName = Exclude<AnsweredName, BindName | 'unbind' | 'enquire_link'>;

const ofEsme: ReadonlySet<CommandName> = new Set<CommandName>([
  'submit_sm',
  'submit_multi',
  'data_sm',
  'query_sm',
  'cancel_sm',
  'replace_sm',
]);
const ofSmsc: ReadonlySet<CommandName> = new Set<CommandName>([
  'deliver_sm',
  'data_sm',
  'alert_notification',
]);

/** Whether a request may go from `sender` over a session bound in `mode` (SMPP 3.4 §2.3). */
export function mayCarry(command: CommandName, sender: Role, mode: BindMode): boolean {
  return sender === 'esme'
    ? mode !== 'receiver' && ofEsme.has(command)
    : mode !== 'transmitter' && ofSmsc.has(command);
}
