/** Addresses from which an account may bind. */
import { BlockList, isIP } from 'node:net';

/** Checks a network such as `203.0.113.0/28`; a bare address means that one alone. Null where it is neither. */
export function parseNetwork(text: string): string | null {
  const [address = '', length, ...rest] = text.trim().split('/');
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  const bits = length === undefined ? longest : /^\d{1,3}$/u.test(length) ? Number(length) : -1;
  return family === 0 || rest.length > 0 || bits < 0 || bits > longest ? null : `${address}/${bits}`;
}

/** True where one of the networks holds the address. An empty list lets nobody in. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  // A socket that listens on both families shows IPv4 callers as ::ffff:203.0.113.7.
  const plain = address.replace(/^::ffff:(?=\d+\.)/iu, '');
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
