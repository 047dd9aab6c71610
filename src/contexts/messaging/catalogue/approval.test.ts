import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Updateable } from 'kysely';
import { freshApp, type TestApp, type TestKey } from '#test/app';
import { newId } from '#platform/id';
import type { MessagingTables, Space } from '../tables.ts';
import { AppError } from '#platform/errors';
import { loadSendable } from './versions.ts';

let fresh: TestApp;
let ministry: TestKey;

before(async () => {
  fresh = await freshApp();
  ministry = await fresh.keyOf('ministry');
});
after(() => fresh[Symbol.asyncDispose]());

/** A key of another person of the same organisation; `madeBy` where somebody else's key makes it. */
async function colleague(of: TestKey, actorId = newId('usr')): Promise<TestKey> {
  const caller = { ...of.caller, actorId };
  const { secret } = await fresh.app.auth.keys.create(caller, {
    name: 'colleague',
    space: 'test',
    scopes: [...caller.permissions],
  });
  return {
    caller,
    authorization: `Bearer ${secret}`,
    send: (method, url, body) =>
      fresh.app.http.inject({
        method,
        url,
        headers: { authorization: `Bearer ${secret}` },
        ...(body !== undefined && { payload: body as object }),
      }),
  };
}

async function ok<T = { id: string; state: string }>(
  key: TestKey,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  body?: unknown,
): Promise<T> {
  const answer = await key.send(method, `/api/v1/messaging/${url}`, body);
  assert.ok(answer.statusCode < 300, `${method} ${url}: ${answer.statusCode} ${answer.body}`);
  return answer.json<T>();
}

async function refused(
  key: TestKey,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  body?: unknown,
): Promise<string> {
  const answer = await key.send(method, `/api/v1/messaging/${url}`, body);
  assert.ok(answer.statusCode >= 400, `${method} ${url} was let through`);
  return answer.json<{ code: string }>().code;
}

const service = {
  name: '數位發展部',
  contactNumbers: ['(02)2380-8411', '0800009868', '1922'],
  linkHosts: ['moda.gov.tw'],
};
const draft = {
  class: 'batch',
  body: '{{name}}您好，補助 {{amount}} 元已入帳，請洽 ',
  fields: [
    { name: 'name', type: 'text', maxLength: 20 },
    { name: 'amount', type: 'amount', maxLength: 12 },
  ],
  contactNumber: '02-2380-8411',
};

async function newTemplate(
  key: TestKey,
  name = service.name,
): Promise<{ serviceId: string; templateId: string }> {
  const { id: serviceId } = await ok(key, 'POST', 'services', { ...service, name });
  const { id: templateId } = await ok(key, 'POST', 'templates', { serviceId, name: '入帳通知' });
  return { serviceId, templateId };
}

async function submitted(key: TestKey, templateId: string, more: object = {}): Promise<string> {
  const { id } = await ok(key, 'POST', `templates/${templateId}/versions`, { ...draft, ...more });
  await ok(key, 'POST', `versions/${id}/submit`);
  return id;
}

const load = (
  key: TestKey,
  templateVersionId: string,
  more: { for?: 'live' | 'trial'; space?: Space } = {},
) =>
  loadSendable(fresh.app.database.of<MessagingTables>('messaging'), {
    organisationId: key.caller.organisation.id,
    space: 'test',
    templateVersionId,
    ...more,
  });
const withCode = (code: string) => (error: unknown) =>
  error instanceof AppError && error.code === `messaging.${code}`;

