import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshApp, sending, type TestApp } from '#test/app';
import { approvedVersion } from '../rig.ts';

interface Told {
  readonly type: string;
  readonly data: { readonly id: string; readonly state: string; readonly cause: string | null };
}

let product: TestApp;
const told: Told[] = [];
const partner = createServer((request, response) => {
  let body = '';
  request.on('data', (piece: Buffer) => (body += piece.toString()));
  request.on('end', () => {
    told.push(JSON.parse(body) as Told);
    response.end();
  });
});

before(async () => {
  product = await freshApp(sending);
  partner.listen(0, '127.0.0.1');
  await once(partner, 'listening');
});
after(async () => {
  await product[Symbol.asyncDispose]();
  partner.close();
});

test('an agency that asks for it hears the end of each single text once, and no other agency does', async () => {
  const agency = await product.keyOf('agency');
  const silent = await product.keyOf('agency');
  const made = await agency.send('POST', '/api/v1/webhooks/endpoints', {
    url: `http://127.0.0.1:${(partner.address() as AddressInfo).port}/hook`,
    types: ['messaging.message_ended'],
  });
  assert.ok(made.statusCode < 300, made.body);
  const send = async (by: typeof agency, number: string): Promise<string> => {
    const { versionId } = await approvedVersion(product.app.database, by.caller, {
      class: 'single',
      body: '申請已受理，洽詢 ',
    });
    const answer = await by.send('POST', '/api/v1/messaging/messages', {
      templateVersionId: versionId,
      number,
      values: {},
    });
    assert.equal(answer.statusCode, 202, answer.body);
    return answer.json<{ id: string }>().id;
  };
  await send(silent, '0912000001');
  const delivered = await send(agency, '0912000002');
  const undelivered = await send(agency, '0900000001');
  for (let waited = 0; told.length < 2 && waited < 20_000; waited += 100) await sleep(100);
  await sleep(800);
  const states = new Map(told.map(({ data }) => [data.id, data.state]));
  assert.equal(told.length, 2);
  assert.equal(states.get(delivered), 'delivered');
  assert.equal(states.get(undelivered), 'undelivered');
  assert.ok(!JSON.stringify(told).includes('912000002'), 'no number in news');
});
