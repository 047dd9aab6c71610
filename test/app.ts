import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LightMyRequestResponse } from 'fastify';
import { createApp, type App } from '../src/app.ts';
import { allMigrations } from '../src/migrations.ts';
import {
  permissionsOf,
  type Caller,
  type OrganisationKind,
  type Role,
  roles as allRoles,
} from '#platform/access';
import { loadConfig } from '#platform/config';
import { newId } from '#platform/id';
import { createLog } from '#platform/log';
import { freshDatabase } from './database.ts';

/** The whole product on a database of its own, called without a port. */
export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly folder: string;
  readonly databaseUrl: string;
  /** Makes an organisation and a test key that holds every role in it. */
  keyOf(kind: OrganisationKind, ubn?: string | null): Promise<TestKey>;
  /** Waits until no job waits or runs. */
  settle(): Promise<void>;
}

export interface TestKey {
  readonly caller: Caller;
  /** Value of the Authorization header. */
  readonly authorization: string;
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
}

/** Settings of a process that sends texts as well. */
export const sending = { XINLAI_ROLES: 'web,worker,smpp' } as const;

/**
 * `settings` are environment variables beside those of every test. `sending` also starts the sender of
 * texts and the SMPP server for agencies, which costs a second.
 */
export async function freshApp(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const fresh = await freshDatabase(allMigrations);
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-app-'));
  const config = loadConfig({
    XINLAI_DATA: folder,
    DATABASE_URL: fresh.url,
    XINLAI_LOG_LEVEL: 'silent',
    XINLAI_ROLES: 'web,worker',
    ...settings,
  });
  const app = await createApp(config, createLog('silent'));
  await app.start();
  await app.http.ready();
  return {
    app,
    folder,
    databaseUrl: fresh.url,
    async keyOf(kind, ubn = null) {
      const id = newId('org');
      await app.auth.queries
        .insertInto('organisation')
        .values({
          id,
          kind,
          name_zh: `測試 ${kind} ${id.slice(-6)}`,
          name_en: `${kind} ${id.slice(-6)}`,
          ubn,
          spaces: ['test', 'live'],
        })
        .execute();
      const held: readonly Role[] = allRoles;
      const caller: Caller = {
        by: 'person',
        actorId: newId('usr'),
        organisation: { id, kind, ubn },
        roles: held,
        permissions: permissionsOf(kind, held),
        space: 'test',
      };
      const { secret } = await app.auth.keys.create(caller, {
        name: 'test',
        space: 'test',
        scopes: [...caller.permissions],
      });
      return {
        caller,
        authorization: `Bearer ${secret}`,
        send: (method, url, body, headers = {}) =>
          app.http.inject({
            method,
            url,
            headers: { authorization: `Bearer ${secret}`, ...headers },
            ...(body !== undefined && { payload: body as object }),
          }),
      };
    },
    async settle() {
      for (;;) {
        const { waiting, running } = await app.jobs.status();
        if (waiting + running === 0) return;
        await sleep(50);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await fresh[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
