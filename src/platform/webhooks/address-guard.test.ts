import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isPublicAddress, parseEndpointUrl, pinAddress } from './address-guard.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'local.example': ['127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'mixed.example': ['93.184.216.34', '10.0.0.1'],
  'mapped.example': ['::ffff:10.0.0.1'],
  'none.example': [],
};
const live = {
  allowLoopback: false,
  resolve: (host: string) => Promise.resolve((names[host] ?? []).map((address) => ({ address }))),
};
const sandbox = { ...live, allowLoopback: true };
const pin = (url: string, options = live) =>
  Promise.resolve().then(() => pinAddress(parseEndpointUrl(url, options), options));

test('in live mode names and addresses of inner networks are refused', async () => {
  assert.deepEqual(await pin('https://public.example/hook'), { address: '93.184.216.34', family: 4 });
  for (const host of [
    'local.example',
    'metadata.example',
    'mixed.example',
    'mapped.example',
    '127.0.0.1',
    '[::1]',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '100.64.0.1',
    '0.0.0.0',
    '[::]',
    '[64:ff9b::a00:1]',
    '[2002:a00:1::]',
    '224.0.0.1',
    '255.255.255.255',
  ]) {
    await assert.rejects(pin(`https://${host}/`), { code: 'webhooks.address_refused' }, host);
  }
  await assert.rejects(pin('https://none.example/'), { code: 'webhooks.host_unknown' });
});

test('addresses other than plain https are refused; the sandbox takes http on loopback only', async () => {
  for (const url of [
    'http://public.example/',
    'http://127.0.0.1/',
    'ftp://public.example/',
    'https://a:b@public.example/',
    'https://public.example/#x',
    'nonsense',
    'file:///etc/passwd',
  ]) {
    await assert.rejects(pin(url), { code: 'webhooks.url_invalid' }, url);
  }
  assert.deepEqual(await pin('http://127.0.0.1:9/', sandbox), { address: '127.0.0.1', family: 4 });
  assert.deepEqual(await pin('https://local.example/', sandbox), { address: '127.0.0.1', family: 4 });
  await assert.rejects(pin('http://public.example/', sandbox), { code: 'webhooks.url_invalid' });
  await assert.rejects(pin('https://metadata.example/', sandbox), { code: 'webhooks.address_refused' });
  await assert.rejects(pin('https://10.0.0.1/', sandbox), { code: 'webhooks.address_refused' });
});

test('no private or reserved address counts as public, however it is written', () => {
  const inner = fc.oneof(
    fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
  );
  fc.assert(
    fc.property(inner, (parts) => {
      const dotted = parts.join('.');
      assert.equal(isPublicAddress(dotted), false);
      assert.equal(isPublicAddress(`::ffff:${dotted}`), false);
      assert.equal(isPublicAddress(`64:ff9b::${dotted}`), false);
      assert.equal(isPublicAddress(`::${dotted}`), false);
    }),
  );
  assert.equal(isPublicAddress('8.8.8.8'), true);
  assert.equal(isPublicAddress('2400:cb00::1'), true);
});
