import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { organisationKinds } from '../access.ts';
import { readSandboxFile, writeSandboxFile } from '../sandbox-file.ts';
import { createRig, type AuthRig } from './rig.ts';
import { seedSandboxAccess } from './sandbox-access.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinlai-sandbox-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function seed(rig: AuthRig, path: string) {
  const content = await seedSandboxAccess(rig.auth, {
    path,
    baseUrl: 'http://localhost:8080',
    operatorUbn: '04595257',
  });
  await writeSandboxFile(path, content);
  return content;
}

describe('the people and keys of a sandbox', () => {
  it('work for every kind of organisation, and the file is for its owner alone', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const path = join(folder, 'first', 'sandbox.json');
    const content = await seed(rig, path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, 'first')), ['sandbox.json'], 'nothing half-written is left');
    assert.deepEqual(await readSandboxFile(path), content);
    for (const kind of organisationKinds) {
      const answer = await rig.app.inject({
        url: '/api/v1/me',
        headers: { authorization: `Bearer ${content.keys[kind]}` },
      });
      assert.equal(answer.json().organisation.kind, kind, answer.body);
      assert.equal(answer.json().space, 'test');
      assert.equal(answer.json().organisation.ubn, kind === 'operator' ? '04595257' : null);
    }
    for (const [name, one] of Object.entries(content.signIns)) {
      const browser = rig.browser();
      assert.equal((await browser.signIn(one)).statusCode, 200, name);
      const me = (await browser.send('GET', '/api/v1/me')).json();
      assert.equal(me.organisation.id, one.organisation);
      assert.deepEqual(me.roles, one.roles);
    }
    assert.ok('officer' in content.signIns && 'operator' in content.signIns);
  });

  it('stay the same at the next start, and only what no longer fits is made anew', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const path = join(folder, 'again', 'sandbox.json');
    const first = await seed(rig, path);
    assert.deepEqual(await seed(rig, path), first);
    await rig.auth.queries
      .updateTable('api_key')
      .set({ revoked_at: new Date() })
      .where('organisation_id', '=', 'org_sandbox_police')
      .execute();
    await rig.auth.queries
      .updateTable('account')
      .set({ password: 'aa:bb' })
      .where('person_id', '=', 'per_sandbox_officer')
      .execute();
    const third = await seed(rig, path);
    assert.notEqual(third.keys.police, first.keys.police);
    assert.equal(third.keys.ministry, first.keys.ministry);
    assert.notEqual(third.signIns['officer']?.password, first.signIns['officer']?.password);
    assert.equal(third.signIns['reviewer']?.password, first.signIns['reviewer']?.password);
  });

  it('are made anew beside a file that belongs to another database or is no file of ours', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const path = join(folder, 'foreign.json');
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"keys":{},"signIns":{}}',
      '{"keys":{"ministry":7},"signIns":{"officer":1}}',
    ]) {
      writeFileSync(path, text);
      assert.equal(await readSandboxFile(path), null, text);
    }
    const content = await seed(rig, path);
    await using other = await createRig({ mode: 'sandbox' });
    const again = await seed(other, path);
    assert.notEqual(again.keys.ministry, content.keys.ministry);
  });
});
