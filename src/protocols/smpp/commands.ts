import { destinations, failures, message, text, u8, type Field } from './fields.ts';
import { statuses } from './statuses.ts';

const bind = [
  text('systemId', 16, statuses.ESME_RINVSYSID),
  text('password', 9, statuses.ESME_RINVPASWD),
  text('systemType', 13, statuses.ESME_RINVSYSTYP),
  u8('interfaceVersion', 0x34),
  u8('addrTon'),
  u8('addrNpi'),
  text('addressRange', 41),
] as const;

const systemId = [text('systemId', 16, statuses.ESME_RINVSYSID)] as const;
const messageId = [text('messageId', 65, statuses.ESME_RINVMSGID)] as const;

const source = [
  u8('sourceAddrTon'),
  u8('sourceAddrNpi'),
  text('sourceAddr', 21, statuses.ESME_RINVSRCADR),
] as const;

const destination = [
  u8('destAddrTon'),
  u8('destAddrNpi'),
  text('destinationAddr', 21, statuses.ESME_RINVDSTADR),
] as const;

const times = [
  text('scheduleDeliveryTime', 17, statuses.ESME_RINVSCHED),
  text('validityPeriod', 17, statuses.ESME_RINVEXPIRY),
] as const;

const serviceType = text('serviceType', 6, statuses.ESME_RINVSERTYP);

const sending = [
  u8('esmClass'),
  u8('protocolId'),
  u8('priorityFlag'),
  ...times,
  u8('registeredDelivery'),
  u8('replaceIfPresentFlag'),
  u8('dataCoding'),
  u8('smDefaultMsgId'),
  message,
] as const;

const single = [serviceType, ...source, ...destination, ...sending] as const;

const wideSource = [
  u8('sourceAddrTon'),
  u8('sourceAddrNpi'),
  text('sourceAddr', 65, statuses.ESME_RINVSRCADR),
] as const;

const data = [
  serviceType,
  ...wideSource,
  u8('destAddrTon'),
  u8('destAddrNpi'),
  text('destinationAddr', 65, statuses.ESME_RINVDSTADR),
  u8('esmClass'),
  u8('registeredDelivery'),
  u8('dataCoding'),
] as const;

/** One row of the table of commands. */
export interface Command {
  /** command_id. */
  readonly id: number;
  readonly fields: readonly Field[];
  /**
   * When a response may come without its body: `error` where its status is not ESME_ROK (SMPP 3.4 §4.4.2), `always`
   * where its only field is unused (§4.6.2) and products leave it out.
   */
  readonly bodyless?: 'error' | 'always';
}

/** Every command of SMPP 3.4 (§5.1.2.1) with its mandatory fields in the order of the wire. */
export const commands = {
  generic_nack: { id: 0x80000000, fields: [] },
  bind_receiver: { id: 0x00000001, fields: bind },
  bind_receiver_resp: { id: 0x80000001, fields: systemId, bodyless: 'error' },
  bind_transmitter: { id: 0x00000002, fields: bind },
  bind_transmitter_resp: { id: 0x80000002, fields: systemId, bodyless: 'error' },
  query_sm: { id: 0x00000003, fields: [...messageId, ...source] },
  query_sm_resp: {
    id: 0x80000003,
    fields: [...messageId, text('finalDate', 17), u8('messageState'), u8('errorCode')],
    bodyless: 'error',
  },
  submit_sm: { id: 0x00000004, fields: single },
  submit_sm_resp: { id: 0x80000004, fields: messageId, bodyless: 'error' },
  deliver_sm: { id: 0x00000005, fields: single },
  deliver_sm_resp: { id: 0x80000005, fields: messageId, bodyless: 'always' },
  unbind: { id: 0x00000006, fields: [] },
  unbind_resp: { id: 0x80000006, fields: [] },
  replace_sm: {
    id: 0x00000007,
    fields: [...messageId, ...source, ...times, u8('registeredDelivery'), u8('smDefaultMsgId'), message],
  },
  replace_sm_resp: { id: 0x80000007, fields: [] },
  cancel_sm: { id: 0x00000008, fields: [serviceType, ...messageId, ...source, ...destination] },
  cancel_sm_resp: { id: 0x80000008, fields: [] },
  bind_transceiver: { id: 0x00000009, fields: bind },
  bind_transceiver_resp: { id: 0x80000009, fields: systemId, bodyless: 'error' },
  outbind: { id: 0x0000000b, fields: [bind[0], bind[1]] },
  enquire_link: { id: 0x00000015, fields: [] },
  enquire_link_resp: { id: 0x80000015, fields: [] },
  submit_multi: { id: 0x00000021, fields: [serviceType, ...source, destinations, ...sending] },
  submit_multi_resp: { id: 0x80000021, fields: [...messageId, failures], bodyless: 'error' },
  alert_notification: {
    id: 0x00000102,
    fields: [...wideSource, u8('esmeAddrTon'), u8('esmeAddrNpi'), text('esmeAddr', 65)],
  },
  data_sm: { id: 0x00000103, fields: data },
  data_sm_resp: { id: 0x80000103, fields: messageId, bodyless: 'always' },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof commands;

/** Commands that are answered by `<name>_resp`, and whose answers carry the same sequence_number. */
export type AnsweredName = {
  [N in CommandName]: `${N}_resp` extends CommandName ? N : never;
}[CommandName];

export type ResponseName = Extract<CommandName, `${string}_resp`> | 'generic_nack';

/** The commands by command_id. */
export const commandNames: ReadonlyMap<number, CommandName> = new Map(
  Object.entries(commands).map(([name, { id }]) => [id, name as CommandName]),
);
