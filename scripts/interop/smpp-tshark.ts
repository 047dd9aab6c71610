/** What our SMPP codec writes, read by tshark: every command, every optional parameter, and long texts in parts. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commands,
  encode,
  messageFields,
  segment,
  tlvs,
  type AnyPduInput,
  type CommandName,
} from '#protocols/smpp';
import { captureFile } from './capture-file.ts';
import type { Interop } from './interop.ts';

/** The port by which tshark knows SMPP. */
const PORT = 2775;
const sentence = '數位發展部：您申請的服務已完成，𠮷野家與堃喆兩位承辦人將於近日與您聯絡，請勿點選不明連結；';
const requestFields = {
  systemId: 'agency',
  password: 'secret08',
  messageId: '5F3A09',
  sourceAddrTon: 3,
  sourceAddr: '111',
  destAddrTon: 1,
  destAddrNpi: 1,
  destinationAddr: '886912345678',
  esmeAddr: '111',
  validityPeriod: '000001000000000R',
  registeredDelivery: 1,
  dataCoding: 8,
  shortMessage: Buffer.from('權益', 'utf16le').swap16(),
  destAddresses: [{ destAddrTon: 1, destAddrNpi: 1, destinationAddr: '886912345678' }, { dlName: 'all' }],
  unsuccessSmes: [{ destAddrTon: 1, destAddrNpi: 1, destinationAddr: '886912345678', errorStatusCode: 11 }],
  messageState: 2,
};

const values = { integer: 1, text: 'A1', octets: Buffer.from([1, 2, 3]) } as const;
/** Sizes that the standard fixes, where three octets would be wrong. */
const octets: Readonly<Record<string, Buffer>> = {
  alertOnMessageDelivery: Buffer.alloc(0),
  msValidity: Buffer.from([1]),
  itsSessionInfo: Buffer.from([1, 2]),
  callbackNum: Buffer.from([1, 1, 1, 0x31, 0x31, 0x31]),
  sourceNodeId: Buffer.from('000001'),
  destNodeId: Buffer.from('000001'),
};

function allPdus(): AnyPduInput[] {
  const kinds = (Object.keys(commands) as CommandName[]).map((command) => ({ ...requestFields, command }));
  const refusals = kinds
    .filter(({ command }) => command.endsWith('_resp') || command === 'generic_nack')
    .map(({ command }) => ({ command, status: 0x58 }));
  const parameters = Object.entries(tlvs).map(([name, [, type]]) => {
    const one = octets[name] ?? values[type.replace('*', '') as keyof typeof values];
    const value = type.endsWith('*') ? [one] : one;
    return { ...requestFields, command: 'data_sm', tlvs: { [name]: value } };
  });
  return [...kinds, ...refusals, ...parameters] as unknown as AnyPduInput[];
}

interface Read {
  readonly command: string;
  readonly sequence: string;
  readonly complaint: string;
  /** The user data of a message, put together where this packet is the last of several; hexadecimal. */
  readonly userData: string;
}

function readByTshark(pdus: readonly Buffer[], folder: string): Read[] {
  const file = join(folder, 'smpp.pcap');
  writeFileSync(file, captureFile(pdus, PORT));
  const fields = [
    'smpp.command_id',
    'smpp.sequence_number',
    '_ws.malformed',
    '_ws.expert.message',
    'gsm_sms_ud.short_msg',
  ];
  const run = spawnSync(
    'tshark',
    ['-r', file, '-T', 'fields', '-E', 'separator=|', ...fields.flatMap((field) => ['-e', field])],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (run.status !== 0) throw new Error(`tshark: ${run.stderr}`);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [command = '', sequence = '', malformed = '', expert = '', userData = ''] = line.split('|');
      return { command, sequence, complaint: malformed + expert, userData };
    });
}

export const smppTshark: Interop = {
  about: 'SMPP against tshark',
  needs: ['tshark'],
  async run({ folder, agree }) {
    const pdus = allPdus();
    const bytes = pdus.map((pdu, index) => encode({ ...pdu, sequence: index + 1 }));
    const read = readByTshark(bytes, folder);
    for (const [index, pdu] of pdus.entries()) {
      const theirs = read[index];
      const ours = `0x${commands[pdu.command].id.toString(16).padStart(8, '0')} ${index + 1} sound`;
      const sound = theirs?.complaint === '' ? 'sound' : (theirs?.complaint ?? 'not read');
      const what = [pdu.command, pdu.status === undefined ? '' : 'refusal', ...Object.keys(pdu.tlvs ?? {})];
      agree(
        what.filter((word) => word !== '').join(' '),
        ours,
        `${theirs?.command} ${theirs?.sequence} ${sound}`,
      );
    }
    for (const reference of [8, 16] as const) compareLongText(reference, folder, agree);
  },
};

function compareLongText(
  reference: 8 | 16,
  folder: string,
  agree: Parameters<Interop['run']>[0]['agree'],
): void {
  for (const times of [2, 4, 9]) {
    const text = sentence.repeat(times);
    const parts = messageFields(segment(text, { reference }), { reference: 200 + times });
    const bytes = parts.map((part, index) =>
      encode({ ...requestFields, ...part, command: 'submit_sm', sequence: index + 1 }),
    );
    const read = readByTshark(bytes, folder);
    const complaint = read.map((one) => one.complaint).join('');
    const octets = Buffer.from((read.at(-1)?.userData ?? '').replaceAll(':', ''), 'hex');
    const whole = octets.length % 2 === 0 ? octets.swap16().toString('utf16le') : 'odd octets';
    agree(`${parts.length} parts, reference of ${reference} bits`, text, whole + complaint);
  }
}
