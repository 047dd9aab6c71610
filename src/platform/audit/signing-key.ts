import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseVerifier, signerOf, type Signer, type Verifier } from './checkpoint.ts';
import { auditErrors } from './errors.ts';

/** What signs the checkpoints of this installation, and every key whose signature it trusts. */
export interface AuditKeys {
  readonly signer: Signer;
  readonly trusted: readonly Verifier[];
}

const KEY = 'audit-signing.key';
const VERIFIERS = 'audit-verifiers.txt';

/**
 * Opens the Ed25519 signing key of a key folder (`audit-signing.key`, PKCS #8, mode 0600). Where it is missing it is
 * made if `create` is set, else `audit.signing_key_missing` is thrown. Its public half joins `audit-verifiers.txt`.
 */
export function openAuditKeys(folder: string, options: { readonly create: boolean }): AuditKeys {
  const file = join(folder, KEY);
  if (!existsSync(file)) {
    if (!options.create) throw auditErrors.signing_key_missing({ file });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    try {
      writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
        mode: 0o600,
        flag: 'wx',
        flush: true,
      });
    } catch (error) {
      // Another process that starts at the same moment has made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  const signer = readSigner(file);
  const known = trustedVerifiers(folder);
  if (known.some((verifier) => verifier.text === signer.verifier.text)) return { signer, trusted: known };
  if (options.create) trustVerifiers(folder, [signer.verifier]);
  return { signer, trusted: [...known, signer.verifier] };
}

/**
 * Puts a new signing key in the place of the old one, which is destroyed; checkpoints signed with it stay trusted. A
 * running process signs with the old key until it starts again.
 */
export function rotateSigningKey(folder: string): Signer {
  openAuditKeys(folder, { create: true });
  const file = join(folder, KEY);
  const { privateKey } = generateKeyPairSync('ed25519');
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  // Trusted before it signs: no checkpoint is ever signed by an unknown key.
  trustVerifiers(folder, [signerOf(privateKey).verifier]);
  renameSync(fresh, file);
  return readSigner(file);
}

/** The keys that a folder trusts; empty where none was ever written down. */
export function trustedVerifiers(folder: string): Verifier[] {
  const file = join(folder, VERIFIERS);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => parseVerifier(line));
}

/** Adds keys to those that a folder trusts (a restored backup brings the keys of where it was made). */
export function trustVerifiers(folder: string, verifiers: readonly Verifier[]): void {
  const known = new Set(trustedVerifiers(folder).map((verifier) => verifier.text));
  const added = verifiers.filter((verifier) => !known.has(verifier.text));
  if (added.length === 0) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  appendFileSync(join(folder, VERIFIERS), added.map((verifier) => `${verifier.text}\n`).join(''), {
    mode: 0o600,
  });
}

function readSigner(file: string): Signer {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${key.asymmetricKeyType} instead of Ed25519`);
    return signerOf(key);
  } catch (cause) {
    throw auditErrors.signing_key_invalid({ file, problem: (cause as Error).message }, { cause });
  }
}
