import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceName } from './device-name.ts';

test('a session is named by browser and system, however much else its user agent claims to be', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Safari/537.36 Edg/149.0';
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';
  assert.deepEqual([deviceName(edge), deviceName(phone)], ['Edge · Windows', 'Safari · iOS']);
  assert.equal(deviceName('curl/8.5.0'), null);
  assert.equal(deviceName(null), null);
});
