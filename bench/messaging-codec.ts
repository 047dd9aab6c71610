/**
 * What it costs to write and to read one submit_sm of 70 Han characters: our codec and npm `smpp`, in turn, in CPU time
 * of this process, so that others on the machine count little. Both start from the text and end at the text.
 */
import { createRequire } from 'node:module';
import { decode, encodeInto, type PduOf } from '#protocols/smpp';
import { median, packageVersion, report, spread } from './harness.ts';

const ROUNDS = 5;
const text = '數位發展部：您申請的資料已可下載，如非本人申請請洽〇八〇〇〇〇九八六八。'.padEnd(70, '謹');
const recipient = '886912345678';

interface PeerPdu {
  toBuffer(): Buffer;
  readonly short_message: { readonly message: string };
}
const { PDU } = createRequire(import.meta.url)('smpp') as {
  PDU: new (command: string | Buffer, fields?: Readonly<Record<string, unknown>>) => PeerPdu;
};

export async function run({ full }: { full: boolean }): Promise<void> {
  const count = full ? 300_000 : 60_000;
  console.log(`npm smpp ${packageVersion('smpp')}, ${text.length} characters, ${count} PDUs a round`);
  ours(count);
  peer(count / 4);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const own = perSecond(count, ours);
    const theirs = perSecond(count / 4, peer);
    console.log(`ours ${(1e6 / own).toFixed(2)} µs, npm smpp ${(1e6 / theirs).toFixed(2)} µs`);
    return { own, theirs, ratio: own / theirs };
  });
  report([
    {
      name: 'codec',
      ours: median(rounds.map(({ own }) => own)),
      peer: median(rounds.map(({ theirs }) => theirs)),
      goal: { atLeast: 10 },
      unit: '/s',
      noise: spread(rounds.map(({ ratio }) => ratio)),
    },
    {
      name: 'codec-time',
      ours: median(rounds.map(({ own }) => 1e6 / own)),
      peer: null,
      goal: { atMost: 2 },
      unit: 'µs',
      noise: spread(rounds.map(({ own }) => own)),
    },
  ]);
}

/** PDUs for each second of CPU. */
function perSecond(count: number, work: (count: number) => number): number {
  const before = process.cpuUsage();
  if (work(count) !== count * text.length) throw new Error('a text came back with another length');
  const { user, system } = process.cpuUsage(before);
  return (count / (user + system)) * 1e6;
}

/** As a session does: many PDUs into one buffer. */
const batch = Buffer.alloc(65_536);

function ours(count: number): number {
  let characters = 0;
  let end = 0;
  for (let index = 1; index <= count; index++) {
    const start = end + 500 > batch.length ? 0 : end;
    end = encodeInto(
      {
        command: 'submit_sm',
        sourceAddrTon: 3,
        sourceAddr: '111',
        destAddrTon: 1,
        destAddrNpi: 1,
        destinationAddr: recipient,
        validityPeriod: '000001000000000R',
        registeredDelivery: 1,
        dataCoding: 8,
        shortMessage: Buffer.from(text, 'utf16le').swap16(),
      },
      batch,
      start,
      index,
    );
    const { shortMessage } = decode(batch, start, end) as PduOf<'submit_sm'>;
    characters += Buffer.from(shortMessage).swap16().toString('utf16le').length;
  }
  return characters;
}

function peer(count: number): number {
  let characters = 0;
  for (let index = 1; index <= count; index++) {
    const bytes = new PDU('submit_sm', {
      sequence_number: index,
      source_addr_ton: 3,
      source_addr: '111',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: recipient,
      validity_period: '000001000000000R',
      registered_delivery: 1,
      data_coding: 8,
      short_message: text,
    }).toBuffer();
    characters += new PDU(bytes).short_message.message.length;
  }
  return characters;
}
