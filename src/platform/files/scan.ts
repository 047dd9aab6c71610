import { spawn } from 'node:child_process';

/** What a malware scan says of a file; `failed` carries why it could not tell. */
export type ScanResult =
  | { readonly verdict: 'clean' | 'infected' }
  | { readonly verdict: 'failed'; readonly problem: string };

/** Longest time that a scan may take. */
const SCAN_SECONDS = 120;

/**
 * Runs the configured command with the file's path as its last argument, without a shell: exit 0 clean, 1 infected,
 * anything else, a signal or a time-out failed. The words of the command are parted by spaces; quotes keep one word.
 */
export function scanFile(command: string, path: string, seconds = SCAN_SECONDS): Promise<ScanResult> {
  const [program, ...args] = words(command);
  if (program === undefined) return Promise.resolve({ verdict: 'failed', problem: 'no command' });
  return new Promise((resolve) => {
    const child = spawn(program, [...args, path], {
      stdio: 'ignore',
      detached: process.platform !== 'win32',
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      // The whole group, so that nothing the command started goes on.
      if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    }, seconds * 1000);
    const end = (result: ScanResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.on('error', (error) =>
      end({ verdict: 'failed', problem: (error as NodeJS.ErrnoException).code ?? 'error' }),
    );
    child.on('exit', (code, signal) => {
      if (late) end({ verdict: 'failed', problem: `no answer in ${seconds} s` });
      else if (code === 0) end({ verdict: 'clean' });
      else if (code === 1) end({ verdict: 'infected' });
      else end({ verdict: 'failed', problem: `exit ${code ?? signal}` });
    });
  });
}

function words(command: string): string[] {
  return Array.from(
    command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}
