import type { Generated } from 'kysely';
import type { JsonValue } from '../json.ts';

/** Rows of the schema `audit`, as far as they are queried with the builder. */
export interface AuditTables {
  entry: {
    id: string;
    at: Generated<Date>;
    space: 'test' | 'live';
    actor_kind: 'person' | 'key' | 'system';
    actor_id: string;
    organisation_id: string;
    action: string;
    subject_kind: string;
    subject_id: string;
    legal_basis: string | null;
    details: JsonValue;
    request_id: string | null;
    seq: string | null;
    hash: Buffer | null;
  };
  checkpoint: { tree_size: string; note: string };
}
