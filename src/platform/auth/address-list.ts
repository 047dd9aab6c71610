import { BlockList, isIP } from 'node:net';
import { authErrors } from './errors.ts';

/** Checks and tidies networks such as `203.0.113.0/24` or `2001:db8::/32`; a bare address means that one alone. */
export function parseNetworks(networks: readonly string[]): string[] {
  return networks.map((network) => {
    const text = network.trim();
    const [address = '', length, ...rest] = text.split('/');
    const family = isIP(address);
    const longest = family === 6 ? 128 : 32;
    const bits = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : -1;
    if (family === 0 || rest.length > 0 || bits < 0 || bits > longest)
      throw authErrors.bad_network({ network: text });
    return `${address}/${bits}`;
  });
}

/** True where the list is empty or one of its networks holds the address. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  // A socket that listens on both families shows IPv4 callers as ::ffff:203.0.113.7.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
