import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * The environment of a thread that takes its compiled modules from where the process keeps them, if it does: a thread has
 * begun after 0.1 instead of 0.2 s, and costs 60 ms of the processor less.
 */
export function threadEnvironment(): NodeJS.ProcessEnv {
  const kept = getCompileCacheDir();
  return kept === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(kept) };
}
