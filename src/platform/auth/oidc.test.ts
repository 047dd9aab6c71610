import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createRig, PUBLIC_URL, type AuthRig, type Browser } from './rig.ts';

const CLIENT = { clientId: 'xinlai', clientSecret: 'a secret of the test issuer alone' };

interface Issuer extends AsyncDisposable {
  readonly url: string;
  /** Who is signed in at the issuer. */
  holder: { sub: string; email: string; email_verified?: boolean; name: string };
}

/** `oidc-provider` on loopback, whose user is always signed in and always agrees. */
async function startIssuer(): Promise<Issuer> {
  // Its types are not installed; the few calls used are named here.
  const name: string = 'oidc-provider';
  const { default: Provider } = (await import(name)) as {
    default: new (url: string, options: object) => OidcProvider;
  };
  const handler: { current: (request: IncomingMessage, response: ServerResponse) => void } = {
    current: () => {},
  };
  const server: Server = createServer((request, response) => handler.current(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: { holder: Issuer['holder'] } = { holder: { sub: '1', email: '', name: '' } };
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${PUBLIC_URL}/api/auth/callback/oidc`],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ ...issuer.holder }) }),
    loadExistingGrant: async (context: OidcContext) => {
      const grant = new context.oidc.provider.Grant({
        clientId: CLIENT.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  handler.current = (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return callback(request, response);
    void provider.interactionFinished(request, response, { login: { accountId: issuer.holder.sub } });
  };
  return Object.assign(issuer, {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

interface OidcProvider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  readonly Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<string> };
}

interface OidcContext {
  readonly oidc: { readonly provider: OidcProvider; readonly session: { readonly accountId: string } };
}

/** Follows the issuer's redirects as a browser does, back to our callback; returns where that leads. */
async function signInAt(rig: AuthRig, browser: Browser): Promise<string> {
  const start = await browser.send('POST', '/api/auth/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/console',
    errorCallbackURL: '/sign-in',
  });
  assert.equal(start.statusCode, 200, start.body);
  const jar = new Map<string, string>();
  let url: string = start.json().url;
  while (!url.startsWith(PUBLIC_URL)) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get('location');
    assert.ok(location !== null, `${response.status} ${await response.text()}`);
    url = new URL(location, url).href;
  }
  const { pathname, search } = new URL(url);
  const back = await browser.send('GET', `${pathname}${search}`, undefined, {
    'sec-fetch-site': 'cross-site',
  });
  assert.equal(back.statusCode, 302, back.body);
  return String(back.headers.location);
}

async function withIssuer(work: (rig: AuthRig, issuer: Issuer) => Promise<void>): Promise<void> {
  await using issuer = await startIssuer();
  await using rig = await createRig({ mode: 'sandbox', oidc: { issuer: issuer.url, ...CLIENT } });
  await work(rig, issuer);
}

describe('single sign-on', () => {
  it('signs in the person who has that address, and keeps no token of the issuer', () =>
    withIssuer(async (rig, issuer) => {
      const person = await rig.person(await rig.organisation('agency'), ['officer']);
      issuer.holder = {
        sub: 'a-1',
        email: person.email.toUpperCase(),
        email_verified: true,
        name: '別的名字',
      };
      const browser = rig.browser();
      assert.equal(await signInAt(rig, browser), '/console');
      const me = (await browser.send('GET', '/api/v1/me')).json();
      assert.equal(me.person.id, person.id);
      assert.equal(me.person.name, '王小明');
      const { rows } = await rig.deps.database.pool.query(
        "select access_token, refresh_token, id_token from auth.account where provider_id = 'oidc'",
      );
      assert.deepEqual(rows, [{ access_token: null, refresh_token: null, id_token: null }]);

      issuer.holder = {
        sub: 'a-1',
        email: 'new-address@staff.example',
        email_verified: true,
        name: '別的名字',
      };
      const again = rig.browser();
      await signInAt(rig, again);
      assert.equal(
        (await again.send('GET', '/api/v1/me')).json().person.id,
        person.id,
        'the subject counts, once known',
      );
    }));

  it('takes up a waiting invitation', () =>
    withIssuer(async (rig, issuer) => {
      const agency = await rig.organisation('agency');
      const caller = rig.callerOf(agency, 'agency', ['administrator']);
      await rig.auth.queries.transaction().execute((trx) =>
        rig.auth.invitations.invite(trx, caller, agency, {
          email: 'x@agency.example',
          name: '丙',
          roles: ['reviewer'],
        }),
      );
      issuer.holder = { sub: 'b-2', email: 'x@agency.example', email_verified: true, name: '丙' };
      const browser = rig.browser();
      assert.equal(await signInAt(rig, browser), '/console');
      assert.deepEqual((await browser.send('GET', '/api/v1/me')).json().roles, ['reviewer']);
      assert.ok((await rig.acts()).includes('auth.invitation_accepted'));
    }));

  it('lets in neither a stranger nor an address that the issuer calls unverified', () =>
    withIssuer(async (rig, issuer) => {
      const person = await rig.person(await rig.organisation('agency'), ['officer']);
      for (const holder of [
        { sub: 'c-3', email: 'stranger@agency.example', email_verified: true, name: '丁' },
        { sub: 'd-4', email: person.email, email_verified: false, name: '戊' },
      ]) {
        issuer.holder = holder;
        const browser = rig.browser();
        const location = await signInAt(rig, browser);
        assert.match(location, /^\/sign-in\?error=/);
        assert.ok(!location.includes('@'), 'no address in a URL');
        assert.ok(!browser.cookies.has('xinlai_session'));
      }
      const people = await rig.auth.queries.selectFrom('person').select('id').execute();
      assert.deepEqual(
        people.map((row) => row.id),
        [person.id],
      );
    }));

  it('asks for the authenticator that a person has, after it', () =>
    withIssuer(async (rig, issuer) => {
      const person = await rig.person(await rig.organisation('agency'), ['officer']);
      await rig.auth.queries.updateTable('person').set({ two_factor_enabled: true }).execute();
      issuer.holder = { sub: 'e-5', email: person.email, email_verified: true, name: '己' };
      const browser = rig.browser();
      await signInAt(rig, browser);
      assert.equal((await browser.send('GET', '/api/v1/me')).json().secondFactor.missing, 'show');
      assert.equal(
        (await browser.send('GET', '/api/v1/me/sessions')).json().code,
        'auth.second_factor_needed',
      );
    }));

  it('says so when the issuer cannot be reached, and passwords work on', async () => {
    await using rig = await createRig({ oidc: { issuer: 'http://127.0.0.1:9', ...CLIENT } });
    const answer = await rig.browser().send('POST', '/api/auth/sign-in/social', { provider: 'oidc' });
    assert.equal(answer.json().code, 'auth.oidc_unavailable');
    const person = await rig.person(await rig.organisation('operator', '04595257'), ['officer']);
    assert.equal((await rig.browser().signIn(person)).statusCode, 200);
  });
});
