import type { FastifyInstance } from 'fastify';

interface Address {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Remembers every route that is added after it; the answer tells the methods that a path has, sorted, and none where
 * no route has that path. Routes with `config.concealed` are left out: a wrong method would tell that they are there.
 */
export function rememberMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const addresses = new Map<string, Address>();
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.concealed === true) return;
    const address = addresses.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    addresses.set(url, address);
    for (const one of [method].flat()) address.methods.add(one);
  });
  return (path) => {
    const readable = decoded(path);
    const found = new Set<string>();
    for (const { pattern, methods } of addresses.values())
      if (pattern.test(readable)) for (const method of methods) found.add(method);
    return [...found].toSorted();
  };
}

/** `:name` is one part that is not empty, `*` at the end is any rest. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('/')}$`, 's');
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
