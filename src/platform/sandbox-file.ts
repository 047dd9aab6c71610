import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { organisationKinds, type OrganisationKind, type Role } from './access.ts';

/** A person of the sandbox, with the password in clear: everything behind it is invented. */
export interface SandboxSignIn {
  readonly email: string;
  readonly password: string;
  /** Id of the organisation, `org_sandbox_…`. */
  readonly organisation: string;
  readonly roles: readonly Role[];
}

/** `<data>/sandbox.json`: where tools, tests and newcomers find the addresses, keys and sign-ins of a sandbox. */
export interface SandboxFile {
  readonly baseUrl: string;
  readonly keys: Readonly<Record<OrganisationKind, string>>;
  /** `officer`, `reviewer`, `auditor`, `administrator` of the ministry, and one for each other kind of organisation. */
  readonly signIns: Readonly<Record<string, SandboxSignIn>>;
  /** Addresses of the simulators, by name. */
  readonly simulators: Readonly<Record<string, string>>;
}

/** Writes the file whole or not at all, readable for its owner alone. */
export async function writeSandboxFile(path: string, content: SandboxFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** What an earlier start wrote; null where there is nothing or nothing usable, which is then made anew. */
export async function readSandboxFile(path: string): Promise<SandboxFile | null> {
  try {
    const parsed = JSON.parse(await readFile(path, 'utf8')) as Partial<SandboxFile> | null;
    const { keys, signIns } = parsed ?? {};
    if (typeof keys !== 'object' || typeof signIns !== 'object') return null;
    if (organisationKinds.some((kind) => typeof keys[kind] !== 'string')) return null;
    if (
      Object.values(signIns).some((one) => typeof one.email !== 'string' || typeof one.password !== 'string')
    )
      return null;
    return { baseUrl: '', simulators: {}, ...parsed } as SandboxFile;
  } catch {
    return null;
  }
}
