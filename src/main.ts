/** The server as a process: configuration, signals, exit code. */
import { keepCompiledModules } from './compiled-modules.ts';

keepCompiledModules();
const { serve } = await import('./cli/serve.ts');

process.exitCode = await serve();