describe('a template version', () => {
  it('goes from its author over a colleague and the ministry to a service that is live', async () => {
    const author = await fresh.keyOf('agency');
    const approver = await colleague(author);
    const { serviceId, templateId } = await newTemplate(author);
    const id = await submitted(author, templateId);
    await assert.rejects(load(author, id), withCode('version_not_approved'));

    const first = await ok(approver, 'POST', `versions/${id}/decision`, { approve: true });
    assert.equal(first.state, 'with-ministry');
    assert.equal(
      await refused(approver, 'POST', `versions/${id}/decision`, { approve: true }),
      'messaging.version_ministry_decides',
    );
    const { items } = await ok<{ items: { id: string; organisationId: string }[] }>(
      ministry,
      'GET',
      'oversight/versions',
    );
    assert.equal(items.find((one) => one.id === id)?.organisationId, author.caller.organisation.id);
    assert.equal(
      await refused(ministry, 'PUT', `oversight/services/${serviceId}/state`, {
        state: 'live',
        reason: '上線',
      }),
      'messaging.service_not_ready',
    );
    const decided = await ok(ministry, 'POST', `oversight/versions/${id}/decision`, { approve: true });
    assert.equal(decided.state, 'approved');

    const sendable = await load(author, id);
    assert.equal(
      sendable.compose('912345678', (field) => ['王小明', '1,200'][field] as string),
      '678數位發展部：王小明您好，補助 1,200 元已入帳，請洽 02-2380-8411',
    );
    await assert.rejects(load(author, id, { for: 'live' }), withCode('service_on_trial'));
    await ok(ministry, 'PUT', `oversight/services/${serviceId}/state`, { state: 'live', reason: '文件齊備' });
    assert.equal((await load(author, id, { for: 'live' })).service.state, 'live');
    await assert.rejects(load(author, id, { space: 'live' }), withCode('version_not_found'));

    // The agency is known now: a colleague is enough.
    const next = await submitted(author, templateId, { body: '{{name}}：{{amount}} 元，請洽 ' });
    assert.equal(
      (await ok(approver, 'POST', `versions/${next}/decision`, { approve: true })).state,
      'approved',
    );

    await ok(author, 'POST', `versions/${next}/withdraw`);
    await assert.rejects(load(author, next), withCode('version_not_approved'));
    assert.equal(await refused(author, 'POST', `versions/${next}/submit`), 'messaging.version_state');
    await ok(author, 'POST', `services/${serviceId}/pause`);
    await assert.rejects(load(author, id), withCode('service_paused'));
    assert.equal((await ok(author, 'POST', `services/${serviceId}/resume`)).state, 'live');
    await ok(ministry, 'PUT', `oversight/services/${serviceId}/state`, {
      state: 'paused',
      reason: '民眾檢舉',
    });
    assert.equal(await refused(author, 'POST', `services/${serviceId}/resume`), 'messaging.service_held');
  });

  it('is never decided by who wrote or submitted it, with whatever key', async () => {
    const author = await fresh.keyOf('agency');
    const { templateId } = await newTemplate(author);
    const id = await submitted(author, templateId);
    const decide = (key: TestKey) => refused(key, 'POST', `versions/${id}/decision`, { approve: true });
    assert.equal(await decide(author), 'messaging.version_same_person');
    assert.equal(
      await decide(await colleague(author, author.caller.actorId)),
      'messaging.version_same_person',
    );
    // A key that a key of the author made.
    const { json } = await author.send('POST', '/api/v1/keys', { name: 'second', space: 'test' });
    const { secret } = json<{ secret: string }>();
    const answer = await fresh.app.http.inject({
      method: 'POST',
      url: `/api/v1/messaging/versions/${id}/decision`,
      headers: { authorization: `Bearer ${secret}` },
      payload: { approve: true },
    });
    assert.equal(answer.json<{ code: string }>().code, 'messaging.version_same_person');

    const helper = await colleague(author);
    const draftOfAuthor = await ok(author, 'POST', `templates/${templateId}/versions`, draft);
    await ok(helper, 'POST', `versions/${draftOfAuthor.id}/submit`);
    assert.equal(
      await refused(helper, 'POST', `versions/${draftOfAuthor.id}/decision`, { approve: true }),
      'messaging.version_same_person',
    );
    assert.equal(
      await refused(await colleague(author), 'POST', `versions/${id}/decision`, { approve: false }),
      'messaging.decision_reason_missing',
    );
    const rejected = await ok(await colleague(author), 'POST', `versions/${id}/decision`, {
      approve: false,
      reason: '金額有誤',
    });
    assert.equal(rejected.state, 'rejected');
  });

  it('is unknown to every other organisation, in the space of its service only', async () => {
    const author = await fresh.keyOf('agency');
    const stranger = await fresh.keyOf('agency');
    const { serviceId, templateId } = await newTemplate(author);
    const id = await submitted(author, templateId);
    for (const [method, url, body] of [
      ['GET', `services/${serviceId}`, undefined],
      ['PATCH', `services/${serviceId}`, { contactNumbers: ['165'] }],
      ['POST', `services/${serviceId}/pause`, undefined],
      ['PUT', `services/${serviceId}/team-numbers`, { numbers: [] }],
      ['GET', `services/${serviceId}/team-numbers`, undefined],
      ['POST', 'templates', { serviceId, name: '偷' }],
      ['GET', `templates/${templateId}`, undefined],
      ['POST', `templates/${templateId}/versions`, draft],
      ['GET', `versions/${id}`, undefined],
      ['POST', `versions/${id}/decision`, { approve: true }],
      ['POST', `versions/${id}/withdraw`, undefined],
      ['POST', 'preview', { versionId: id }],
    ] as const) {
      assert.match(await refused(stranger, method, url, body), /_not_found$/u, `${method} ${url}`);
    }
    await assert.rejects(load(stranger, id), withCode('version_not_found'));
    for (const url of ['services', 'templates', 'versions']) {
      assert.deepEqual((await ok<{ items: unknown[] }>(stranger, 'GET', url)).items, [], url);
    }
    assert.equal((await stranger.send('GET', '/api/v1/messaging/oversight/versions')).statusCode, 403);
    assert.equal(
      await refused(ministry, 'POST', `versions/${id}/decision`, { approve: true }),
      'messaging.version_not_found',
    );
    assert.equal(
      await refused(ministry, 'POST', `oversight/versions/${id}/decision`, { approve: true }),
      'messaging.version_state',
    );
  });

  it('that was changed behind the approval is not sent and not approved', async () => {
    const author = await fresh.keyOf('agency');
    const approver = await colleague(author);
    const { serviceId, templateId } = await newTemplate(author);
    const id = await submitted(author, templateId);
    const db = fresh.app.database.of<MessagingTables>('messaging');
    const set = (values: Updateable<MessagingTables['template_version']>) =>
      db.updateTable('template_version').set(values).where('id', '=', id).execute();
    for (const change of [
      { body: '{{name}}您好，補助 {{amount}} 元，請至超商領取 ' },
      { contact_number: '1922' },
      { format_pack: '2023' },
      { class: 'otp' as const },
      { outcome_policy: 'at-least-once' as const },
      { service_name: '財政部' },
      { fields: JSON.stringify([...draft.fields].toReversed()) },
    ]) {
      const before = await db
        .selectFrom('template_version')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      await set(change);
      assert.equal(
        await refused(approver, 'POST', `versions/${id}/decision`, { approve: true }),
        'messaging.version_changed',
        JSON.stringify(Object.keys(change)),
      );
      await set({ state: 'approved' });
      await assert.rejects(load(author, id), withCode('version_changed'));
      await set({ ...before, fields: JSON.stringify(before.fields) });
    }
    await set({ state: 'approved' });
    await load(author, id);
    await db.updateTable('service').set({ name: '財政部' }).where('id', '=', serviceId).execute();
    await assert.rejects(load(author, id), withCode('version_changed'));
    await db
      .updateTable('service')
      .set({ name: service.name, contact_numbers: ['1922'] })
      .where('id', '=', serviceId)
      .execute();
    await assert.rejects(load(author, id), withCode('version_contact_gone'));
  });

  it('keeps the name and the contact number that it was approved with', async () => {
    const author = await fresh.keyOf('agency');
    const { serviceId, templateId } = await newTemplate(author);
    await submitted(author, templateId);
    assert.equal(
      await refused(author, 'PATCH', `services/${serviceId}`, { name: '數位部' }),
      'messaging.service_name_in_use',
    );
    assert.equal(
      await refused(author, 'PATCH', `services/${serviceId}`, { contactNumbers: ['1922'] }),
      'messaging.contact_in_use',
    );
    const wider = await ok<{ contactNumbers: string[] }>(author, 'PATCH', `services/${serviceId}`, {
      contactNumbers: ['02-2380-8411', '165'],
    });
    assert.deepEqual(wider.contactNumbers, ['02-2380-8411', '165']);
  });
});

