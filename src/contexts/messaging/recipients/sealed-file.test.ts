import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSealed, SealedFileError, SealedWriter } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinlai-sealed-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'rows');
const key = randomBytes(32);
const name = 'bat_1/rows';

function write(): Buffer {
  const writer = new SealedWriter(path, key, name);
  for (const text of ['0912345678', '王小明', 'third']) writer.frame(Buffer.from(text));
  writer.end();
  return readFileSync(path);
}
const read = (as = name, under = key): string[] =>
  [...readSealed(path, under, as)].map(({ content }) => content.toString());

test('frames come back in order, from the beginning or from a place on, and none stands in the file', () => {
  const bytes = write();
  assert.deepEqual(read(), ['0912345678', '王小明', 'third']);
  const second = [...readSealed(path, key, name)][0]!.next;
  assert.equal([...readSealed(path, key, name, second)][0]?.content.toString(), '王小明');
  assert.equal(bytes.includes('0912345678'), false);
});

test('a file that was changed, cut, put together otherwise, renamed or read under another key is refused', () => {
  const bytes = write();
  assert.throws(() => read('bat_2/rows'), SealedFileError);
  assert.throws(() => read(name, randomBytes(32)), SealedFileError);
  for (let at = 0; at < bytes.length; at += 7) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    writeFileSync(path, changed);
    assert.throws(() => read(), SealedFileError, `byte ${at}`);
  }
  for (const length of [0, 10, 40, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, length));
    assert.throws(() => read(), SealedFileError, `cut at ${length}`);
  }
  const first = 4 + 10 + 16;
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 20), bytes.subarray(20 + first)]));
  assert.throws(() => read(), SealedFileError, 'a frame less');
});
