import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';

/** How to start a PostgreSQL binary: PostgreSQL refuses to run as root, so root hands it to another user. */
export interface RunAs {
  /** Null where this process is not root: the binary runs as we do. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  command(
    binary: string,
    args: readonly string[],
  ): { file: string; args: string[]; uid?: number; gid?: number };
}

/**
 * Decides how PostgreSQL runs. As root it runs as `postgres`, or `nobody` where that user is missing. Where a folder
 * on the way to `paths` is closed to others (mode 0700), the child keeps CAP_DAC_OVERRIDE so that it can pass; nobody's
 * modes are changed.
 */
export function decideRunAs(paths: readonly string[]): RunAs {
  if (process.platform === 'win32' || userInfo().uid !== 0) {
    return { owner: null, command: (file, args) => ({ file, args: [...args] }) };
  }
  const owner = lookUp('postgres') ?? lookUp('nobody') ?? { uid: 65534, gid: 65534 };
  if (paths.every(isOpenToOthers)) {
    return { owner, command: (file, args) => ({ file, args: [...args], ...owner }) };
  }
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new Error(
      'The program or its data lies in a folder that only root may enter, and the command setpriv (util-linux) is missing. ' +
        'Run Xinlai as a plain user, or move both to a folder that others may enter.',
    );
  }
  // Without no_setuid_fixup, access(2) ignores the capability, and initdb does not find its own binaries.
  const keep = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return {
    owner,
    command: (file, args) => ({
      file: 'setpriv',
      args: [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...keep, '--', file, ...args],
    }),
  };
}

function lookUp(user: string): { uid: number; gid: number } | null {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, user], { stdio: 'pipe' }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function isOpenToOthers(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const mode = statSync(folder, { throwIfNoEntry: false })?.mode;
    if (folder !== path && mode !== undefined && (mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
