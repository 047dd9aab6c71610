/** Previews as the page asks for them: of a version, or of a draft that nobody has saved. */
import type { Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import { parsePhoneNumber, suggestPhoneNumber } from '#shared/phone-number';
import type { MessagingTables, TemplateField } from '../tables.ts';
import { agencyPolicy } from './agency-policy.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import type { Draft, DraftService } from './draft-rules.ts';
import { formatPackById, formatPackOn, type FormatPack } from './format-pack.ts';
import { previewText } from './preview.ts';
import { ownService } from './services.ts';
import { draftServiceOf, getTemplate, ownVersion, writtenContact } from './templates.ts';
import { wordListOn } from './words.ts';

export interface PreviewRequest {
  readonly versionId?: string;
  readonly serviceId?: string;
  readonly draft?: {
    readonly body: string;
    readonly fields: readonly TemplateField[];
    readonly contactNumber: string;
  };
  readonly formatPack?: string;
  readonly number?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** Throws where there is nothing to show; what is wrong with the text itself is in the answer. */
export async function previewFor(
  db: Kysely<MessagingTables>,
  caller: Caller,
  request: PreviewRequest,
  today: Temporal.PlainDate,
) {
  const { draft, service, formatPack } = await subjectOf(db, caller, request, today);
  const policy = await agencyPolicy(db, caller.organisation.id, caller.space);
  const { body, parts, problems, ...shown } = previewText(draft, service, {
    formatPack,
    words: wordListOn(today),
    number9: sampleNumber(request.number),
    ...(request.values && { values: request.values }),
    partPriceCents: policy?.partPriceCents ?? null,
  });
  return { ...shown, body: { ...body }, parts: [...parts], problems: problems.map(toProblem) };
}

interface Subject {
  readonly draft: Draft;
  readonly service: DraftService;
  readonly formatPack: FormatPack;
}

async function subjectOf(
  db: Kysely<MessagingTables>,
  caller: Caller,
  { versionId, serviceId, draft, formatPack: packId }: PreviewRequest,
  today: Temporal.PlainDate,
): Promise<Subject> {
  if (versionId !== undefined) {
    const version = await ownVersion(db, caller, versionId);
    const { serviceId: ofVersion } = await getTemplate(db, caller, version.template_id);
    const service = draftServiceOf(await ownService(db, caller, ofVersion));
    const saved = { body: version.body, fields: version.fields, contactNumber: version.contact_number };
    return {
      draft: saved,
      service: { ...service, name: version.service_name },
      formatPack: packOf(packId ?? version.format_pack),
    };
  }
  if (serviceId === undefined || draft === undefined) throw catalogueErrors.preview_subject();
  const service = draftServiceOf(await ownService(db, caller, serviceId));
  return {
    draft: { ...draft, contactNumber: writtenContact(draft.contactNumber) },
    service,
    formatPack: packId === undefined ? formatPackOn(today) : packOf(packId),
  };
}

function packOf(id: string): FormatPack {
  const pack = formatPackById(id);
  if (pack === null) throw catalogueErrors.format_pack_not_found({ id });
  return pack;
}

/** Nine digits of which the last three show. */
function sampleNumber(number: string | undefined): string {
  if (number === undefined) return '900000678';
  if (/^\d{3}$/u.test(number)) return `900000${number}`;
  const found = parsePhoneNumber(number) ?? suggestPhoneNumber(number);
  if (found?.kind !== 'mobile' || found.extension !== null) throw catalogueErrors.preview_number();
  return found.national.slice(1);
}

const toProblem = ({
  code,
  level,
  zh,
  en,
  field,
  at,
}: ReturnType<typeof previewText>['problems'][number]) => ({
  code,
  level,
  zh,
  en,
  ...(field !== undefined && { field }),
  ...(at !== undefined && { at: { ...at } }),
});
