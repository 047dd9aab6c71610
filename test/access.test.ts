import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freshDatabase, type FreshDatabase } from '#test/database';
import { permissionsOf, roles, systemCaller, type Caller, type OrganisationKind } from '#platform/access';
import { loadConfig } from '#platform/config';
import type { RouteSchema } from '#platform/http/contract';
import { createLog } from '#platform/log';
import { createApp, type App } from '../src/app.ts';
import { allContracts, callers, describeAccess, isLetIn, reachOf, served } from './access-table.ts';

const PAGE = 'docs/access.md';
const UBNS = ['04595257', '53212539'] as const;

let app: App;
let fresh: FreshDatabase;
let contracts: RouteSchema[];
const folder = mkdtempSync(join(tmpdir(), 'xinlai-access-'));

before(async () => {
  fresh = await freshDatabase();
  const config = loadConfig({ DATABASE_URL: fresh.url, XINLAI_DATA: folder, XINLAI_PORT: '8080' });
  app = await createApp(config, createLog('silent'));
  await app.http.ready();
  contracts = served(app.http, await allContracts());
});

after(async () => {
  await app.close();
  await fresh[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function newOrganisation(kind: OrganisationKind, name: string, ubn: string | null): Promise<Caller> {
  const id = `org_${kind}_${name}`;
  await app.auth.queries
    .insertInto('organisation')
    .values({ id, kind, name_zh: id, name_en: id, ubn, spaces: ['test'] })
    .execute();
  return {
    ...systemCaller('test'),
    organisation: { id, kind, ubn },
    roles,
    permissions: permissionsOf(kind, roles),
    space: 'test',
  };
}

const keyOf = async (caller: Caller): Promise<string> =>
  (await app.auth.keys.create(caller, { name: 'every role', space: 'test' })).secret;

describe('access', () => {
  it('is written down for every route that is served', () => {
    const paths = (app.http.swagger() as { paths: Record<string, Record<string, unknown>> }).paths;
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, ':')}`),
    );
    // The document joins paths that differ in the names of their parameters alone.
    const written = new Set(contracts.map(({ method, url }) => `${method} ${url.replaceAll(/:\w+/g, ':')}`));
    assert.deepEqual(
      documented.filter((route) => !written.has(route)),
      [],
    );
    const page = describeAccess(contracts);
    if (process.env['XINLAI_WRITE'] === '1') writeFileSync(PAGE, page);
    assert.equal(readFileSync(PAGE, 'utf8'), page, `${PAGE} is out of date; see its first lines`);
  });

  it('is as the table says, for every route and every kind of organisation', async () => {
    const wrong: string[] = [];
    for (const caller of callers) {
      const key =
        caller === 'anonymous'
          ? null
          : await keyOf(await newOrganisation(caller, 'table', caller === 'operator' ? UBNS[0] : null));
      for (const contract of contracts) {
        const expected = reachOf(contract, caller) !== '–';
        const actual = await isLetIn(app.http, contract, key);
        if (actual !== expected)
          wrong.push(`${contract.method} ${contract.url} as ${caller}: ${actual ? 'let in' : 'refused'}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('never shows an operator, telecom or ISAC member a row of another one', async () => {
    for (const kind of ['operator', 'telecom', 'isac-member'] as const) {
      const isOperator = kind === 'operator';
      await app.auth.queries.deleteFrom('organisation').where('kind', '=', kind).execute();
      const [mine, theirs] = [
        await newOrganisation(kind, 'mine', isOperator ? UBNS[0] : null),
        await newOrganisation(kind, 'theirs', isOperator ? UBNS[1] : null),
      ];
      const key = await keyOf(mine);
      const foreign = await app.auth.keys.create(theirs, { name: 'their key', space: 'test' });
      const invitation = await app.auth.queries.transaction().execute((trx) =>
        app.auth.invitations.invite(trx, theirs, theirs.organisation.id, {
          email: `them@${kind}.example`,
          name: '他人',
          roles: ['administrator'],
        }),
      );
      await app.auth.invitations.accept(invitation.token, { password: 'a password of theirs' });
      const secrets = [
        theirs.organisation.id,
        foreign.id,
        invitation.id,
        invitation.personId,
        `them@${kind}.example`,
      ];
      if (isOperator) secrets.push(UBNS[1]);
      for (const contract of contracts) {
        if (contract.method !== 'GET' || contract.access === 'public' || reachOf(contract, kind) === '–')
          continue;
        const asked = [theirs.organisation.id, foreign.id, invitation.id, invitation.personId, UBNS[1]];
        const urls = contract.url.includes(':')
          ? asked.map((id) => contract.url.replaceAll(/:\w+/g, id))
          : [contract.url];
        for (const url of urls) {
          const response = await app.http.inject({
            url,
            headers: { authorization: `Bearer ${key}` },
            payloadAsStream: true,
          });
          const stream = response.stream();
          if (/event-stream/.test(String(response.headers['content-type']))) {
            stream.destroy();
            continue;
          }
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
          // A refusal may repeat what was asked for; it tells nothing that the caller did not say.
          const text = Buffer.concat(chunks).toString('utf8');
          const leaks = response.statusCode >= 400 ? [] : secrets.filter((one) => text.includes(one));
          assert.deepEqual(leaks, [], `${url} as another ${kind}: ${text.slice(0, 300)}`);
        }
      }
    }
  });

  it('is refused by a key of no scope on every route that asks for a permission', async () => {
    const caller = await newOrganisation('ministry', 'bare', null);
    const { secret } = await app.auth.keys.create(caller, { name: 'no scope', space: 'test', scopes: [] });
    for (const contract of contracts) {
      const free = contract.access === 'public' || contract.access === 'signed-in';
      assert.equal(await isLetIn(app.http, contract, secret), free, `${contract.method} ${contract.url}`);
    }
  });
});
