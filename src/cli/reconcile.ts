/** `xinlai reconcile`: one folder of registers in, a ranked list of whom to act on out. No server, no database. */
import type { Command } from 'commander';
import { type Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { parseDate } from '#shared/roc-date';
import type { Judgement } from '../contexts/operators/judgement.ts';
import { unusedColumns } from '../contexts/operators/matching/registers.ts';
import { OutputFolderError, prepareFolder, resultFiles } from '../contexts/operators/output/output-folder.ts';
import type { RulePack } from '../contexts/operators/rules/rule-pack.ts';
import type { RunResult } from '../contexts/operators/run-result.ts';
import { type ReadFile, type ReadReport, readSources } from '../contexts/operators/sources/read-sources.ts';
import { SourcesJsonError } from '../contexts/operators/sources/sources-json.ts';
import { openWorkbench, type Workbench } from '../contexts/operators/workbench.ts';
import { CommandFailure } from './command-line.ts';
import { ProgressLine } from './progress-line.ts';

/** Results of an earlier run that lie among the sources are no sources. */
function ownResults(sources: string, out: string): ReadonlySet<string> {
  const below = relative(resolve(sources), resolve(out));
  if (below.startsWith('..') || isAbsolute(below)) return new Set();
  const prefix = below === '' ? '' : `${below.split(sep).join('/')}/`;
  return new Set(resultFiles.map((name) => `${prefix}${name}`));
}

interface Options {
  readonly sources: string;
  readonly asOf?: string;
  readonly out: string;
  readonly pack?: string;
  readonly judgements?: string;
  readonly temp?: string;
  readonly memory?: string;
  readonly threads?: string;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .requiredOption('--sources <folder>', '放有名冊與密件的資料夾 (folder with the source files)')
    .requiredOption('--out <folder>', '輸出資料夾，沒有就建立 (folder for the results; made if missing)')
    .option('--as-of <date>', '基準日，例如 2023-11-30 或 112-11-30 (day of the question; today if left out)')
    .option('--pack <file>', '查核規則檔 (rule pack; the shipped one in force on that day if left out)')
    .option('--judgements <file>', '承辦人判斷 JSON (judgements of officers)')
    .option('--temp <folder>', '暫存資料夾 (folder for temporary files)')
    .option('--memory <size>', '資料庫記憶體上限 (memory for the database)', '1GB')
    .option('--threads <n>', '執行緒數 (threads)', '2')
    .option('--json', '將 findings.json 的摘要印到標準輸出 (print a summary as JSON)')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const asOf = dayOf(options.asOf);
  await checkSources(options.sources);
  const pack = options.pack === undefined ? undefined : await packFrom(options.pack);
  const judgements = await judgementsFrom(options.judgements);
  await orFailure(prepareFolder(options.out));
  const stop = new AbortController();
  const bench = await openBench(options);
  const onSignal = (signal: NodeJS.Signals): void => {
    stop.abort(new CommandFailure(`已中止 (stopped by ${signal})`, signal === 'SIGINT' ? 130 : 143));
    bench.connection.interrupt();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const progress = new ProgressLine(process.stderr);
  try {
    const result = await reconcileFolder(options, { asOf, pack, judgements }, bench, stop.signal, progress);
    process.stdout.write(
      options.json === true ? `${JSON.stringify(summaryOf(result))}\n` : summaryText(result, options.out),
    );
  } catch (error) {
    stop.signal.throwIfAborted();
    throw toFailure(error);
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await bench.close();
  }
}

async function reconcileFolder(
  options: Options,
  given: { asOf: Temporal.PlainDate; pack: RulePack | undefined; judgements: readonly Judgement[] },
  bench: Workbench,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<RunResult> {
  const { connection } = bench;
  const [report, { OdsWriter, packInForce, reconcile, readRejected, writeResults }] = await read(
    options,
    bench,
    signal,
    progress,
  );
  progress.end();
  for (const file of report.files) process.stderr.write(fileLine(file));
  if (!report.anything)
    throw new CommandFailure(
      `${options.sources} 內沒有可讀取的資料檔。 No file in ${options.sources} could be read as one of the known sources.`,
    );
  let odsWriter: InstanceType<typeof OdsWriter> | undefined;
  try {
    const result = await reconcile({
      connection,
      ...given,
      pack: given.pack ?? packInForce(given.asOf),
      signal,
      onProgress: (step) => {
        // From here on one core idles.
        if (step.phase === 'decide') odsWriter = new OdsWriter();
        progress.show(`${step.zh} ${step.en}`, step.done / step.total);
      },
    });
    progress.end();
    await writeResults(result, await readRejected(connection), options.out, odsWriter);
    return result;
  } finally {
    await odsWriter?.close();
  }
}

/** What is needed once the sources are read: a quarter of a second of loading. */
async function loadRest() {
  const [{ reconcile }, { packInForce }, { readRejected, writeResults }, { OdsWriter }] = await Promise.all([
    import('../contexts/operators/engine.ts'),
    import('../contexts/operators/rules/rule-pack.ts'),
    import('../contexts/operators/output/write-results.ts'),
    import('../contexts/operators/output/ods-writer.ts'),
  ]);
  return { OdsWriter, reconcile, packInForce, readRejected, writeResults };
}

/** Reads the sources; as soon as the threads that cut them are at work, this one loads the rest of the program. */
async function read(
  options: Options,
  bench: Workbench,
  signal: AbortSignal,
  progress: ProgressLine,
): Promise<[ReadReport, Awaited<ReturnType<typeof loadRest>>]> {
  const underWay = Promise.withResolvers<void>();
  const reading = readSources({
    directory: options.sources,
    connection: bench.connection,
    connect: () => bench.connect(),
    unused: unusedColumns,
    signal,
    leaveOut: ownResults(options.sources, options.out),
    onProgress: (told) => {
      underWay.resolve();
      progress.show(`讀取 ${told.file}`, told.totalBytes === 0 ? 0 : told.bytes / told.totalBytes);
    },
  }).finally(underWay.resolve);
  return Promise.all([reading, underWay.promise.then(loadRest)]);
}

function fileLine(file: ReadFile): string {
  if (file.problem !== null) return `  ✗ ${file.name}：${file.problem.zh} ${file.problem.en}\n`;
  const rejected = file.rejectedRows > 0 ? `，退件 ${file.rejectedRows} 列 (rejected)` : '';
  return `  ✓ ${file.name}：${file.kind ?? '?'}，${file.goodRows} 列 (rows)${rejected}\n`;
}

function summaryOf(result: RunResult): object {
  const steps = result.funnel.map((step) => [step.step, step.count]);
  return {
    asOf: result.asOf,
    pack: result.pack.id,
    funnel: Object.fromEntries(steps),
    findings: result.findings.length,
  };
}

function summaryText(result: RunResult, out: string): string {
  const width = Math.max(...result.funnel.map((step) => step.count.toLocaleString('en-US').length));
  const lines = result.funnel.map(
    (step) => `  ${step.count.toLocaleString('en-US').padStart(width)}  ${step.zh} ${step.en}`,
  );
  return `基準日 ${result.asOf}（${result.pack.id}）\n${lines.join('\n')}\n→ ${out}/findings.json, findings.xlsx, findings.ods, rejected.csv\n`;
}

function dayOf(text: string | undefined): Temporal.PlainDate {
  if (text === undefined) return Temporal.Now.plainDateISO('Asia/Taipei');
  const day = parseDate(text);
  if (day === null)
    throw new CommandFailure(
      `--as-of「${text}」不是日期，請寫成 2023-11-30。 --as-of “${text}” is no date; write 2023-11-30.`,
    );
  return day;
}

async function checkSources(folder: string): Promise<void> {
  let status: Stats;
  let names: string[];
  try {
    status = await stat(folder);
    names = status.isDirectory() ? await readdir(folder) : [];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new CommandFailure(
      `無法讀取資料夾 ${folder}（${code}）。 Cannot read the folder ${folder} (${code}).`,
    );
  }
  if (!status.isDirectory()) throw new CommandFailure(`${folder} 不是資料夾。 ${folder} is no folder.`);
  if (names.length === 0)
    throw new CommandFailure(`資料夾 ${folder} 是空的。 The folder ${folder} is empty.`);
}

async function packFrom(path: string): Promise<RulePack> {
  const { readRulePack, RulePackError } = await import('../contexts/operators/rules/read-rule-pack.ts');
  try {
    return await readRulePack(path);
  } catch (error) {
    throw error instanceof RulePackError ? new CommandFailure(error.message) : error;
  }
}

async function judgementsFrom(path: string | undefined): Promise<Judgement[]> {
  if (path === undefined) return [];
  const { JudgementError, parseJudgements } = await import('../contexts/operators/judgement.ts');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandFailure(
      `無法讀取 ${path}。 Cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'}).`,
    );
  }
  try {
    return parseJudgements(JSON.parse(text));
  } catch (error) {
    throw new CommandFailure(
      error instanceof JudgementError ? error.message : `${path} 不是 JSON。 ${path} is not JSON.`,
    );
  }
}

async function openBench(options: Options): Promise<Workbench> {
  const threads = Number(options.threads ?? 2);
  if (!Number.isInteger(threads) || threads < 1)
    throw new CommandFailure('--threads 應為正整數。 --threads must be a whole number above 0.');
  try {
    return await openWorkbench({ parent: options.temp, memory: options.memory, threads });
  } catch (error) {
    throw new CommandFailure(
      `無法建立暫存資料庫：${(error as Error).message.split('\n')[0]}。 Cannot open a temporary database.`,
    );
  }
}

async function orFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toFailure(error);
  }
}

/** Errors that a person can do something about end the command with 2 and their own message. */
function toFailure(error: unknown): unknown {
  if (error instanceof OutputFolderError) return new CommandFailure(error.message);
  if (error instanceof SourcesJsonError) return new CommandFailure(`${error.zh} ${error.en}`);
  return error;
}
