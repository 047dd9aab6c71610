import type { Generated } from 'kysely';
import type { FileKind } from './file-kind.ts';

/** Rows of the schema `files`. */
export interface FilesTables {
  file: {
    id: string;
    receipt: string;
    sha256: Buffer;
    size: number;
    kind: FileKind;
    name: string;
    purpose: string;
    organisation_id: string;
    space: 'test' | 'live';
    actor_id: string;
    received_at: Generated<Date>;
  };
  quarantine: {
    id: string;
    sha256: Buffer;
    size: number;
    purpose: string;
    organisation_id: string;
    actor_id: string;
    found_at: Generated<Date>;
  };
}
