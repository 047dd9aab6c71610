/** The door: writes the sources of an invented world in their true shapes and answers the planted truth. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeBig5 } from './big5.ts';
import { closedUploads } from './closed-uploads.ts';
import { type FileSink, plainSink, zipSink } from './file-sink.ts';
import type { World } from './firm.ts';
import { NationalMass, nationalRows } from './national.ts';
import { passedBlocks, passedCsv } from './passed-list.ts';
import { seededRandom } from './random.ts';
import {
  businessByItem,
  companyByItem,
  companyList,
  type Register,
  taxRegister,
  taxStamp,
} from './registers.ts';
import { csvLine, type Sheet, type SheetRow } from './sheet.ts';
import { auditQuota, smallQuota } from './size.ts';
import { type TruthRow, type Verdict, verdictOn } from './truth.ts';
import { writeWorkbook } from './workbook.ts';
import { buildWorld } from './world.ts';

/** What to write. */
export interface GenerateOptions {
  /** Whole number; the same seed gives the same bytes. */
  readonly seed: number;
  /** Folder; made if missing. Files of the same names are replaced. */
  readonly out: string;
  /** `audit`: about 32,000 firms; `small`: about 600; `national`: 1.71 million tax rows around the audit's firms. */
  readonly size?: 'audit' | 'national' | 'small';
  /** The day of the truth (YYYY-MM-DD); the files are the same for every day. */
  readonly asOf?: string;
  /** `csv`: UTF-8 CSV everywhere; `mixed`: zip, ODS, XLSX, UTF-16 and Big5 among them. */
  readonly formats?: 'csv' | 'mixed';
  /** Where to write the truth as JSON; outside `out`, or an import would find it. */
  readonly truthFile?: string;
}

/** A file that was written. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
}

/** The planted truth with the rows that carry it. */
export interface Truth extends Verdict {
  readonly seed: number;
  readonly size: 'audit' | 'national' | 'small';
  readonly files: readonly WrittenFile[];
  /** Rows that carry a valid number, with the firm they mean. Rows that cause an identifier conflict are left out. */
  readonly ubnRows: readonly TruthRow[];
  /** Rows to be matched by name (no number, or one that fails the check); null where nobody can be identified. */
  readonly nameOnlyRows: readonly TruthRow[];
  /** Rows of closed uploads that cannot be read. */
  readonly rejectedRows: readonly { readonly file: string; readonly row: number }[];
}

/** Writes all sources. Rejects with the error of the file system where the folder cannot be written. */
export async function generateSources(options: GenerateOptions): Promise<Truth> {
  const { seed, out, size = 'audit', asOf = '2023-11-30', formats = 'mixed' } = options;
  const world = buildWorld(seed, size === 'small' ? smallQuota : auditQuota);
  await mkdir(out, { recursive: true });
  const files = new Written(out);
  await writeRegisters(world, files, size === 'national', formats);
  await writePassedList(world, files, formats);
  await writeUploads(world, files, formats);
  const truth: Truth = {
    seed,
    size,
    ...verdictOn(world, asOf),
    files: await files.sizes(),
    ...files.meanings(),
  };
  if (options.truthFile !== undefined)
    await writeFile(options.truthFile, `${JSON.stringify(truth, null, 1)}\n`);
  return truth;
}

/** Keeps what was written and what its rows mean. */
class Written {
  readonly #out: string;
  readonly #names: string[] = [];
  readonly #ubnRows: TruthRow[] = [];
  readonly #nameOnlyRows: TruthRow[] = [];
  readonly #rejectedRows: { file: string; row: number }[] = [];

  constructor(out: string) {
    this.#out = out;
  }

