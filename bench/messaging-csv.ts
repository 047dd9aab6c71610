/**
 * Reading recipients: 1 million rows of an agency's CSV, from the sealed upload to sealed chunks, with every check on
 * (numbers, duplicates, field values, composed text, parts, content policy). UTF-8 and Big5 in turn, 1 % of rows bad.
 */
import { randomBytes } from 'node:crypto';
import { openSync, closeSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadJob } from '../src/contexts/messaging/recipients/read-file.ts';
import { recipientLimits } from '../src/contexts/messaging/recipients/reading.ts';
import { readRecipients } from '../src/contexts/messaging/recipients/read-recipients.ts';
import { FrameSealer } from '../src/contexts/messaging/recipients/sealed-file.ts';
import { foreignShare, machineCpu, median, report, spread, type Figure } from './harness.ts';

const ROWS = 1_000_000;
const GOAL_SECONDS = 10;

const rules: ReadJob['rules'] = {
  service: { name: '數位發展部', contactNumbers: ['0223808411'], linkHosts: [] },
  version: {
    body: '{{姓名}}您好，您的補助 {{金額}} 元已核定，將於 11 月 30 日撥入您的帳戶。如有疑問請洽',
    contactNumber: '02-2380-8411',
    fields: [
      { name: '姓名', type: 'text', maxLength: 20 },
      { name: '金額', type: 'amount', maxLength: 12 },
    ],
    formatPackId: '2025',
  },
  day: '2026-11-21',
};

/** Names in both encodings: 王小明, 李大同, 陳玉. */
const names = [
  ['王小明', 'a4fda470a9fa'],
  ['李大同', 'a7f5a46aa650'],
  ['陳玉', 'b3afa5c9'],
] as const;

function* lines(rows: number, encoding: 'utf-8' | 'big5'): Generator<Buffer> {
  const isBig5 = encoding === 'big5';
  const spelled = names.map(([utf8, big5]) =>
    (isBig5 ? Buffer.from(big5, 'hex') : Buffer.from(utf8)).toString('latin1'),
  );
  const header = isBig5
    ? Buffer.from('a96da6572ca4e2bef72caaf7c3420a', 'hex')
    : Buffer.from('姓名,手機,金額\n');
  let text = header.toString('latin1');
  for (let row = 0; row < rows; row += 1) {
    const number = 9_00_000_000 + ((row * 7919) % 89_000_000);
    const phone = row % 100 === 0 ? '02-23808411' : row % 10 === 0 ? String(number) : `0${number}`;
    text += `${spelled[row % 3]},${phone},${(row * 37) % 100_000}\n`;
    if (text.length > 200_000) {
      yield Buffer.from(text, 'latin1');
      text = '';
    }
  }
  yield Buffer.from(text, 'latin1');
}

/** Seconds that one read takes; throws where the result is not what the file holds. */
async function once(folder: string, rows: number, encoding: 'utf-8' | 'big5'): Promise<number> {
  const key = randomBytes(32);
  const place = (name: string) => ({ path: join(folder, name), name });
  const upload = place('upload');
  const sealer = new FrameSealer(key, upload.name);
  const file = openSync(upload.path, 'w');
  writeSync(file, sealer.header);
  for (const block of lines(rows, encoding)) writeSync(file, sealer.seal(block, false));
  writeSync(file, sealer.seal(new Uint8Array(0), true));
  closeSync(file);
  const began = performance.now();
  const reading = await readRecipients({
    key,
    upload,
    good: place('good'),
    listed: place('listed'),
    preview: place('preview'),
    earlier: [],
    kind: 'text',
    encoding,
    delimiter: null,
    columns: {},
    allowDuplicates: false,
    rules,
    limits: recipientLimits,
  });
  const seconds = (performance.now() - began) / 1000;
  if (reading.rows !== rows || reading.bad !== Math.ceil(rows / 100) || reading.good + reading.bad !== rows) {
    throw new Error(`read ${reading.rows} rows, ${reading.good} good, ${reading.bad} bad`);
  }
  return seconds;
}

/** The figure `csv`: the slower of both encodings. */
export async function measureCsv(rounds = 5): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-bench-csv-'));
  const seconds = { 'utf-8': [] as number[], big5: [] as number[] };
  const foreign: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const encoding of ['utf-8', 'big5'] as const) {
        const machine = machineCpu();
        const own = process.cpuUsage();
        seconds[encoding].push(await once(folder, ROWS, encoding));
        const { user, system } = process.cpuUsage(own);
        foreign.push(foreignShare(machine, (user + system) / 1e6));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [encoding, times] of Object.entries(seconds)) {
    console.log(
      `csv ${encoding}: median ${median(times).toFixed(2)} s, spread ${(spread(times) * 100).toFixed(0)} %`,
    );
  }
  const slower = median(seconds.big5) > median(seconds['utf-8']) ? seconds.big5 : seconds['utf-8'];
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`csv ${ROWS} rows, every check on; memory of the process at most ${peak} MiB`);
  return {
    name: 'csv',
    ours: median(slower),
    peer: null,
    unit: 's',
    goal: { atMost: GOAL_SECONDS },
    noise: Math.max(spread(slower), median(foreign)),
  };
}

export async function run({ full }: { full: boolean }): Promise<void> {
  report([await measureCsv(full ? 15 : 5)]);
  if (!full) return;
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-bench-csv-'));
  try {
    const seconds = await once(folder, 23_000_000, 'utf-8');
    report([{ name: 'csv-23m', ours: seconds, peer: null, unit: 's', goal: { atMost: 300 } }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
