import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateSources } from '../contexts/operators/synthetic/generate-sources.ts';
import type { RunResult } from '../contexts/operators/run-result.ts';

const bin = fileURLToPath(new URL('../../bin/xinlai.js', import.meta.url));
let folder = '';
let sources = '';
/** Where the first run wrote to; tests that only look at a result share it. */
let written = '';
let first: ReturnType<typeof xinlai>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinlai-cli-'));
  sources = join(folder, 'sources');
  await generateSources({ seed: 3, out: sources, size: 'small', formats: 'csv' });
  written = join(folder, 'deep', 'out');
  first = reconcile(sources, written);
});
after(() => rm(folder, { recursive: true, force: true }));

function xinlai(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.doesNotMatch(stderr, /\n\s+at .*:\d+:\d+/u, 'a stack trace');
  return { code: status, out: stdout, err: stderr };
}
const reconcile = (from: string, to: string, ...more: string[]): ReturnType<typeof xinlai> =>
  xinlai('reconcile', '--sources', from, '--out', to, '--as-of', '2023-11-30', ...more);

describe('xinlai reconcile', () => {
  test('results that lie among the sources are no sources: a second run gives the same bytes', async () => {
    const inside = join(folder, 'inside');
    await generateSources({ seed: 4, out: inside, size: 'small', formats: 'csv' });
    for (const out of [inside, join(inside, 'results')]) {
      assert.equal(reconcile(inside, out).code, 0);
      const once = await readFile(join(out, 'findings.json'));
      assert.equal(reconcile(inside, out).code, 0);
      assert.deepEqual(await readFile(join(out, 'findings.json')), once);
      await Promise.all(
        ['findings.json', 'findings.xlsx', 'findings.ods', 'rejected.csv'].map((name) => rm(join(out, name))),
      );
    }
  });

  test('makes the folder and writes findings.json, findings.xlsx, findings.ods and rejected.csv', async () => {
    const out = written;
    assert.equal(first.code, 0, first.err);
    assert.deepEqual((await readdir(out)).toSorted(), [
      'findings.json',
      'findings.ods',
      'findings.xlsx',
      'rejected.csv',
    ]);
    const result = JSON.parse(await readFile(join(out, 'findings.json'), 'utf8')) as RunResult;
    assert.equal(result.asOf, '2023-11-30');
    assert.deepEqual(Object.keys(result.operators[0]!).slice(0, 4), ['ubn', 'name', 'status', 'reasons']);
    assert.ok(result.funnel.every((step) => typeof step.step === 'string' && Number.isInteger(step.count)));
    assert.equal(result.operators.filter((one) => one.status === 'operating').length, 30);
    assert.ok(result.findings.every((finding) => finding.evidence.length > 0));
    const book = await readFile(join(out, 'findings.xlsx'));
    assert.equal(book.subarray(0, 2).toString(), 'PK');
    assert.match(await readFile(join(out, 'rejected.csv'), 'utf8'), /^\uFEFFfile,row,column,value,reason,/u);
  });

  test('a file it does not know is listed, and the rest is reconciled', async () => {
    const mixed = join(folder, 'mixed');
    await mkdir(mixed);
    for (const file of await readdir(sources)) await copyFile(join(sources, file), join(mixed, file));
    await writeFile(join(mixed, 'recipes.csv'), 'dish,minutes\nsoup,20\n');
    const out = join(folder, 'mixed-out');
    const { code, err } = reconcile(mixed, out);
    assert.equal(code, 0, err);
    assert.match(err, /✗ recipes\.csv/u);
    assert.match(await readFile(join(out, 'rejected.csv'), 'utf8'), /recipes\.csv/u);
    const { sources: listed } = JSON.parse(await readFile(join(out, 'findings.json'), 'utf8')) as RunResult;
    assert.equal(listed.find((file) => file.file === 'recipes.csv')?.kind, null);
  });

  test('ends with 2 and a message where nothing can be read', async () => {
    const empty = join(folder, 'empty');
    const strange = join(folder, 'strange');
    await Promise.all([mkdir(empty), mkdir(strange)]);
    await writeFile(join(strange, 'recipes.csv'), 'dish,minutes\nsoup,20\n');
    const out = join(folder, 'never');
    const bad: [string, RegExp, string, ...string[]][] = [
      ['missing folder', /Cannot read the folder/u, join(folder, 'nowhere')],
      ['empty folder', /is empty/u, empty],
      ['no known file', /No file in/u, strange],
      ['a file for a folder', /is no folder/u, bin],
      ['a bad pack', /rule pack/u, sources, '--pack', join(strange, 'recipes.csv')],
      ['bad judgements', /JSON/u, sources, '--judgements', join(strange, 'recipes.csv')],
    ];
    for (const [what, message, from, ...more] of bad) {
      const { code, err } = reconcile(from, out, ...more);
      assert.equal(code, 2, `${what}: ${err}`);
      assert.match(err, message, what);
    }
    await writeFile(join(strange, 'sources.json'), '{nope');
    const choices = reconcile(strange, out);
    assert.equal(choices.code, 2);
    assert.match(choices.err, /^xinlai: sources\.json：不是/mu);
    const day = xinlai('reconcile', '--sources', sources, '--out', out, '--as-of', '2023-02-30');
    assert.deepEqual([day.code, /is no date/u.test(day.err)], [2, true]);
    assert.equal(reconcile(sources, join(bin, 'out')).code, 2);
    assert.equal(xinlai('reconcile').code, 2);
    assert.equal(xinlai('no-such-command').code, 2);
  });

  test('a folder that can never be made ends with 2, even where the system says that nothing is there', async () => {
    const file = join(folder, 'a file');
    await writeFile(file, '');
    const below = process.platform === 'linux' ? ['/proc/none/out', join(file, 'out')] : [join(file, 'out')];
    for (const out of below) {
      const { code, err } = reconcile(sources, out);
      assert.equal(code, 2, err);
      assert.match(err, /Cannot write to the output folder/u);
    }
  });

  test('a folder without leave to write ends with 2', { skip: process.getuid?.() === 0 }, async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    assert.equal(reconcile(sources, closed).code, 2);
  });

  describe('a second run, of a read-only source folder, with a temporary folder and --json', () => {
    let temp = '';
    let out = '';
    let second: ReturnType<typeof xinlai>;
    before(async () => {
      [temp, out] = [join(folder, 'temp'), join(folder, 'out-ro')];
      await mkdir(temp);
      await chmod(sources, 0o500);
      second = reconcile(sources, out, '--temp', temp, '--json');
      await chmod(sources, 0o700);
    });

    test('a read-only source folder is enough, and no temporary file stays behind', async () => {
      assert.equal(second.code, 0, second.err);
      assert.deepEqual(await readdir(temp), []);
    });

    test('the same input gives the same bytes in every file', async () => {
      assert.deepEqual(await readdir(out), await readdir(written));
      for (const file of await readdir(written))
        assert.ok((await readFile(join(written, file))).equals(await readFile(join(out, file))), file);
    });

    test('--json prints the summary and nothing else on stdout', () => {
      const summary = JSON.parse(second.out) as { asOf: string; funnel: Record<string, number> };
      assert.deepEqual([summary.asOf, summary.funnel['operating']], ['2023-11-30', 30]);
    });
  });

  test('SIGTERM ends it at once, and no temporary file stays behind', async () => {
    const temp = join(folder, 'temp-signal');
    await mkdir(temp);
    const args = [
      bin,
      'reconcile',
      '--sources',
      sources,
      '--out',
      join(folder, 'out-signal'),
      '--as-of',
      '2023-11-30',
      '--temp',
      temp,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await once(child.stderr, 'data');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 143);
    assert.deepEqual(await readdir(temp), []);
  });
});
