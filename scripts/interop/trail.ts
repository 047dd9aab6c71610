/** The audit trail, read by Python and openssl: both must say of each file what the product says. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemCaller } from '#platform/access';
import { auditMigrations, createAudit, openAuditKeys } from '#platform/audit/audit';
import { exportChain, verifyFile } from '#platform/audit/export';
import { rotateSigningKey, trustedVerifiers } from '#platform/audit/signing-key';
import { connect } from '#platform/database';
import { migrate } from '#platform/migrate';
import type { Interop } from './interop.ts';

const RECORDS = 500;
const script = fileURLToPath(new URL('verify_trail.py', import.meta.url));

export const trail: Interop = {
  about: 'audit trail against Python and openssl',
  needs: ['python3', 'openssl'],
  async run({ url, folder, agree }) {
    const database = connect(url, 2);
    try {
      await migrate(database.of('public'), [auditMigrations]);
      const file = join(folder, 'trail.jsonl');
      await record(database, folder);
      rotateSigningKey(folder);
      await record(database, folder);
      await exportChain(database.pool, file);
      await compare(file, folder, agree, 'as exported');
      const text = readFileSync(file, 'utf8');
      const damages: readonly [string, string][] = [
        ['a record changed', text.replace('"id":"thing-7"', '"id":"thing-8"')],
        ['a record taken out', text.split('\n').toSpliced(9, 1).join('\n')],
        ['two records exchanged', exchange(text.split('\n'), 4, 5).join('\n')],
        [
          'a signature changed',
          text.replace(
            /(— \S+ )(\w{8})/,
            (_, head: string, sign: string) => head + sign.split('').reverse().join(''),
          ),
        ],
      ];
      for (const [what, damaged] of damages) {
        writeFileSync(file, damaged);
        await compare(file, folder, agree, what);
      }
    } finally {
      await database.close();
    }
  },
};

async function record(database: ReturnType<typeof connect>, folder: string): Promise<void> {
  const audit = createAudit({ database, keys: openAuditKeys(folder, { create: true }) });
  for (let number = 0; number < RECORDS; number++) {
    const details = { name: '綠界 "科技"\t\u0001', number, nested: { list: [1, 'é', null, true] } };
    const entry = {
      caller: systemCaller('interop'),
      action: 'interop.done',
      subject: { kind: 'thing', id: `thing-${number}` },
      details,
    };
    await database
      .of('audit')
      .transaction()
      .execute((trx) => audit.record(trx, entry));
    if (number % 83 === 0) await audit.seal();
  }
  await audit.seal();
}

function exchange(lines: readonly string[], one: number, other: number): string[] {
  return lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '');
}

/** The product and the other implementation give the same verdict: whole or broken. */
async function compare(
  file: string,
  folder: string,
  agree: (what: string, ours: string, theirs: string) => void,
  what: string,
): Promise<void> {
  const verifiers = trustedVerifiers(folder);
  const ours = await verifyFile(file, verifiers).then(
    (report) => report.ok,
    () => false,
  );
  const theirs = spawnSync('python3', [script, file, ...verifiers.map((key) => key.text)], {
    encoding: 'utf8',
  });
  agree(
    `${what}: ${theirs.stdout.trim()}${theirs.stderr.trim().split('\n').at(-1) ?? ''}`,
    ours ? 'whole' : 'broken',
    theirs.status === 0 ? 'whole' : 'broken',
  );
}
