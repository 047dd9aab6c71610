import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { freshDatabase } from '#test/database';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function xinlai(args: readonly string[], env: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/cli/main.ts', 'admin', ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

describe('xinlai admin invite', () => {
  it('prints a one-time link of the first live administrator, whose token is kept as a hash', async () => {
    await using fresh = await freshDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'xinlai-admin-'));
    const keys = mkdtempSync(join(tmpdir(), 'xinlai-keys-'));
    writeFileSync(join(keys, 'vault.key'), randomBytes(32).toString('base64'), { mode: 0o600 });
    const env = {
      DATABASE_URL: fresh.url,
      XINLAI_DATA: folder,
      XINLAI_MODE: 'live',
      XINLAI_VAULT_KEY_FILE: join(keys, 'vault.key'),
      XINLAI_PUBLIC_URL: 'https://xinlai.example',
    };
    try {
      const wish = [
        'invite',
        '--email',
        'boss@ministry.example',
        '--organisation',
        '測試部',
        '--kind',
        'ministry',
      ];
      const invited = await xinlai(wish, env);
      assert.equal(invited.code, 0, invited.stderr);
      const token = /^https:\/\/xinlai\.example\/invitation#(\S{40,})\n$/.exec(invited.stdout)?.[1] ?? '';
      assert.notEqual(token, '', invited.stdout);
      const { rows } = await fresh.database.pool.query<{ all: string; hours: number }>(
        `select row_to_json(i)::text as all, extract(epoch from expires_at - created_at)::float8 / 3600 as hours
         from auth.invitation i`,
      );
      assert.equal(rows.length, 1);
      assert.equal(Math.round((rows[0]?.hours ?? 0) * 3600), 24 * 3600);
      assert.ok(!rows[0]?.all.includes(token));
      const acts = await fresh.database.pool.query('select action, actor_id from audit.entry order by id');
      assert.deepEqual(
        acts.rows.map((row: { action: string; actor_id: string }) => `${row.actor_id} ${row.action}`),
        ['system:command-line auth.organisation_created', 'system:command-line auth.person_invited'],
      );

      const again = await xinlai([...wish, '--json'], env);
      assert.equal(JSON.parse(again.stdout).made, false, 'the organisation is there already');
      const left = await fresh.database.pool.query('select 1 from auth.invitation');
      assert.equal(left.rowCount, 1, 'the first link ended');
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(keys, { recursive: true, force: true });
    }
  });

  it('says what is wrong with what it was given, and changes nothing', async () => {
    for (const [args, message] of [
      [['--email', 'a@b.example', '--organisation', '部', '--kind', 'shop'], /no such kind/],
      [['--email', 'nobody', '--organisation', '部', '--kind', 'ministry'], /not an e-mail address/],
      [['--organisation', '部', '--kind', 'ministry'], /--email/],
    ] as const) {
      const refused = await xinlai(['invite', ...args], { DATABASE_URL: 'postgres://127.0.0.1:9/none' });
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(refused.stderr, message);
      assert.equal(refused.stdout, '');
    }
  });
});
