/** Kannel's bearerbox bound to our simulated telecom: all that its users send must arrive exactly, and receipts come back. */
import { join } from 'node:path';
import { kannelUser, bestShape, defaultShape, type KannelShape } from '../../bench/kannel/configuration.ts';
import { startKannel, type Kannel } from '../../bench/kannel/kannel.ts';
import { sendsmsPath } from '../../bench/kannel/run.ts';
import type { IdWriting } from '../../src/contexts/messaging/simulator/dials.ts';
import { createTelecom, type Telecom } from '../../src/contexts/messaging/simulator/telecom.ts';
import type { Interop } from './interop.ts';
import { nameOf } from './text-digest.ts';

const NUMBER = '886912345678';

const TEXTS: readonly string[] = [
  '信賴',
  '678 數位發展部：您的申請已核准，詳情請洽 02-2380-8411',
  '信賴臺灣安心購物'.repeat(9).slice(0, 70),
  '信賴臺灣安心購物'.repeat(9).slice(0, 71),
  '網路購物要小心，'.repeat(30),
  '𠮷野家在 CJK 擴充 B 區：𡍼、𠮷；表情 🚨 也要完整。'.repeat(6),
  'Plain text with @ and _ and {brackets} and the euro sign €',
  'Trusted shopping on line. '.repeat(16).trim(),
];

/** Each way of binding, and each writing of ids that Kannel has a setting for. */
const TRIALS: readonly (readonly [string, KannelShape, IdWriting])[] = [
  ['transceiver, ids as text', defaultShape, 'decimal'],
  ['transmitter and receiver, ids as text', bestShape, 'decimal'],
  ['ids hexadecimal in responses', { ...bestShape, messageIdType: '0x01' }, 'hex-to-decimal'],
  ['ids hexadecimal in receipts', { ...defaultShape, messageIdType: '0x02' }, 'decimal-to-hex'],
];

export const kannelSimulator: Interop = {
  about: 'Kannel sends through a simulated telecom',
  needs: ['bearerbox', 'smsbox'],
  async run({ folder, agree }) {
    for (const [index, [what, shape, idWriting]] of TRIALS.entries()) {
      const telecom = await createTelecom({
        name: '海東電信',
        port: 0,
        seed: 1,
        accounts: { kannel: 'kannel' },
        // Kannel reads ids with settings as 32-bit numbers.
        firstId: 1_000_000,
        dials: { receiptMs: 100, idWriting },
      });
      const smsc = { port: telecom.port, systemId: 'kannel', password: 'kannel' };
      const kannel = await startKannel(shape, join(folder, `trial-${index}`), smsc);
      try {
        await compare(telecom, kannel, (about, ours, theirs) => agree(`${what}: ${about}`, ours, theirs));
      } finally {
        await kannel.stop();
        await telecom.close();
      }
    }
  },
};

async function compare(
  telecom: Telecom,
  kannel: Kannel,
  agree: (what: string, ours: string, theirs: string) => void,
): Promise<void> {
  for (const text of TEXTS) {
    const path = sendsmsPath({ to: NUMBER, text, coding: isPlain(text) ? 0 : 2 });
    const response = await fetch(`http://127.0.0.1:${kannel.ports.sendsms}${path}`);
    if (response.status !== 202) throw new Error(`Kannel refused a text: ${await response.text()}`);
  }
  await until(() => telecom.counters.texts >= TEXTS.length && isSettled(telecom));
  const arrived = telecom.textsOf(NUMBER);
  for (const [index, text] of TEXTS.entries()) {
    agree(`text ${index + 1} of ${text.length} units`, nameOf(arrived[index]?.text), nameOf(text));
  }
  agree('sender', arrived.map(({ sender }) => sender).join(), TEXTS.map(() => '111').join());
  const status = await statusOf(kannel);
  agree(
    'receipts',
    `${telecom.counters.receiptsAcknowledged}`,
    /DLR: received (\d+)/u.exec(status)?.[1] ?? 'none',
  );
  agree('receipts without their message', '0', /DLR: (\d+) queued/u.exec(status)?.[1] ?? 'none');
}

const isPlain = (text: string): boolean => /^[\u0020-\u007E€]*$/u.test(text);

function isSettled({ counters, waitingReceipts }: Telecom): boolean {
  return (
    waitingReceipts === 0 &&
    counters.receiptsSent > 0 &&
    counters.receiptsAcknowledged === counters.receiptsSent
  );
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function statusOf({ ports }: Kannel): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${ports.admin}/status.txt?password=${kannelUser.password}`);
  return response.text();
}