describe('a service', () => {
  it('takes numbers that a phone can dial and hosts of the government alone', async () => {
    const key = await fresh.keyOf('agency');
    const make = (more: object) => refused(key, 'POST', 'services', { ...service, ...more });
    for (const number of [
      '0912-345-678',
      '02-2380-8411#123',
      '+1 555 123 4567',
      '111',
      '0204-123-456',
      '2380-8411',
    ])
      assert.equal(await make({ contactNumbers: [number] }), 'messaging.contact_unfit', number);
    for (const host of [
      'moda.gov.tw.evil.com',
      'https://moda.gov.tw',
      'evil.com',
      'xn--mda.gov.tw',
      'mоda.gov.tw',
      'moda.gov.tw:443',
      'tw.gov',
    ])
      assert.equal(await make({ linkHosts: [host] }), 'messaging.link_host_unfit', host);
    for (const name of ['1922專線', '部：', '數位\u200b發展部', '數位發展部 moda.gov.tw', '{{name}}部', '部'])
      assert.match(await make({ name }), /service_name_unfit|http\./u, name);
    const made = await ok<{ contactNumbers: string[] }>(key, 'POST', 'services', service);
    assert.deepEqual(made.contactNumbers, ['02-2380-8411', '0800-009-868', '1922']);
    assert.equal(await make({}), 'messaging.service_name_taken');
  });

  it('knows its team by number, shows it masked, and keeps it in the vault', async () => {
    const key = await fresh.keyOf('agency');
    const { id } = await ok(key, 'POST', 'services', service);
    assert.equal(
      await refused(key, 'PUT', `services/${id}/team-numbers`, { numbers: ['0912345678', '02-2380-8411'] }),
      'messaging.team_number_unfit',
    );
    await ok(key, 'PUT', `services/${id}/team-numbers`, {
      numbers: ['0912345678', '0987-654-321', '912345678'],
    });
    const { items } = await ok<{ items: string[] }>(key, 'GET', `services/${id}/team-numbers`);
    assert.deepEqual(items.toSorted(), ['0912-***-678', '0987-***-321']);
    await ok(key, 'PUT', `services/${id}/team-numbers`, { numbers: [] });
    assert.deepEqual((await ok<{ items: string[] }>(key, 'GET', `services/${id}/team-numbers`)).items, []);
  });
});

