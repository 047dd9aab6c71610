/** A live session of our client with the simulated telecom, recorded and read by tshark: long Han texts come out the same. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, messageFields, segment } from '#protocols/smpp';
import { createTelecom } from '../../src/contexts/messaging/simulator/telecom.ts';
import type { Interop } from './interop.ts';
import { recordConnection, SERVER_PORT } from './recorded-connection.ts';
import { nameOf } from './text-digest.ts';

const NUMBER = '886912345678';
const TEXTS: readonly string[] = [
  '信賴臺灣，𠮷野家的安心購物🚨。'.repeat(12),
  '數位發展部：'.repeat(40),
  '堃喆犇峯羣瑠綉煊彣邨赟廍坔'.repeat(9),
  `家人${'👨‍👩‍👧‍👦'.repeat(30)}`,
];

interface Trial {
  readonly text: string;
  readonly bits: 8 | 16;
}

export const smppReassembly: Interop = {
  about: 'tshark reassembles what our client sent',
  needs: ['tshark'],
  async run({ folder, agree }) {
    // Each text is another one, so that none is taken for another trial's.
    const trials = TEXTS.flatMap((text, index): Trial[] => [
      { text: `${index} 八位元 ${text}`, bits: 8 },
      { text: `${index} 十六位元 ${text}`, bits: 16 },
    ]);
    const { file, arrived } = await record(join(folder, 'session.pcap'), trials);
    // The single parts stand among the values as well.
    const wholes = fields(file, 'gsm_sms_ud.short_msg').map((hex) =>
      Buffer.from(hex.replaceAll(':', ''), 'hex').swap16().toString('utf16le'),
    );
    for (const [index, { text, bits }] of trials.entries()) {
      const about = `text ${index + 1} of ${text.length} units, ${bits} bits`;
      agree(`${about}: tshark`, nameOf(text), nameOf(wholes.find((whole) => whole === text)));
      agree(`${about}: phone`, nameOf(text), nameOf(arrived[index]));
    }
    agree('malformed packets', '0', `${fields(file, 'frame.number', '_ws.malformed').length}`);
  },
};

/** Sends every trial through the recorder; answers the file, and what arrived at the phone. */
async function record(
  file: string,
  trials: readonly Trial[],
): Promise<{ file: string; arrived: (string | null)[] }> {
  const telecom = await createTelecom({ name: '海東電信', port: 0, seed: 1, dials: { receiptMs: 0 } });
  const recorder = await recordConnection(telecom.port);
  const session = await connect({
    host: '127.0.0.1',
    port: recorder.port,
    mode: 'transceiver',
    systemId: 'gov111',
    handlers: { deliver_sm: (incoming) => void incoming.reply({}) },
  });
  for (const [index, { text, bits }] of trials.entries()) {
    const parts = messageFields(segment(text, { reference: bits }), { reference: index * 40 + 7 });
    // Parts of one turn leave in one write: the PDUs of a line do not end where its packets do.
    await Promise.all(
      parts.map((part) =>
        session.ask({
          command: 'submit_sm',
          sourceAddrTon: 3,
          sourceAddr: '111',
          destAddrTon: 1,
          destAddrNpi: 1,
          destinationAddr: NUMBER,
          registeredDelivery: 1,
          ...part,
        }),
      ),
    );
  }
  await session.unbind();
  writeFileSync(file, recorder.capture());
  const arrived = telecom.textsOf(NUMBER).map(({ text }) => text);
  await recorder.close();
  await telecom.close();
  return { file, arrived };
}

/** One field of the packets that a filter takes, in order; one packet may hold several PDUs. */
function fields(file: string, field: string, filter = field): string[] {
  const args = ['-r', file, '-d', `tcp.port==${SERVER_PORT},smpp`, '-Y', filter, '-T', 'fields', '-e', field];
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  if (status !== 0) throw new Error(`tshark ended with ${status}: ${stderr}`);
  return stdout.split(/[\n,]/u).filter((value) => value !== '');
}
