import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, integer, property, tuple } from 'fast-check';
import { permissionsOf, systemCaller, type Caller } from '../access.ts';
import { isInNetworks, parseNetworks } from './address-list.ts';
import { hashSecret, looksLikeApiKey, newApiKey } from './api-key.ts';
import { sharedPermissions, type Permission } from '../access.ts';
import { createRig, type AuthRig } from './rig.ts';

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

async function get(rig: AuthRig, secret: string, url = '/api/v1/me', remoteAddress = '127.0.0.1') {
  return rig.app.inject({ url, headers: bearer(secret), remoteAddress });
}

async function ministry(rig: AuthRig): Promise<Caller> {
  const id = await rig.organisation('ministry');
  const roles = ['administrator', 'developer'] as const;
  return {
    ...systemCaller('test'),
    organisation: { id, kind: 'ministry', ubn: null },
    roles,
    permissions: permissionsOf('ministry', roles),
  };
}

describe('an API key', () => {
  it('has the form xk_test_ or xk_live_ and 43 base62 digits of 32 random bytes', () => {
    const seen = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const { secret, hash, visiblePrefix } = newApiKey(round % 2 === 0 ? 'test' : 'live');
      assert.ok(looksLikeApiKey(secret));
      assert.match(secret, /^xk_(test|live)_[0-9A-Za-z]{43}$/);
      assert.ok(secret.startsWith(visiblePrefix) && visiblePrefix.length === 12);
      assert.equal(hash.length, 32);
      assert.deepEqual(hash, hashSecret(secret));
      seen.add(secret);
    }
    assert.equal(seen.size, 200);
  });

  it('is kept as a hash and shown once', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const { secret, ...key } = await rig.auth.keys.create(caller, { name: 'import', space: 'test' });
    const dump = JSON.stringify(await rig.auth.queries.selectFrom('api_key').selectAll().execute());
    assert.ok(!dump.includes(secret.slice(13)));
    const listed = await get(rig, secret, '/api/v1/keys');
    assert.equal(listed.statusCode, 200, listed.body);
    assert.deepEqual(
      listed.json().items.map((one: { id: string }) => one.id),
      [key.id],
    );
    assert.ok(!listed.body.includes(secret) && !listed.body.includes('secret'));
  });

  it('holds its scopes and no more, within the roles and the kind of its organisation', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const { secret } = await rig.auth.keys.create(caller, {
      name: 'narrow',
      space: 'test',
      scopes: ['people.manage'],
    });
    assert.deepEqual((await get(rig, secret)).json().permissions, ['people.manage']);
    assert.equal((await get(rig, secret, '/api/v1/people')).statusCode, 200);
    const refused = await get(rig, secret, '/api/v1/keys');
    assert.equal(refused.statusCode, 403);
    assert.equal(refused.json().code, 'http.forbidden');
  });

  it('never holds more than the one who makes it', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const { secret } = await rig.auth.keys.create(caller, {
      name: 'maker',
      space: 'test',
      roles: ['developer'],
      scopes: ['keys.manage'],
    });
    const make = (body: object) =>
      rig.app.inject({ method: 'POST', url: '/api/v1/keys', headers: bearer(secret), payload: body });
    for (const wish of [
      { roles: ['administrator'] },
      { scopes: ['webhooks.manage'] },
      { roles: ['officer'] },
    ]) {
      const answer = await make({ name: 'more', space: 'test', ...wish });
      assert.equal(answer.json().code, 'auth.beyond_own_rights', answer.body);
    }
    const same = await make({ name: 'same', space: 'test' });
    assert.equal(same.statusCode, 201, same.body);
    assert.deepEqual(same.json().scopes, ['keys.manage']);
    assert.ok(looksLikeApiKey(same.json().secret));
  });

  it('is refused from the next request on when it is revoked, expired, unknown or malformed', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const revoked = await rig.auth.keys.create(caller, { name: 'a', space: 'test' });
    assert.equal((await get(rig, revoked.secret)).statusCode, 200);
    await rig.auth.keys.revoke(caller, revoked.id);
    assert.equal((await get(rig, revoked.secret)).json().code, 'auth.key_revoked');
    await assert.rejects(rig.auth.keys.revoke(caller, revoked.id), { code: 'auth.key_not_found' });

    const expiresAt = rig.clock.now().add({ hours: 1 });
    const brief = await rig.auth.keys.create(caller, { name: 'b', space: 'test', expiresAt });
    assert.equal((await get(rig, brief.secret)).statusCode, 200);
    rig.clock.advance(Temporal.Duration.from({ hours: 1 }));
    assert.equal((await get(rig, brief.secret)).json().code, 'auth.key_expired');

    const unknown = newApiKey('test').secret;
    for (const secret of [unknown, 'xk_test_short', `${brief.secret}0`, '', "' or 1=1"]) {
      const answer = await get(rig, secret);
      assert.equal(answer.statusCode, 401);
      assert.equal(answer.json().code, 'auth.key_invalid');
    }
    const basic = await rig.app.inject({ url: '/api/v1/me', headers: { authorization: 'Basic eDp5' } });
    assert.equal(basic.json().code, 'auth.key_invalid');
  });

  it('works only from the networks it names', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const { secret } = await rig.auth.keys.create(caller, {
      name: 'office',
      space: 'test',
      networks: ['203.0.113.0/24', '2001:db8::/32'],
    });
    for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8:1::5']) {
      assert.equal((await get(rig, secret, '/api/v1/me', address)).statusCode, 200, address);
    }
    for (const address of ['203.0.114.9', '127.0.0.1', '2001:db9::1']) {
      const answer = await get(rig, secret, '/api/v1/me', address);
      assert.equal(answer.statusCode, 403, address);
      assert.equal(answer.json().code, 'auth.key_address');
    }
    for (const network of ['203.0.113.0/33', 'example.org', '10.0.0.0/', '1.2.3.4/8/9', '']) {
      assert.throws(() => parseNetworks([network]), { code: 'auth.bad_network' }, network);
    }
  });

  it('has a successor after rotation, and works on until the overlap ends', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const old = await rig.auth.keys.create(caller, { name: 'a', space: 'test', scopes: ['people.manage'] });
    const next = await rig.auth.keys.rotate(caller, old.id, 24);
    assert.notEqual(next.secret, old.secret);
    assert.deepEqual(next.scopes, old.scopes);
    for (const { secret } of [old, next]) assert.equal((await get(rig, secret)).statusCode, 200);
    await assert.rejects(rig.auth.keys.rotate(caller, old.id, 24), { code: 'auth.key_not_found' });
    rig.clock.advance(Temporal.Duration.from({ hours: 24 }));
    assert.equal((await get(rig, old.secret)).json().code, 'auth.key_expired');
    const last = await rig.auth.keys.rotate(caller, next.id, 0);
    assert.equal((await get(rig, next.secret)).json().code, 'auth.key_revoked');
    assert.equal((await get(rig, last.secret)).statusCode, 200);
  });

  it('of the live space does not exist in a sandbox', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const caller = await ministry(rig);
    await assert.rejects(rig.auth.keys.create(caller, { name: 'a', space: 'live' }), {
      code: 'auth.key_space',
    });
  });

  it('of the test space holds nothing of what is live for the whole platform, where that is live', async () => {
    const held = async (mode: 'sandbox' | 'live', space: 'test' | 'live'): Promise<string[]> => {
      await using rig = await createRig({ mode });
      const { secret } = await rig.auth.keys.create(await ministry(rig), { name: 'a', space });
      return (await get(rig, secret)).json<{ permissions: string[] }>().permissions;
    };
    const shared = (permissions: readonly string[]) =>
      permissions.filter((permission) => sharedPermissions.has(permission as Permission));
    assert.deepEqual(shared(await held('live', 'test')), []);
    assert.ok(shared(await held('live', 'live')).length > 0);
    assert.ok(shared(await held('sandbox', 'test')).length > 0);
  });

  it('of another organisation can be neither seen, rotated nor revoked', async () => {
    await using rig = await createRig();
    const [mine, theirs] = [await ministry(rig), await ministry(rig)];
    const key = await rig.auth.keys.create(theirs, { name: 'theirs', space: 'test' });
    assert.deepEqual(await rig.auth.keys.list(mine, { limit: 50, before: null }), []);
    await assert.rejects(rig.auth.keys.revoke(mine, key.id), { code: 'auth.key_not_found' });
    await assert.rejects(rig.auth.keys.rotate(mine, key.id, 0), { code: 'auth.key_not_found' });
  });

  it('tells when it was last used, written in batches', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const { secret } = await rig.auth.keys.create(caller, { name: 'a', space: 'test' });
    await get(rig, secret);
    await rig.auth.keys.flush();
    const [key] = await rig.auth.keys.list(caller, { limit: 1, before: null });
    assert.equal(key?.lastUsedAt, new Date(rig.clock.now().epochMilliseconds).toISOString());
  });

  it('is counted page by page', async () => {
    await using rig = await createRig();
    const caller = await ministry(rig);
    const { secret } = await rig.auth.keys.create(caller, { name: 'a', space: 'test' });
    for (const name of ['b', 'c', 'd', 'e']) await rig.auth.keys.create(caller, { name, space: 'test' });
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { name: string }[]; nextCursor: string | null } = (
        await get(rig, secret, `/api/v1/keys?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json();
      names.push(...page.items.map((key) => key.name));
      cursor = page.nextCursor;
    }
    assert.deepEqual(names, ['e', 'd', 'c', 'b', 'a']);
  });
});

const toNumber = (parts: readonly number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0);

describe('a list of networks', () => {
  it('holds an address exactly when its first bits are those of a network', () => {
    const byte = integer({ min: 0, max: 255 });
    const address = tuple(byte, byte, byte, byte);
    check(
      property(address, address, integer({ min: 0, max: 32 }), (base, asked, bits) => {
        const [network = ''] = parseNetworks([`${base.join('.')}/${bits}`]);
        const size = 2 ** (32 - bits);
        const expected = Math.floor(toNumber(base) / size) === Math.floor(toNumber(asked) / size);
        assert.equal(isInNetworks(asked.join('.'), [network]), expected);
        assert.equal(isInNetworks(base.join('.'), [network]), true);
      }),
    );
  });
});
