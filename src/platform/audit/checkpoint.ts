import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { auditErrors } from './errors.ts';

/**
 * Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note): three lines origin, tree size and root in
 * base64, an empty line, then `— <key name> <base64 of key id and Ed25519 signature>`.
 */

/** A public key that verifies checkpoints; its text form is the C2SP verifier key `<name>+<key id>+<base64>`. */
export interface Verifier {
  readonly text: string;
  readonly name: string;
  /** First four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key). */
  readonly keyId: Buffer;
  readonly key: KeyObject;
}

/** Signs checkpoints. */
export interface Signer {
  readonly verifier: Verifier;
  sign(text: string): Buffer;
}

/** What a checkpoint says. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The DER prefix of an Ed25519 SubjectPublicKeyInfo (RFC 8410); the 32 bytes of the key follow. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519 = Buffer.from([1]);

/** The verifier of an Ed25519 public key under a name without spaces and plus signs. */
export function verifierOf(name: string, key: KeyObject): Verifier {
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
  const typed = Buffer.concat([ED25519, raw]);
  const keyId = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return { text: `${name}+${keyId.toString('hex')}+${typed.toString('base64')}`, name, keyId, key };
}

/** Reads a C2SP verifier key; throws `audit.checkpoint_invalid`. */
export function parseVerifier(text: string): Verifier {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const typed = Buffer.from(parts?.[3] ?? '', 'base64');
  if (parts === null || typed.length !== 33 || typed[0] !== 1) {
    throw auditErrors.checkpoint_invalid({ problem: 'verifier key' });
  }
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, typed.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  const verifier = verifierOf(parts[1] as string, key);
  if (verifier.keyId.toString('hex') !== parts[2])
    throw auditErrors.checkpoint_invalid({ problem: 'key id' });
  return verifier;
}

/** A signer from an Ed25519 private key. */
export function signerOf(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  const print = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const verifier = verifierOf(`xinlai-audit-${print.slice(0, 12)}`, publicKey);
  return { verifier, sign: (text) => sign(null, Buffer.from(text), privateKey) };
}

/** The signed note of a checkpoint. */
export function writeNote(checkpoint: Checkpoint, signer: Signer): string {
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
  const signature = Buffer.concat([signer.verifier.keyId, signer.sign(text)]).toString('base64');
  return `${text}\n— ${signer.verifier.name} ${signature}\n`;
}

/** Outcome of checking a note. */
export type NoteCheck =
  | { readonly checkpoint: Checkpoint; readonly result: 'signed' | 'bad-signature' | 'unknown-key' }
  | { readonly checkpoint: null; readonly result: 'malformed' };

/** Reads a note and checks its signature with the key of that name and id among `verifiers`. */
export function checkNote(note: string, verifiers: readonly Verifier[]): NoteCheck {
  const malformed = { checkpoint: null, result: 'malformed' } as const;
  const cut = note.indexOf('\n\n');
  if (cut < 0) return malformed;
  const text = note.slice(0, cut + 1);
  const body = /^(\S[^\n]*)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (body === null) return malformed;
  const checkpoint = { origin: body[1]!, size: Number(body[2]), root: Buffer.from(body[3]!, 'base64') };
  const signatures = note
    .slice(cut + 2)
    .split('\n')
    .slice(0, -1);
  let known = false;
  for (const line of signatures) {
    const parts = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (parts === null) return malformed;
    const bytes = Buffer.from(parts[2]!, 'base64');
    const verifier = verifiers.find((one) => one.name === parts[1] && one.keyId.equals(bytes.subarray(0, 4)));
    if (verifier === undefined) continue;
    known = true;
    if (verify(null, Buffer.from(text), verifier.key, bytes.subarray(4)))
      return { checkpoint, result: 'signed' };
  }
  return { checkpoint, result: known ? 'bad-signature' : 'unknown-key' };
}
