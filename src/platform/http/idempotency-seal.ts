import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts a kept answer (AES-256-GCM, RFC 5869 derived key) under the client's own idempotency key, of which the
 * database holds a digest only: 16 bytes of salt, 16 of tag, then the text. Whoever reads the table alone cannot read it.
 */
export function sealAnswer(key: string, answer: Buffer): Buffer {
  const salt = randomBytes(16);
  const [secret, nonce] = derive(key, salt);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  const text = Buffer.concat([cipher.update(answer), cipher.final()]);
  return Buffer.concat([salt, cipher.getAuthTag(), text]);
}

/** The answer again; throws where it was changed or the key is another. */
export function openAnswer(key: string, sealed: Buffer): Buffer {
  const [secret, nonce] = derive(key, sealed.subarray(0, 16));
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce);
  decipher.setAuthTag(sealed.subarray(16, 32));
  return Buffer.concat([decipher.update(sealed.subarray(32)), decipher.final()]);
}

/** Key and nonce both come from the random salt, so no pair is ever used twice. */
function derive(key: string, salt: Buffer): [Buffer, Buffer] {
  const bytes = Buffer.from(hkdfSync('sha256', key, salt, 'xinlai idempotency answer', 44));
  return [bytes.subarray(0, 32), bytes.subarray(32)];
}
