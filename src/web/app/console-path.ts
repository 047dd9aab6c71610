/** The address of a page within the console: `/findings` is `/console/findings`. Anything that is no path of ours leads home. */
export function consolePath(path: string): string {
  if (!/^\/(?![/\\])/.test(path)) return '/console/';
  return path.startsWith('/console/') || path === '/console' ? path : `/console${path}`;
}
