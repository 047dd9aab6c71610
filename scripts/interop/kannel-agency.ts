/** Kannel's bearerbox as an agency's own SMPP client: its texts go out by our rules, and its receipts come back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bestShape, defaultShape, kannelUser, type KannelShape } from '../../bench/kannel/configuration.ts';
import { startKannel, type Kannel } from '../../bench/kannel/kannel.ts';
import { sendsmsPath } from '../../bench/kannel/run.ts';
import { openSending, type Sending } from './sending.ts';
import type { Interop } from './interop.ts';
import { nameOf } from './text-digest.ts';

const TEXTS: readonly string[] = [
  '您的申請已受理',
  '您的房屋稅單已寄出，請於月底前繳納',
  '信賴臺灣安心購物'.repeat(9).slice(0, 71),
  '網路購物要小心，'.repeat(20),
  '𠮷先生您好，擴充 B 區的字也要完整。'.repeat(5),
];
const SHAPES: readonly (readonly [string, KannelShape])[] = [
  ['transceiver', defaultShape],
  ['transmitter and receiver', bestShape],
];

export const kannelAgency: Interop = {
  about: 'Kannel is an agency that sends through our SMPP server',
  needs: ['bearerbox', 'smsbox'],
  async run({ url, folder, agree }) {
    mkdirSync(join(folder, 'product'));
    const sending = await openSending(url, join(folder, 'product'));
    try {
      for (const [index, [what, shape]] of SHAPES.entries()) {
        const kannel = await startKannel(shape, join(folder, `trial-${index}`), sending.smsc);
        try {
          const number = `91200000${index}`;
          await compare(sending, kannel, number, (about, ours, theirs) =>
            agree(`${what}: ${about}`, ours, theirs),
          );
        } finally {
          await kannel.stop();
        }
      }
    } finally {
      await sending.close();
    }
  },
};

async function compare(
  sending: Sending,
  kannel: Kannel,
  number: string,
  agree: (what: string, ours: string, theirs: string) => void,
): Promise<void> {
  for (const text of TEXTS) {
    const path = sendsmsPath({ to: `886${number}`, text, coding: 2 });
    const response = await fetch(`http://127.0.0.1:${kannel.ports.sendsms}${path}`);
    if (response.status !== 202) throw new Error(`Kannel refused a text: ${await response.text()}`);
  }
  const deadline = Date.now() + 30_000;
  let status = '';
  let texts: readonly string[] = [];
  while (Date.now() < deadline) {
    texts = await sending.textsOf(`0${number}`);
    const answer = await fetch(
      `http://127.0.0.1:${kannel.ports.admin}/status.txt?password=${kannelUser.password}`,
    );
    status = await answer.text();
    if (texts.length >= TEXTS.length && receiptsIn(status) >= TEXTS.length) break;
    await sleep(200);
  }
  const wanted = TEXTS.map((text) => sending.asSent(number, text));
  for (const text of wanted) {
    agree(
      `a text of ${text.length} units on the phone`,
      nameOf(texts.find((one) => one === text)),
      nameOf(text),
    );
  }
  agree('texts on the phone', String(texts.length), String(wanted.length));
  agree('receipts that Kannel tied to a text', String(receiptsIn(status) >= TEXTS.length), 'true');
}

const receiptsIn = (status: string): number => Number(/DLR: received (\d+)/u.exec(status)?.[1] ?? 0);
