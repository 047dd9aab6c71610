import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshApp } from '#test/app';

test('a browser gets a page for an address that is not there, a program problem+json, and nothing is asked to sign in', async () => {
  await using product = await freshApp();
  const { http } = product.app;
  const page = await http.inject({ url: '/no/such/page', headers: { accept: 'text/html,*/*' } });
  assert.equal(page.statusCode, 404);
  assert.match(String(page.headers['content-type']), /^text\/html/);
  assert.match(page.body, /165/);
  for (const url of ['/no/such/page', '/api', '/api/v1/nothing', '/api/%ff']) {
    const answer = await http.inject({
      url,
      headers: url === '/no/such/page' ? {} : { accept: 'text/html' },
    });
    assert.equal(answer.headers['content-type'], 'application/problem+json', url);
    assert.ok([400, 404].includes(answer.statusCode), url);
  }
});

test('every public page is whole, small, without script, cookie or foreign address, in both languages', async () => {
  await using product = await freshApp();
  for (const url of [
    '/',
    '/register',
    '/register?q=科技',
    '/register/12345678',
    '/open-data',
    '/about',
    '/accessibility',
  ]) {
    for (const lang of ['zh-TW', 'en']) {
      const page = await product.app.http.inject({
        url: encodeURI(`${url}${url.includes('?') ? '&' : '?'}lang=${lang}`),
      });
      assert.ok([200, 404].includes(page.statusCode), url);
      assert.ok(Buffer.byteLength(page.body) <= 20_000, `${url}: ${Buffer.byteLength(page.body)} bytes`);
      assert.doesNotMatch(page.body, /<script|\son\w+=|style="/);
      assert.doesNotMatch(page.body, /(?:src|href)="(?:https?:)?\/\//);
      assert.equal(page.headers['set-cookie'], undefined);
      assert.match(page.body, lang === 'en' ? /<html lang="en">/ : /<html lang="zh-Hant-TW">/);
    }
  }
});

test('the reconciliation service speaks forms, and no other route does', async () => {
  await using product = await freshApp();
  const { http } = product.app;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const queries = new URLSearchParams({ queries: JSON.stringify({ q0: { query: '無此公司' } }) }).toString();
  const answer = await http.inject({ method: 'POST', url: '/reconcile', headers: form, payload: queries });
  assert.deepEqual(answer.json(), { q0: { result: [] } });
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  const ministry = await product.keyOf('ministry');
  const refused = await http.inject({
    method: 'POST',
    url: '/api/v1/operators/runs',
    headers: { ...form, authorization: ministry.authorization },
    payload: 'asOf=2023-11-30',
  });
  assert.equal(refused.statusCode, 415);
  assert.equal(refused.headers['access-control-allow-origin'], undefined);
});
