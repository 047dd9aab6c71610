/** Kannel as the peer of the messaging benchmark: how many messages a second, and at what CPU. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuOfEnded } from '../messaging/cpu-time.ts';
import { kannelUser, type KannelShape } from './configuration.ts';
import { runHttpLoad } from './http-load.ts';
import { type Kannel, startKannel } from './kannel.ts';
import { type SimulatorProcess, startSimulatorProcess } from './simulator-process.ts';

export interface KannelRun {
  readonly shape: KannelShape;
  readonly messages: number;
  /** Milliseconds from response to receipt. Default 200. */
  readonly receiptMs?: number;
  /** An empty folder. */
  readonly folder: string;
  /** A message centre that runs already, to be the same for both sides; else one is started. */
  readonly simulator?: SimulatorProcess;
}

export interface KannelFigures {
  readonly messages: number;
  /** From the first message fed to the last receipt acknowledged by Kannel. */
  readonly seconds: number;
  readonly perSecond: number;
  /** From the first message fed to the last one taken by Kannel. */
  readonly feedSeconds: number;
  /** CPU microseconds a message. */
  readonly bearerboxMicros: number;
  readonly smsboxMicros: number;
  /** Of mtbatch; 0 where there is none. */
  readonly feederMicros: number;
  /** Submits beyond the messages: sent twice. */
  readonly surplus: number;
}

/** 140 characters of the GSM alphabet: as many octets as 70 Han characters, for mtbatch knows no UCS-2. */
const BATCH_TEXT = 'Trusted shopping on line, a text of 140 octets. '.repeat(3).slice(0, 140);
const HAN_TEXT = '信賴臺灣安心購物'.repeat(9).slice(0, 70);

const numberOf = (index: number): string => `8869${String(20_000_000 + index).padStart(8, '0')}`;

/** The batch path: mtbatch feeds a file of receivers to bearerbox, with receipts. */
export async function runKannelBatch(run: KannelRun): Promise<KannelFigures> {
  return measured(run, false, (kannel) => {
    const content = join(run.folder, 'content');
    const receivers = join(run.folder, 'receivers');
    writeFileSync(content, BATCH_TEXT);
    const numbers = Array.from({ length: run.messages }, (_, index) => numberOf(index));
    writeFileSync(receivers, `${numbers.join('\n')}\n`);
    return async () => {
      const args = [
        '-v',
        '4',
        '-b',
        '127.0.0.1',
        '-p',
        `${kannel.ports.boxes}`,
        '-f',
        '111',
        '-r',
        'telecom',
        '-D',
        '3',
      ];
      // It insists on an address for receipts. Nobody calls it: that is smsbox's work, and smsbox does not run.
      const child = spawn(
        'mtbatch',
        [...args, '-i', 'batch', '-n', 'bench', '-u', 'none', content, receivers],
        {
          stdio: 'ignore',
        },
      );
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`mtbatch ended with ${code}`);
    };
  });
}

/** The single path: HTTP sendsms over `connections` kept alive, 70 Han characters, with receipts. */
export async function runKannelSingle(
  run: KannelRun & { readonly connections: number },
): Promise<KannelFigures> {
  return measured(run, true, ({ ports }) => {
    const { connections, messages: requests } = run;
    const request = (index: number): string =>
      `GET ${sendsmsPath({ to: numberOf(index), text: HAN_TEXT })} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    return async () => {
      await runHttpLoad({ port: ports.sendsms, connections, requests, request, status: 202 });
    };
  });
}

/** A text for HTTP sendsms; coding 0 is GSM, 2 (default) UCS-2. */
export interface KannelText {
  readonly to: string;
  readonly text: string;
  readonly coding?: 0 | 2;
}

/** The path and query that ask Kannel to send a text under 111, with a final receipt. */
export function sendsmsPath({ to, text, coding = 2 }: KannelText): string {
  const query = new URLSearchParams({
    ...kannelUser,
    from: '111',
    to,
    text,
    smsc: 'telecom',
    charset: 'UTF-8',
    coding: `${coding}`,
    'dlr-mask': '3',
  });
  return `/cgi-bin/sendsms?${query}`;
}

async function measured(
  run: KannelRun,
  withSmsbox: boolean,
  prepare: (kannel: Kannel) => () => Promise<void>,
): Promise<KannelFigures> {
  const systemId = 'kannel';
  const dials = { receiptMs: run.receiptMs ?? 200 };
  const simulator =
    run.simulator ?? (await startSimulatorProcess(dials, ['--keep-phones', '0', '--no-duplicates']));
  const kannel = await startKannel(
    run.shape,
    run.folder,
    { port: simulator.port, systemId, password: 'kannel' },
    withSmsbox,
  );
  try {
    const feed = prepare(kannel);
    const before = await simulator.ask(dials);
    const used = kannel.cpuSeconds();
    const endedBefore = cpuOfEnded();
    const started = performance.now();
    await feed();
    const feedSeconds = (performance.now() - started) / 1000;
    const receipts = before.receiptsAcknowledged + run.messages;
    let state = await simulator.ask();
    const deadline = performance.now() + 300_000;
    while (state.receiptsAcknowledged < receipts) {
      if (performance.now() > deadline)
        throw new Error(`no receipts for ${receipts - state.receiptsAcknowledged} messages`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      state = await simulator.ask();
    }
    const seconds = (performance.now() - started) / 1000;
    const cpu = kannel.cpuSeconds();
    const ended = cpuOfEnded();
    const micros = (from: number, to: number): number => ((to - from) * 1e6) / run.messages;
    return {
      messages: run.messages,
      seconds,
      perSecond: run.messages / seconds,
      feedSeconds,
      bearerboxMicros: micros(used.bearerbox, cpu.bearerbox),
      smsboxMicros: micros(used.smsbox, cpu.smsbox),
      feederMicros: micros(endedBefore, ended),
      surplus: state.submits - before.submits - run.messages,
    };
  } finally {
    await kannel.stop();
    if (run.simulator === undefined) await simulator.stop();
  }
}
