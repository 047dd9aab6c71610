import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { webhookErrors } from './webhooks-errors.ts';

/** An address that a request is pinned to. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a host name to all its addresses. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string }[]>;

/** IANA special-purpose ranges of IPv4 (RFC 6890 and its registry), multicast and the reserved rest. */
const refused4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Of IPv6 only 2000::/3 is public; these parts of it are not, or carry an IPv4 address inside. */
const refused6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const inner4 = new BlockList();
const inner6 = new BlockList();
const public6 = new BlockList();
const loopback = new BlockList();
for (const [net, prefix] of refused4) inner4.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of refused6) inner6.addSubnet(net, prefix, 'ipv6');
public6.addSubnet('2000::', 3, 'ipv6');
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True where an address is on the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !inner4.check(address, 'ipv4');
  return isIP(address) === 6 && public6.check(address, 'ipv6') && !inner6.check(address, 'ipv6');
}

function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

export interface GuardOptions {
  /** True in the sandbox: loopback is allowed, also without TLS. */
  readonly allowLoopback: boolean;
  readonly resolve?: Resolve;
}

/** Reads an endpoint's address; throws `webhooks.url_invalid` on anything but https (or http to loopback where allowed). */
export function parseEndpointUrl(text: string, { allowLoopback }: GuardOptions): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || text.length > 2000 || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw webhookErrors.url_invalid();
  }
  const host = hostOf(url);
  const local = host === 'localhost' || isLoopback(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local && allowLoopback))
    throw webhookErrors.url_invalid();
  return url;
}

/**
 * Resolves the host of an endpoint and picks the address to connect to. Every address of the name must be allowed, so that
 * a name cannot mix a public and an internal one; the caller connects to the answer and never resolves again.
 */
export async function pinAddress(url: URL, options: GuardOptions): Promise<PinnedAddress> {
  const host = hostOf(url);
  let found: readonly { readonly address: string }[];
  try {
    found = isIP(host) === 0 ? await (options.resolve ?? resolveAll)(host) : [{ address: host }];
  } catch (cause) {
    throw webhookErrors.host_unknown({ host }, { cause });
  }
  const [first] = found;
  if (first === undefined) throw webhookErrors.host_unknown({ host });
  const allowed = found.every(
    ({ address }) => isPublicAddress(address) || (options.allowLoopback && isLoopback(address)),
  );
  if (!allowed) throw webhookErrors.address_refused({ host });
  if (url.protocol === 'http:' && !found.every(({ address }) => isLoopback(address)))
    throw webhookErrors.url_invalid();
  return { address: first.address, family: isIP(first.address) === 6 ? 6 : 4 };
}

function resolveAll(host: string): Promise<readonly { readonly address: string }[]> {
  return lookup(host, { all: true, verbatim: true });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
