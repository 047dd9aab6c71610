import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRig, type AuthRig, type Browser } from './rig.ts';

const tokenOf = (text: string | undefined): string => /invitation#(\S+)/.exec(text ?? '')?.[1] ?? '';

async function administrator(rig: AuthRig, organisationId: string): Promise<Browser> {
  const browser = rig.browser();
  const answer = await browser.signIn(await rig.person(organisationId, ['administrator']));
  assert.equal(answer.statusCode, 200);
  return browser;
}

describe('an invitation', () => {
  it('is taken up once, sets the password, and opens the roles it names', async () => {
    await using rig = await createRig();
    const operator = await rig.organisation('operator', '04595257');
    const browser = await administrator(rig, operator);
    const body = { email: 'New.Person@Shop.Example', name: '陳小華', roles: ['officer', 'viewer'] };
    const invited = await browser.send('POST', '/api/v1/invitations', body);
    assert.equal(invited.statusCode, 201, invited.body);
    assert.equal(invited.json().link, null, 'the link is in the mail alone');
    assert.equal(rig.mails[0]?.to, 'new.person@shop.example');
    const token = tokenOf(rig.mails[0]?.text);
    assert.ok(!invited.body.includes(token));
    const stored = JSON.stringify(await rig.auth.queries.selectFrom('invitation').selectAll().execute());
    assert.ok(!stored.includes(token) && !stored.includes('shop.example'));

    const guest = rig.browser();
    const view = await guest.send('GET', `/api/v1/invitations/${token}`);
    assert.equal(view.json().email, 'new.person@shop.example');
    assert.equal(view.json().hasPassword, false);
    const accept = (password: string) =>
      guest.send('POST', `/api/v1/invitations/${token}/accept`, { password });
    assert.equal((await accept('short')).json().code, 'auth.password_needed');
    const both = await Promise.all([accept('a long password'), accept('another long password')]);
    assert.deepEqual(
      both.map((answer) => answer.statusCode).sort((a, b) => a - b),
      [200, 404],
    );
    assert.equal((await accept('a third password')).json().code, 'auth.invitation_invalid');

    const password = both[0]?.statusCode === 200 ? 'a long password' : 'another long password';
    assert.equal((await guest.signIn({ email: 'new.person@shop.example', password })).statusCode, 200);
    const me = (await guest.send('GET', '/api/v1/me')).json();
    assert.deepEqual(me.roles, ['officer', 'viewer']);
    assert.equal(me.organisation.id, operator);
    assert.ok((await rig.acts()).includes('auth.invitation_accepted'));
  });

  it('ends by date, by withdrawal and by a newer one, and leaves no address behind', async () => {
    await using rig = await createRig();
    const browser = await administrator(rig, await rig.organisation('telecom'));
    const invite = async (email: string) => {
      const answer = await browser.send('POST', '/api/v1/invitations', {
        email,
        name: '甲',
        roles: ['viewer'],
      });
      assert.equal(answer.statusCode, 201, answer.body);
      return { id: answer.json().id as string, token: tokenOf(rig.mails.at(-1)?.text) };
    };
    const status = async (token: string) =>
      (await rig.browser().send('GET', `/api/v1/invitations/${token}`)).statusCode;
    const first = await invite('a@tel.example');
    const second = await invite('a@tel.example');
    assert.deepEqual([await status(first.token), await status(second.token)], [404, 200]);
    assert.equal((await browser.send('DELETE', `/api/v1/invitations/${second.id}`)).statusCode, 200);
    assert.equal(await status(second.token), 404);
    const third = await invite('b@tel.example');
    rig.clock.advance(Temporal.Duration.from({ hours: 7 * 24 }));
    assert.equal(await status(third.token), 404);
    await invite('c@tel.example');
    const left = await rig.auth.queries
      .selectFrom('person')
      .select('email')
      .where('email', 'like', '%tel.example')
      .execute();
    assert.deepEqual(
      left.map((row) => row.email),
      ['c@tel.example'],
    );
  });

  it('of somebody who has an account needs that account, not a new password', async () => {
    await using rig = await createRig();
    const [home, other] = [await rig.organisation('operator', '04595257'), await rig.organisation('agency')];
    const person = await rig.person(home, ['officer']);
    const browser = rig.browser();
    await browser.signIn(person);
    const invite = async (roles: string[]) => {
      const trx = rig.auth.queries.transaction();
      const caller = rig.callerOf(other, 'agency', ['administrator']);
      return trx.execute((one) =>
        rig.auth.invitations.invite(one, caller, other, {
          email: person.email,
          name: '乙',
          roles: roles as ['viewer'],
        }),
      );
    };
    const { token } = await invite(['viewer']);
    const accept = (by: Browser, body: object) =>
      by.send('POST', `/api/v1/invitations/${token}/accept`, body);
    assert.equal((await accept(rig.browser(), {})).json().code, 'auth.invitation_other_person');
    assert.equal(
      (await accept(rig.browser(), { password: 'a new password' })).json().code,
      'auth.password_wrong',
    );
    const stranger = await administrator(rig, other);
    assert.equal((await accept(stranger, {})).json().code, 'auth.invitation_other_person');
    assert.equal((await accept(browser, {})).statusCode, 200);
    assert.equal((await rig.browser().signIn(person)).statusCode, 200, 'the password is the old one');

    const organisations = (await browser.send('GET', '/api/v1/me')).json().organisations as { id: string }[];
    assert.deepEqual(organisations.map((one) => one.id).sort(), [home, other].sort());
    const move = (organisationId: string) =>
      browser.send('POST', '/api/v1/me/organisation', { organisationId });
    assert.equal((await move(other)).statusCode, 200);
    const me = (await browser.send('GET', '/api/v1/me')).json();
    assert.equal(me.organisation.id, other);
    assert.deepEqual(me.roles, ['viewer']);
    assert.equal((await move(await rig.organisation('police'))).json().code, 'auth.organisation_not_found');
  });
});

