/** What decides a text, in the one form that is hashed and approved. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#platform/json';
import type { MessageClass, OutcomePolicy, TemplateField } from '../tables.ts';
import type { FormatPack } from './format-pack.ts';

export interface VersionContent {
  readonly serviceId: string;
  /** As it opens the text. */
  readonly serviceName: string;
  readonly class: MessageClass;
  readonly outcomePolicy: OutcomePolicy;
  readonly body: string;
  readonly fields: readonly TemplateField[];
  readonly contactNumber: string;
  /** Whole, so that a changed pack file is noticed like a changed body. */
  readonly formatPack: FormatPack;
}

/** SHA-256 over the canonical JSON (RFC 8785) of everything that decides the text. */
export function hashContent(content: VersionContent): Buffer {
  const { serviceId, serviceName, outcomePolicy, body, fields, contactNumber, formatPack } = content;
  return createHash('sha256')
    .update(
      canonicalJson({
        serviceId,
        serviceName,
        class: content.class,
        outcomePolicy,
        body,
        fields: fields.map(({ name, type, maxLength }) => ({ name, type, maxLength })),
        contactNumber,
        formatPack: {
          id: formatPack.id,
          pieces: formatPack.pieces.map((piece) => ({ ...piece })),
        },
      }),
    )
    .digest();
}
