import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '../json.ts';

/** A recorded act as the chain hashes it. Ids only: never a name, an address or any other personal value. */
export interface EntryContent {
  readonly id: string;
  /** Instant by the clock of the database, microseconds: `2026-11-20T01:02:03.123456Z`. */
  readonly at: string;
  readonly space: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly organisationId: string;
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly legalBasis: string | null;
  readonly details: JsonValue;
  readonly requestId: string | null;
}

/** A record at its place in the chain; places begin at 1. */
export interface SealedEntry {
  readonly seq: number;
  readonly hash: Buffer;
  readonly content: EntryContent;
}

/** What stands before the first record. */
export const GENESIS = Buffer.alloc(32);

/** SHA-256 over the canonical JSON (RFC 8785) of a record, its place and the hash of the record before it. */
export function hashEntry(content: EntryContent, seq: number, previous: Buffer): Buffer {
  const text = canonicalJson({ ...content, seq, previous: previous.toString('hex') });
  return createHash('sha256').update(text).digest();
}
