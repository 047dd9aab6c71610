import { randomBytes } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshDatabase } from '#test/database';
import { permissionsOf, systemCaller, type Caller, type OrganisationKind, type Role } from '../access.ts';
import { auditMigrations, createAudit, openAuditKeys } from '../audit/audit.ts';
import { fixedClock, movableClock, type MovableClock } from '../clock.ts';
import { createHttp } from '../http/server.ts';
import { newId } from '../id.ts';
import { createLog } from '../log.ts';
import { createAuth, authMigrations, type Auth, type AuthDeps } from './auth.ts';
import { registerAuthRoutes } from './routes.ts';

export interface SentMail {
  readonly to: string;
  readonly text: string;
}

/** A person with a password in an organisation, for tests. */
export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly organisationId: string;
}

/** Sign-in on a real PostgreSQL behind the real HTTP server, called by `inject`. */
export interface AuthRig extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly auth: Auth;
  readonly deps: AuthDeps;
  /** Actions in the audit trail, oldest first. */
  acts(): Promise<string[]>;
  readonly mails: SentMail[];
  readonly clock: MovableClock;
  /** Lets every wait after wrong guesses run out. */
  expireWaits(): Promise<void>;
  /** Waits for what was started in the background of an answer. */
  settle(): Promise<void>;
  organisation(kind: OrganisationKind, ubn?: string | null): Promise<string>;
  person(organisationId: string, roles: readonly Role[]): Promise<TestPerson>;
  key(organisationId: string, kind: OrganisationKind, roles: readonly Role[]): Promise<string>;
  callerOf(organisationId: string, kind: OrganisationKind, roles: readonly Role[]): Caller;
  browser(): Browser;
}

/** Keeps cookies as a browser does, and sends what a browser says about the origin. */
export interface Browser {
  readonly cookies: Map<string, string>;
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  signIn(person: { email: string; password: string }): Promise<LightMyRequestResponse>;
}

export const PUBLIC_URL = 'http://localhost:8080';

/** Of every person of the tests, hashed once a process: scrypt takes 0.1 s by design. */
const PASSWORD = `pass-${randomBytes(9).toString('base64url')}`;
let hashed: Promise<string> | undefined;

export async function createRig(overrides: Partial<AuthDeps> = {}): Promise<AuthRig> {
  const fresh = await freshDatabase([auditMigrations, authMigrations]);
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-auth-'));
  const mails: SentMail[] = [];
  const clock = movableClock(fixedClock(new Date().toISOString()));
  const deps: AuthDeps = {
    database: fresh.database,
    audit: createAudit({ database: fresh.database, keys: openAuditKeys(folder, { create: true }) }),
    mail: {
      send: async (_, mail) => {
        mails.push(mail);
      },
    },
    clock,
    log: createLog('silent'),
    mode: 'live',
    publicUrl: PUBLIC_URL,
    secrets: [randomBytes(32).toString('hex')],
    ...overrides,
  };
  const auth = await createAuth(deps);
  const app = await createHttp({
    log: createLog('silent'),
    version: '0.0.0',
    trustedProxies: [],
    identify: (request) => auth.identify(request),
  });
  registerAuthRoutes(app, auth, { mailsLinks: true });
  await app.ready();
  const { queries } = auth;
  return {
    app,
    auth,
    deps,
    async acts() {
      const { rows } = await fresh.database.pool.query<{ action: string }>(
        'select action from audit.entry order by id',
      );
      return rows.map((row) => row.action);
    },
    mails,
    clock,
    async expireWaits() {
      await fresh.database.pool.query('update auth.sign_in_failure set locked_until = null');
    },
    async settle() {
      for (let round = 0; round < 100 && mails.length === 0; round++) await sleep(20);
    },
    async organisation(kind, ubn = null) {
      const id = newId('org');
      await queries
        .insertInto('organisation')
        .values({ id, kind, name_zh: `測試${id}`, name_en: id, ubn, spaces: ['test', 'live'] })
        .execute();
      return id;
    },
    async person(organisationId, roles) {
      const id = newId('per');
      const email = `${id.slice(4)}@staff.example`;
      hashed ??= auth.passwords.hashPassword(PASSWORD);
      await queries
        .insertInto('person')
        .values({ id, name: '王小明', email, image: null, last_organisation_id: null })
        .execute();
      await queries
        .insertInto('membership')
        .values({ organisation_id: organisationId, person_id: id, roles: [...roles] })
        .execute();
      await queries
        .insertInto('account')
        .values({
          id: newId('acc'),
          account_id: id,
          provider_id: 'credential',
          person_id: id,
          password: await hashed,
        })
        .execute();
      return { id, email, password: PASSWORD, organisationId };
    },
    callerOf: testCaller,
    async key(organisationId, kind, roles) {
      const caller = testCaller(organisationId, kind, roles);
      const { secret } = await auth.keys.create(caller, { name: 'test', space: 'test', roles });
      return secret;
    },
    browser: () => createBrowser(app),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await auth.close();
      await fresh[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function testCaller(organisationId: string, kind: OrganisationKind, roles: readonly Role[]): Caller {
  const organisation = { id: organisationId, kind, ubn: null };
  return { ...systemCaller('test'), organisation, roles, permissions: permissionsOf(kind, roles) };
}

function createBrowser(app: FastifyInstance): Browser {
  const cookies = new Map<string, string>();
  const send: Browser['send'] = async (method, url, body, headers = {}) => {
    const options: InjectOptions = {
      method,
      url,
      headers: {
        host: 'localhost:8080',
        ...(method !== 'GET' && { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' }),
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      ...(body !== undefined && { payload: body as object }),
    };
    const response = await app.inject(options);
    for (const { name, value, maxAge } of response.cookies) {
      if (value === '' || maxAge === 0) cookies.delete(name);
      else cookies.set(name, encodeURIComponent(value));
    }
    return response;
  };
  return {
    cookies,
    send,
    signIn: ({ email, password }) => send('POST', '/api/auth/sign-in/email', { email, password }),
  };
}