  path(name: string): string {
    this.#names.push(name);
    return join(this.#out, name);
  }

  /** Notes the rows of a file; `firstRow` is the line or sheet row of `rows[0]`. */
  note(file: string, rows: readonly SheetRow[], firstRow: number): void {
    rows.forEach(({ meaning }, i) => {
      if (meaning === undefined) return;
      const row = firstRow + i;
      if (meaning.by === 'rejected') this.#rejectedRows.push({ file, row });
      else (meaning.by === 'ubn' ? this.#ubnRows : this.#nameOnlyRows).push({ file, row, ubn: meaning.ubn });
    });
  }

  async sizes(): Promise<WrittenFile[]> {
    return Promise.all(
      this.#names.map(async (name) => ({ name, bytes: (await stat(join(this.#out, name))).size })),
    );
  }

  meanings(): Pick<Truth, 'ubnRows' | 'nameOnlyRows' | 'rejectedRows'> {
    return { ubnRows: this.#ubnRows, nameOnlyRows: this.#nameOnlyRows, rejectedRows: this.#rejectedRows };
  }
}

const BOM = '\ufeff';

async function pour(sink: FileSink, lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    const full = sink.write(line);
    if (full !== undefined) await full;
  }
}

async function writeRegisters(
  world: World,
  files: Written,
  national: boolean,
  formats: 'csv' | 'mixed',
): Promise<void> {
  const plain = async (register: Register, more: Iterable<string> = []): Promise<void> => {
    const sink = plainSink(files.path(`${register.stem}.csv`));
    await pour(sink, [BOM + register.header]);
    await pour(sink, register.lines());
    await pour(sink, more);
    await sink.close();
  };
  await plain(companyByItem(world));
  await plain(businessByItem(world));
  const companies = world.firms.filter((f) => f.kind === 'company').length;
  const mass = new NationalMass(world, national ? nationalRows.companies - companies : 0);
  await plain(companyList(world), mass.companyLines());

  const tax = taxRegister(world);
  const sink =
    formats === 'csv'
      ? plainSink(files.path('BGMOPEN1.csv'))
      : zipSink(files.path('BGMOPEN1.zip'), 'BGMOPEN1.csv');
  await pour(sink, [BOM + tax.header, taxStamp]);
  let rows = 0;
  for (const line of tax.lines()) {
    rows++;
    await sink.write(line);
  }
  if (national) await pour(sink, mass.taxLines(nationalRows.tax - rows));
  await sink.close();
}

/** By seed as CSV, as ODS, or as both with one content. */
async function writePassedList(world: World, files: Written, formats: 'csv' | 'mixed'): Promise<void> {
  const way = formats === 'csv' ? 0 : world.seed % 3;
  if (way !== 1) await writeCsv(files, passedCsv(world), 'utf-8-bom');
  if (way !== 0) {
    const { stem, rows } = passedBlocks(world);
    await writeWorkbook(
      files.path(`${stem}.ods`),
      'ods',
      rows.map((r) => r.cells),
    );
    files.note(`${stem}.ods`, rows, 1);
  }
}

type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'big5';

/** Every form that offices send stands among the seven uploads of a seed. */
async function writeUploads(world: World, files: Written, formats: 'csv' | 'mixed'): Promise<void> {
  const ways: (Encoding | 'xlsx')[] =
    formats === 'csv'
      ? []
      : seededRandom(world.seed, 'formats').shuffle([
          'xlsx',
          'xlsx',
          'big5',
          'big5',
          'utf-16le',
          'utf-8',
          'utf-8-bom',
        ]);
  for (const [i, sheet] of closedUploads(world).entries()) {
    const way = ways[i] ?? 'utf-8-bom';
    if (way !== 'xlsx') {
      await writeCsv(files, sheet, way);
      continue;
    }
    const name = `${sheet.stem}.xlsx`;
    await writeWorkbook(files.path(name), 'xlsx', [sheet.header, ...sheet.rows.map((r) => r.cells)]);
    files.note(name, sheet.rows, 2);
  }
}

async function writeCsv(files: Written, sheet: Sheet, encoding: Encoding): Promise<void> {
  const name = `${sheet.stem}.csv`;
  const text = [csvLine(sheet.header), ...sheet.rows.map((r) => csvLine(r.cells))].join('');
  await writeFile(files.path(name), encode(text, encoding));
  files.note(name, sheet.rows, 2);
}

function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'big5') return encodeBig5(text);
  if (encoding === 'utf-16le') return Buffer.from(BOM + text, 'utf16le');
  return Buffer.from(encoding === 'utf-8-bom' ? BOM + text : text, 'utf8');
}
