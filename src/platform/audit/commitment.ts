import { createHmac, randomBytes } from 'node:crypto';

/**
 * A salted commitment to a value that must not stand in the trail: HMAC-SHA-256 of the value under a random salt of 32
 * bytes. Keep the salt with the value; when both are erased nothing can be told from the commitment, and the chain
 * still verifies.
 */
export function commit(value: string): { readonly commitment: string; readonly salt: string } {
  const salt = randomBytes(32).toString('hex');
  return { commitment: commitmentOf(value, salt), salt };
}

/** The commitment of a value under a salt (both as `commit` returned them). */
export function commitmentOf(value: string, salt: string): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(value).digest('hex');
}