describe('the people of an organisation', () => {
  it('are seen and changed by its own administrators alone', async () => {
    await using rig = await createRig();
    const [mine, theirs] = [
      await rig.organisation('operator', '04595257'),
      await rig.organisation('operator', '53212539'),
    ];
    const browser = await administrator(rig, mine);
    const stranger = await rig.person(theirs, ['officer']);
    const listed = (await browser.send('GET', '/api/v1/people')).json().items as { id: string }[];
    assert.equal(listed.length, 1);
    assert.ok(!listed.some((person) => person.id === stranger.id));
    const change = await browser.send('PUT', `/api/v1/people/${stranger.id}/roles`, {
      roles: ['administrator'],
    });
    assert.equal(change.json().code, 'auth.person_not_found');
    assert.equal(
      (await browser.send('DELETE', `/api/v1/people/${stranger.id}`)).json().code,
      'auth.person_not_found',
    );

    const officer = rig.browser();
    await officer.signIn(await rig.person(mine, ['officer', 'reviewer', 'auditor', 'viewer']));
    assert.equal((await officer.send('GET', '/api/v1/people')).statusCode, 403);
  });

  it('always include an administrator', async () => {
    await using rig = await createRig();
    const organisation = await rig.organisation('operator', '04595257');
    const [first, second] = [
      await rig.person(organisation, ['administrator']),
      await rig.person(organisation, ['administrator', 'officer']),
    ];
    const [one, two] = [rig.browser(), rig.browser()];
    await one.signIn(first);
    await two.signIn(second);
    const answers = await Promise.all([
      one.send('PUT', `/api/v1/people/${second.id}/roles`, { roles: ['viewer'] }),
      two.send('DELETE', `/api/v1/people/${first.id}`),
    ]);
    const codes = answers.map((answer) => String(answer.json().code ?? 'done'));
    assert.ok(codes.includes('done'), String(codes));
    const rows = await rig.auth.queries
      .selectFrom('membership')
      .selectAll()
      .where('organisation_id', '=', organisation)
      .execute();
    assert.equal(rows.filter((row) => row.roles.includes('administrator')).length, 1);
    const [last] = rows.filter((row) => row.roles.includes('administrator'));
    const browser = last?.person_id === first.id ? one : two;
    for (const answer of [
      await browser.send('DELETE', `/api/v1/people/${last?.person_id}`),
      await browser.send('PUT', `/api/v1/people/${last?.person_id}/roles`, { roles: ['officer'] }),
    ]) {
      assert.equal(answer.statusCode, 409, answer.body);
      assert.equal(answer.json().code, 'auth.last_administrator');
    }
  });

  it('lose their sessions and their data when they are removed', async () => {
    await using rig = await createRig();
    const organisation = await rig.organisation('operator', '04595257');
    const browser = await administrator(rig, organisation);
    const person = await rig.person(organisation, ['officer']);
    const theirs = rig.browser();
    await theirs.signIn(person);
    assert.equal((await browser.send('DELETE', `/api/v1/people/${person.id}`)).statusCode, 200);
    assert.equal((await theirs.send('GET', '/api/v1/me')).statusCode, 401);
    assert.equal((await rig.browser().signIn(person)).statusCode, 401);
    const left = await rig.auth.queries
      .selectFrom('person')
      .select('id')
      .where('id', '=', person.id)
      .execute();
    assert.deepEqual(left, []);
  });

  it('get changed roles with the next request', async () => {
    await using rig = await createRig();
    const organisation = await rig.organisation('operator', '04595257');
    const browser = await administrator(rig, organisation);
    const person = await rig.person(organisation, ['officer']);
    const theirs = rig.browser();
    await theirs.signIn(person);
    await browser.send('PUT', `/api/v1/people/${person.id}/roles`, { roles: ['viewer'] });
    assert.deepEqual((await theirs.send('GET', '/api/v1/me')).json().roles, ['viewer']);
  });
});

