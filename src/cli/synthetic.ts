/** `xinlai synthetic`: writes the invented sources that tests, benches and the sandbox use, with their planted truth. */
import type { Command } from 'commander';
import { generateSources } from '../contexts/operators/synthetic/generate-sources.ts';
import { CommandFailure } from './command-line.ts';

const sizes = ['small', 'audit', 'national'] as const;
const formats = ['csv', 'mixed'] as const;

interface Options {
  readonly out: string;
  readonly seed: string;
  readonly size: string;
  readonly formats: string;
  readonly asOf: string;
  readonly truth?: string;
}

export function define(command: Command): void {
  command
    .requiredOption('--out <folder>', '輸出資料夾 (folder; made if missing)')
    .option('--seed <n>', '種子；相同種子產生相同內容 (same seed, same bytes)', '1')
    .option('--size <size>', `規模 (${sizes.join(' | ')})`, 'audit')
    .option('--formats <formats>', `檔案格式 (${formats.join(' | ')})`, 'mixed')
    .option('--as-of <date>', '標準答案的基準日 (day of the truth)', '2023-11-30')
    .option(
      '--truth <file>',
      '將標準答案寫成 JSON，請放在輸出資料夾之外 (write the truth as JSON, outside the folder)',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const seed = Number(options.seed);
  if (!Number.isSafeInteger(seed))
    throw new CommandFailure(`--seed「${options.seed}」不是整數。 --seed must be a whole number.`);
  const size = sizes.find((one) => one === options.size);
  const format = formats.find((one) => one === options.formats);
  if (size === undefined) throw new CommandFailure(`--size must be one of ${sizes.join(', ')}.`);
  if (format === undefined) throw new CommandFailure(`--formats must be one of ${formats.join(', ')}.`);
  const truth = await generateSources({
    seed,
    out: options.out,
    size,
    formats: format,
    asOf: options.asOf,
    ...(options.truth === undefined ? {} : { truthFile: options.truth }),
  });
  for (const file of truth.files) process.stdout.write(`${file.name}\t${file.bytes}\n`);
}
