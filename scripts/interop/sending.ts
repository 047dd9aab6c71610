/** The product with its sender, its SMPP server and the simulated telecoms, and an agency with an account there. */
import { newId } from '#platform/id';
import { loadConfig } from '#platform/config';
import { createLog } from '#platform/log';
import { migrate } from '#platform/migrate';
import { connect } from '#platform/database';
import { permissionsOf, roles, type Caller } from '#platform/access';
import { createApp } from '../../src/app.ts';
import { allMigrations } from '../../src/migrations.ts';
import { approvedVersion } from '../../src/contexts/messaging/rig.ts';

export interface Sending {
  readonly smsc: { readonly port: number; readonly systemId: string; readonly password: string };
  /** Texts on a simulated phone (national number), oldest first. */
  textsOf(number: string): Promise<readonly string[]>;
  /** A text as it arrives at a number of nine digits. */
  asSent(number: string, text: string): string;
  close(): Promise<void>;
}

const CONTACT = '0800-009-868';

export async function openSending(databaseUrl: string, folder: string): Promise<Sending> {
  const database = connect(databaseUrl, 4);
  await migrate(database.of('public'), allMigrations);
  const config = loadConfig({
    XINLAI_DATA: folder,
    DATABASE_URL: databaseUrl,
    XINLAI_LOG_LEVEL: 'silent',
    XINLAI_PORT: '0',
  });
  const app = await createApp(config, createLog('silent'));
  await app.start();
  await app.http.ready();
  const id = newId('org');
  await app.auth.queries
    .insertInto('organisation')
    .values({ id, kind: 'agency', name_zh: '示範介接機關', name_en: 'Agency', ubn: null, spaces: ['test'] })
    .execute();
  const caller: Caller = {
    by: 'person',
    actorId: newId('usr'),
    organisation: { id, kind: 'agency', ubn: null },
    roles,
    permissions: permissionsOf('agency', roles),
    space: 'test',
  };
  const { secret } = await app.auth.keys.create(caller, { name: 'interop', space: 'test' });
  const { serviceName, versionId } = await approvedVersion(database, caller, {
    class: 'single',
    body: '{{text}}，洽詢 ',
    fields: [{ name: 'text', type: 'text', maxLength: 600 }],
  });
  const headers = { authorization: `Bearer ${secret}` };
  const made = await app.http.inject({
    method: 'POST',
    url: '/api/v1/messaging/smpp-accounts',
    headers,
    payload: { templateVersionId: versionId, networks: ['127.0.0.1'], maxBinds: 4 },
  });
  if (made.statusCode !== 201) throw new Error(`no SMPP account: ${made.body}`);
  const { account, password } = made.json<{ account: { systemId: string }; password: string }>();
  const port = app.messaging.smppPort();
  if (port === null) throw new Error('the SMPP server does not listen');
  return {
    smsc: { port, systemId: account.systemId, password },
    asSent: (number, text) => `${number.slice(-3)}${serviceName}：${text}，洽詢 ${CONTACT}`,
    async textsOf(number) {
      const answer = await app.http.inject({
        method: 'GET',
        url: `/api/v1/messaging/simulator/phones?search=${number}`,
        headers,
      });
      const { items } = answer.json<{ items: { texts: { text: string | null }[] }[] }>();
      return items.flatMap(({ texts }) => texts.map(({ text }) => text ?? ''));
    },
    async close() {
      await app.close();
      await database.close();
    },
  };
}
