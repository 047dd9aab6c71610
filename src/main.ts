/** The server as a process: configuration, signals, exit code. */
import { serve } from './cli/serve.ts';

process.exitCode = await serve();