describe('an organisation', () => {
  it('is added by the administrators of the ministry alone, with a UBN that checks', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const ministry = await administrator(rig, await rig.organisation('ministry'));
    const body = { kind: 'operator', nameZh: '測試商店', nameEn: 'Test Shop', ubn: '04595257' };
    const made = await ministry.send('POST', '/api/v1/organisations', {
      ...body,
      administrator: { email: 'boss@shop.example', name: '林老闆' },
    });
    assert.equal(made.statusCode, 201, made.body);
    assert.equal(made.json().organisation.ubn, '04595257');
    assert.deepEqual(made.json().invitation.roles, ['administrator']);
    assert.equal(
      (await ministry.send('POST', '/api/v1/organisations', body)).json().code,
      'auth.organisation_exists',
    );
    const wrong = await ministry.send('POST', '/api/v1/organisations', {
      ...body,
      nameZh: '另一家',
      ubn: '04595258',
    });
    assert.equal(wrong.json().code, 'auth.bad_ubn');
    const without = await ministry.send('POST', '/api/v1/organisations', {
      ...body,
      nameZh: '另一家',
      ubn: null,
    });
    assert.equal(without.json().code, 'auth.bad_ubn');
    assert.equal((await ministry.send('GET', '/api/v1/organisations?kind=operator')).json().items.length, 1);

    for (const kind of [
      'agency',
      'operator',
      'police',
      'telecom',
      'verification-body',
      'isac-member',
    ] as const) {
      const other = await administrator(rig, await rig.organisation(kind));
      assert.equal((await other.send('POST', '/api/v1/organisations', body)).statusCode, 403, kind);
      assert.equal((await other.send('GET', '/api/v1/organisations')).statusCode, 403, kind);
    }
  });

  it('that has an administrator gets no other from outside', async () => {
    await using rig = await createRig({ mode: 'sandbox' });
    const ministry = await administrator(rig, await rig.organisation('ministry'));
    const shop = await rig.organisation('operator', '04595257');
    const invite = () =>
      ministry.send('POST', `/api/v1/organisations/${shop}/administrators`, {
        email: 'x@shop.example',
        name: '乙',
      });
    assert.equal((await invite()).statusCode, 201);
    await rig.person(shop, ['administrator']);
    assert.equal((await invite()).json().code, 'auth.organisation_has_administrator');
  });
});
