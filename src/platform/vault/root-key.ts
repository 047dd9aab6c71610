import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * The key that wraps data keys: a file, or a key management service behind the same two calls. `context` is bound to
 * the wrapped key; unwrapping with another context fails.
 */
export interface RootKey {
  readonly id: string;
  wrap(key: Buffer, context: string): Promise<Buffer>;
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>;
}

/** The root keys at hand: the one that wraps new keys, and those that wrapped old ones. */
export interface RootKeys {
  /** Where they are, for messages. */
  readonly where: string;
  current(): Promise<RootKey>;
  find(id: string): Promise<RootKey | null>;
}

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM under a 32-byte key: nonce ‖ ciphertext ‖ tag, with `context` as additional data. */
export function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain bytes; throws where key, context or any byte is another. */
export function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  if (sealed.length < NONCE + TAG) throw new Error('too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
}

/** A root key from its 32 bytes. Its id is a fingerprint that tells nothing about it. */
export function localRootKey(key: Buffer): RootKey {
  const id = createHash('sha256').update('xinlai root key id\n').update(key).digest('hex').slice(0, 16);
  return {
    id,
    wrap: (dataKey, context) => Promise.resolve(encrypt(key, dataKey, context)),
    unwrap: async (wrapped, context) => decrypt(key, wrapped, context),
  };
}
