import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineErrors } from './errors.ts';

const errors = defineErrors('secret_box', {
  unknown_key: {
    status: 500,
    zh: '密文以未知的金鑰 {key} 加密。請把該金鑰放回 {file}。',
    en: 'the text was sealed with the unknown key {key}. Put that key back into {file}.',
  },
});

/** Secrets that the product must be able to say again (webhook secrets, addresses of mails under way). */
export interface SecretBox {
  /** AES-256-GCM under the newest key: `sb1.<key id>.<base64url>`. */
  seal(text: string): string;
  /** Throws where the text was changed or its key is gone. */
  open(sealed: string): string;
  /** Secrets derived for one use, newest key first (HKDF-SHA-256). */
  derive(use: string): [string, ...string[]];
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Opens `<folder>/box.keys` (0600), one base64 key a line, newest first; makes the first one where the file is missing. */
export function openSecretBox(folder: string): SecretBox {
  const file = join(folder, 'box.keys');
  if (!existsSync(file)) addBoxKey(folder);
  const keys = readKeys(file);
  const newest = keys[0] as Key;
  const secretOf = (use: string) => (key: Key) =>
    Buffer.from(hkdfSync('sha256', key.bytes, '', use, 32)).toString('base64url');
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', newest.bytes, nonce);
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `sb1.${newest.id}.${sealed.toString('base64url')}`;
    },
    open(sealed) {
      const [, id = '', text = ''] = sealed.split('.');
      const key = keys.find((one) => one.id === id);
      if (key === undefined) throw errors.unknown_key({ key: id, file });
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
    derive: (use) => [secretOf(use)(newest), ...keys.slice(1).map(secretOf(use))],
  };
}

/** Puts a new key in front; texts sealed with the older ones stay readable. */
export function addBoxKey(folder: string): void {
  const file = join(folder, 'box.keys');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${randomBytes(32).toString('base64')}\n${old}`, { mode: 0o600, flush: true });
  renameSync(fresh, file);
}

function readKeys(file: string): Key[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const bytes = Buffer.from(line.trim(), 'base64');
    return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
  });
}
