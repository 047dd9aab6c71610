import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { addBoxKey, openSecretBox } from './secret-box.ts';

function folder(t: { after(work: () => void): void }): string {
  const made = mkdtempSync(join(tmpdir(), 'xinlai-box-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('what is sealed comes back, and stays readable after a new key', (t) => {
  const keys = folder(t);
  const before = openSecretBox(keys);
  fc.assert(fc.property(fc.string(), (text) => assert.equal(before.open(before.seal(text)), text)));
  const sealed = before.seal('whsec_old');
  addBoxKey(keys);
  const after = openSecretBox(keys);
  assert.equal(after.open(sealed), 'whsec_old');
  assert.notEqual(after.derive('session')[0], before.derive('session')[0]);
  assert.equal(after.derive('session')[1], before.derive('session')[0]);
  assert.equal(statSync(join(keys, 'box.keys')).mode & 0o777, 0o600);
});

test('a changed byte is refused, and so is a key that is gone', (t) => {
  const box = openSecretBox(folder(t));
  const sealed = box.seal('secret');
  const at = sealed.lastIndexOf('.') + 20;
  const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
  assert.throws(() => box.open(changed));
  assert.throws(() => openSecretBox(folder(t)).open(sealed), { code: 'secret_box.unknown_key' });
});