describe('a preview', () => {
  it('shows the text of an unsaved draft with its parts, price and problems', async () => {
    const key = await fresh.keyOf('agency');
    await ok(ministry, 'PUT', `oversight/agencies/${key.caller.organisation.id}/policy`, {
      monthParts: 1000,
      monthNtd: 1000,
      partPriceCents: 85,
      warnPercent: 80,
      fourEyesRows: 100,
    });
    const { id: serviceId } = await ok(key, 'POST', 'services', service);
    const { body, fields, contactNumber } = draft;
    type Shown = {
      text: string;
      remaining: number;
      costNtd: number;
      alphabet: string;
      parts: { text: string }[];
      problems: { code: string; field?: string }[];
      body: { start: number; end: number };
    };
    const shown = await ok<Shown>(key, 'POST', 'preview', {
      serviceId,
      draft: { body, fields, contactNumber },
      number: '0987654321',
      values: { name: '林先生' },
    });
    assert.equal(shown.text, '321數位發展部：林先生您好，補助 1,200 元已入帳，請洽 02-2380-8411');
    assert.equal(
      shown.text.slice(shown.body.start, shown.body.end),
      '林先生您好，補助 1,200 元已入帳，請洽 ',
    );
    assert.deepEqual(
      [shown.alphabet, shown.remaining, shown.costNtd, shown.problems],
      ['ucs2', 70 - shown.text.length, 1, []],
    );
    const long = await ok<Shown>(key, 'POST', 'preview', {
      serviceId,
      draft: { body: `${'長'.repeat(80)}，請洽 `, fields: [], contactNumber },
    });
    assert.equal(long.parts.map(({ text }) => text).join(''), long.text);
    assert.deepEqual(
      [long.parts.length, long.costNtd, long.problems.map(({ code }) => code)],
      [2, 2, ['text_long']],
    );
    const bad = await ok<Shown>(key, 'POST', 'preview', {
      serviceId,
      draft: { body, fields, contactNumber },
      values: { name: 'evil.com/x' },
    });
    assert.deepEqual(
      bad.problems.map(({ code, field }) => [code, field]),
      [
        ['value_address', 'name'],
        ['address_host', undefined],
      ],
    );
    const old = await ok<Shown>(key, 'POST', 'preview', {
      serviceId,
      draft: { body, fields, contactNumber },
      formatPack: '2023',
    });
    assert.equal(old.text, '數位發展部：王小明您好，補助 1,200 元已入帳，請洽 02-2380-8411');
    assert.equal(await refused(key, 'POST', 'preview', {}), 'messaging.preview_subject');
  });

  it('and a version are refused a body that would change what stands around it', async () => {
    const key = await fresh.keyOf('agency');
    const { templateId } = await newTemplate(key);
    for (const body of [
      '請洽{{name}}',
      '請洽 {{name}}{{amount}}',
      '{{name}}{{amount}}1',
      '{{name}}{{amount}}-',
      '{{name}}{{amount}} https://moda.gov.tw/',
      '{{name}} {amount}} {{amount}}請洽',
      '{{name}}請洽',
      '{{name}}{{amount}}{{other}}請洽',
      '{{name}}{{amount}} 另洽 0912-345-678 或',
    ]) {
      assert.equal(
        await refused(key, 'POST', `templates/${templateId}/versions`, { ...draft, body }),
        'messaging.version_unfit',
        body,
      );
    }
  });
});
