import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshApp } from '#test/app';

test('the settings say which networks and which token read the metrics', async () => {
  await using product = await freshApp({
    XINLAI_METRICS_NETWORKS: '10.1.0.0/16, 2001:db8::7',
    XINLAI_METRICS_TOKEN: 'sixteen-letters-and-more',
  });
  const status = async (remoteAddress: string, headers = {}) =>
    (await product.app.http.inject({ url: '/metrics', remoteAddress, headers })).statusCode;
  assert.equal(await status('10.1.2.3'), 200);
  assert.equal(await status('2001:db8::7'), 200);
  assert.equal(await status('10.2.2.3'), 404);
  assert.equal(await status('10.2.2.3', { authorization: 'Bearer sixteen-letters-and-more' }), 200);
  assert.equal(await status('10.2.2.3', { authorization: 'Bearer sixteen-letters-and-less' }), 404);
});
