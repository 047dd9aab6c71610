/** A template version that may be sent, ready to compose and to check texts. */
import { sql, type Kysely } from 'kysely';
import type { AnyTransaction } from '#platform/database';
import { TAIPEI } from '#platform/clock';
import type {
  MessageClass,
  MessagingTables,
  OutcomePolicy,
  Space,
  TemplateField,
  VersionState,
} from '../tables.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import { composer, type Composer } from './compose.ts';
import { createContentPolicy, type ContentPolicy } from './content-policy.ts';
import { formatPackById, type FormatPack } from './format-pack.ts';
import { hashContent } from './version-content.ts';
import { wordListOn } from './words.ts';

export interface SendableService {
  readonly id: string;
  readonly organisationId: string;
  readonly space: Space;
  readonly name: string;
  /** On trial it reaches team numbers only. */
  readonly state: 'trial' | 'live';
  readonly contactNumbers: readonly string[];
  /** Empty: no address at all. */
  readonly linkHosts: readonly string[];
  /** Hours of the day for batches, Asia/Taipei, `08:00:00`. */
  readonly sendFrom: string;
  readonly sendUntil: string;
  readonly retentionDays: number;
}

export interface SendableVersion {
  readonly id: string;
  readonly templateId: string;
  readonly number: number;
  readonly class: MessageClass;
  readonly outcomePolicy: OutcomePolicy;
  readonly body: string;
  readonly fields: readonly TemplateField[];
  readonly contactNumber: string;
  readonly formatPack: FormatPack;
  readonly contentHash: Buffer;
}

/** An approved version with its service. Immutable: load it anew to learn that it was withdrawn or paused. */
export interface Sendable extends Composer {
  readonly service: SendableService;
  readonly version: SendableVersion;
  /** Those of the version; a value's place is the field's place here. */
  readonly fields: readonly TemplateField[];
  readonly check: ContentPolicy;
}

export interface SendableRequest {
  readonly organisationId: string;
  readonly space: Space;
  readonly templateVersionId: string;
  /** `live`: the service must be live. `trial` (where left out): on trial it may be, the caller keeps to team numbers. */
  readonly for?: 'live' | 'trial';
}

interface Row {
  readonly service_id: string;
  readonly name: string;
  readonly service_state: 'trial' | 'live' | 'paused';
  readonly contact_numbers: string[];
  readonly link_hosts: string[];
  readonly send_from: string;
  readonly send_until: string;
  readonly retention_days: number;
  readonly template_id: string;
  readonly number: number;
  readonly state: VersionState;
  readonly class: MessageClass;
  readonly outcome_policy: OutcomePolicy;
  readonly service_name: string;
  readonly body: string;
  readonly fields: readonly TemplateField[];
  readonly contact_number: string;
  readonly format_pack: string;
  readonly content_hash: Buffer;
}

/** What was made ready, under everything that it follows from; the oldest entry goes first. */
const ready = new Map<string, Pick<Sendable, 'version' | 'compose' | 'check'>>();
const MOST_READY = 2000;

/**
 * The version, if it may be sent now. Throws `messaging.version_not_found` (also for others' versions),
 * `version_not_approved`, `version_changed` (it is not what was approved), `version_contact_gone`, `service_paused`,
 * `service_on_trial`. One query; composing and checking are compiled once a version.
 */
export async function loadSendable(
  db: Kysely<MessagingTables> | AnyTransaction,
  request: SendableRequest,
): Promise<Sendable> {
  const { organisationId, space, templateVersionId: id } = request;
  const { rows } = await sql<Row>`
    select s.id as service_id, s.name, s.state as service_state, s.contact_numbers, s.link_hosts, s.send_from::text,
      s.send_until::text, s.retention_days, v.template_id, v.number, v.state, v.class, v.outcome_policy, v.service_name,
      v.body, v.fields, v.contact_number, v.format_pack, v.content_hash
    from messaging.template_version v
    join messaging.template t on t.id = v.template_id
    join messaging.service s on s.id = t.service_id
    where v.id = ${id} and s.organisation_id = ${organisationId} and s.space = ${space}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw catalogueErrors.version_not_found({ id });
  if (row.state !== 'approved') throw catalogueErrors.version_not_approved({ id, state: row.state });
  if (row.service_state === 'paused') throw catalogueErrors.service_paused({ id: row.service_id });
  if (request.for === 'live' && row.service_state !== 'live')
    throw catalogueErrors.service_on_trial({ id: row.service_id });
  if (!row.contact_numbers.includes(row.contact_number)) throw catalogueErrors.version_contact_gone({ id });
  const service: SendableService = {
    id: row.service_id,
    organisationId,
    space,
    name: row.name,
    state: row.service_state,
    contactNumbers: row.contact_numbers,
    linkHosts: row.link_hosts,
    sendFrom: row.send_from,
    sendUntil: row.send_until,
    retentionDays: row.retention_days,
  };
  const made = makeReady(id, row, service);
  return { service, fields: made.version.fields, ...made };
}

function makeReady(
  id: string,
  row: Row,
  service: SendableService,
): Pick<Sendable, 'version' | 'compose' | 'check'> {
  const words = wordListOn(Temporal.Now.plainDateISO(TAIPEI));
  const key = JSON.stringify([
    id,
    row.content_hash.toString('base64'),
    row.body,
    row.fields,
    row.contact_number,
    row.format_pack,
    row.class,
    row.outcome_policy,
    row.service_name,
    row.name,
    row.contact_numbers,
    row.link_hosts,
    words.id,
  ]);
  const known = ready.get(key);
  if (known !== undefined) return known;
  const formatPack = formatPackById(row.format_pack);
  if (formatPack === null || row.service_name !== row.name) throw catalogueErrors.version_changed({ id });
  const version: SendableVersion = {
    id,
    templateId: row.template_id,
    number: row.number,
    class: row.class,
    outcomePolicy: row.outcome_policy,
    body: row.body,
    fields: row.fields,
    contactNumber: row.contact_number,
    formatPack,
    contentHash: row.content_hash,
  };
  const hash = hashContent({ ...version, serviceId: service.id, serviceName: row.service_name });
  if (!hash.equals(row.content_hash)) throw catalogueErrors.version_changed({ id });
  const { compose } = composer({ service, version });
  const made = { version, compose, check: createContentPolicy({ service, version }, words) };
  ready.set(key, made);
  if (ready.size > MOST_READY) ready.delete(ready.keys().next().value as string);
  return made;
}

/** A sendable is asked for anew after this long. */
const REMEMBERED_MILLISECONDS = 1000;

/**
 * Loads as `loadSendable`, and remembers the answer for a second, for paths that take thousands of texts a second:
 * what is paused or withdrawn is refused there at the latest a second later.
 */
export function rememberSendables(
  db: Kysely<MessagingTables>,
): (request: SendableRequest) => Promise<Sendable> {
  const known = new Map<string, { readonly until: number; readonly sendable: Promise<Sendable> }>();
  return (request) => {
    const key = `${request.organisationId} ${request.space} ${request.templateVersionId} ${request.for ?? ''}`;
    const now = performance.now();
    const found = known.get(key);
    if (found !== undefined && now < found.until) return found.sendable;
    const sendable = loadSendable(db, request);
    if (known.size >= MOST_READY) known.clear();
    known.set(key, { until: now + REMEMBERED_MILLISECONDS, sendable });
    sendable.catch(() => known.delete(key));
    return sendable;
  };
}
