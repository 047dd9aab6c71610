/** Kannel's configuration for one link to a message centre, as its users run it and as it runs best. */

/** How bearerbox binds, and how much it lets stand open. */
export interface KannelShape {
  /** `split`: a transmitter and a receiver; `transceiver`: one connection for both. */
  readonly bind: 'split' | 'transceiver';
  /** `max-pending-submits`; null leaves Kannel's own (10). */
  readonly window: number | null;
  /** Where bearerbox keeps what it took; `file` is what Kannel's guide recommends. Neither calls fsync. */
  readonly store: 'file' | 'spool' | 'none';
  /** `msg-id-type`: 0x01 hexadecimal in responses, 0x02 in receipts. Without it ids are compared as text. */
  readonly messageIdType?: '0x01' | '0x02';
}

/** The fastest with receipts: receipts do not share a connection with submits. */
export const bestShape: KannelShape = { bind: 'split', window: 100, store: 'file' };
/** What `transceiver-mode = true` and nothing else gives. */
export const defaultShape: KannelShape = { bind: 'transceiver', window: null, store: 'file' };

export interface KannelPorts {
  readonly admin: number;
  readonly boxes: number;
  readonly sendsms: number;
}

export interface KannelPlace {
  /** For its store and its logs. */
  readonly folder: string;
  readonly ports: KannelPorts;
  readonly smsc: { readonly port: number; readonly systemId: string; readonly password: string };
  /** Of long texts sent by HTTP. */
  readonly maxMessages?: number;
}

export const kannelUser = { username: 'bench', password: 'bench' } as const;

/** The text of a configuration file for bearerbox and smsbox together. */
export function kannelConfiguration(shape: KannelShape, place: KannelPlace): string {
  const { folder, ports, smsc, maxMessages = 10 } = place;
  const link = [
    ['group', 'smsc'],
    ['smsc', 'smpp'],
    ['smsc-id', 'telecom'],
    ['host', '127.0.0.1'],
    ['smsc-username', smsc.systemId],
    ['smsc-password', smsc.password],
    ['system-type', ''],
    ...(shape.messageIdType === undefined ? [] : ([['msg-id-type', shape.messageIdType]] as const)),
  ] as const;
  const window = shape.window === null ? [] : ([['max-pending-submits', shape.window]] as const);
  const groups: readonly (readonly (readonly [key: string, value: string | number])[])[] = [
    [
      ['group', 'core'],
      ['admin-port', ports.admin],
      ['admin-password', 'bench'],
      ['admin-allow-ip', '127.0.0.1'],
      ['smsbox-port', ports.boxes],
      ['box-allow-ip', '127.0.0.1'],
      ['log-file', `${folder}/bearerbox.log`],
      ['log-level', 4],
      ['dlr-storage', 'internal'],
      ...(shape.store === 'none'
        ? []
        : ([
            ['store-type', shape.store],
            ['store-location', `${folder}/store`],
          ] as const)),
    ],
    ...(shape.bind === 'transceiver'
      ? [[...link, ['port', smsc.port], ['transceiver-mode', 'true'], ...window] as const]
      : // A group has one port only: a transmitter and a receiver are two groups of one smsc-id.
        [
          [...link, ['port', smsc.port], ...window] as const,
          [...link, ['receive-port', smsc.port]] as const,
        ]),
    [
      ['group', 'smsbox'],
      ['smsbox-id', 'bench'],
      ['bearerbox-host', '127.0.0.1'],
      ['sendsms-port', ports.sendsms],
      ['log-file', `${folder}/smsbox.log`],
      ['log-level', 4],
    ],
    [
      ['group', 'sendsms-user'],
      ['username', kannelUser.username],
      ['password', kannelUser.password],
      ['max-messages', maxMessages],
      ['concatenation', 'true'],
    ],
    [
      ['group', 'sms-service'],
      ['keyword', 'default'],
      ['text', 'none'],
      ['max-messages', 0],
    ],
  ];
  return groups
    .map((group) => group.map(([key, value]) => `${key} = ${value === '' ? '""' : value}\n`).join(''))
    .join('\n');
}
