/** Route → use case: what the ministry decides for agencies. Texts and numbers of citizens are not among it. */
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import type { Clock } from '#platform/clock';
import { registerRoutes } from '#platform/http/routes';
import type { MessagingTables } from '../tables.ts';
import { listQuotaUse, setAgencyPolicy } from './agency-policy.ts';
import {
  decideAsMinistry,
  listForMinistry,
  withdrawVersion,
  type ApprovalDeps,
  type Judged,
} from './approval.ts';
import { oversightRoutes } from './oversight-contract.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import { readDecision, type CatalogueTrx, type RecordAct } from './catalogue-acts.ts';
import { listServices, toService, type ServiceRow } from './services.ts';
import { toVersion } from './templates.ts';

export interface OversightDeps {
  readonly db: Kysely<MessagingTables>;
  readonly clock: Clock;
  readonly record: RecordAct;
  readonly recordVersion: (
    trx: CatalogueTrx,
    caller: Caller,
    requestId: string,
    action: string,
    judged: Judged,
  ) => Promise<void>;
  readonly approval: () => ApprovalDeps;
  readonly tellDecided: (trx: CatalogueTrx, judged: Judged) => Promise<void>;
  readonly tellAgency: (
    trx: CatalogueTrx,
    service: ServiceRow,
    kind: string,
    text: { readonly zh: string; readonly en: string },
  ) => Promise<void>;
}

const STATES = {
  live: { zh: '正式上線', en: 'live' },
  trial: { zh: '改為試用', en: 'on trial' },
  paused: { zh: '暫停', en: 'paused' },
} as const;

export function registerOversightRoutes(app: FastifyInstance, deps: OversightDeps): void {
  const { db, clock, record, recordVersion } = deps;
  registerRoutes(app, oversightRoutes, {
    listAgencyServices: ({ query, caller }) => listServices(db, caller, query, true),
    changeServiceState: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const row = await changeState(trx, caller, params.id, body.state, clock.now());
        await record(
          trx,
          caller,
          request.id,
          'service_state_changed',
          { kind: 'service', id: row.id },
          {
            state: body.state,
            reason: body.reason,
          },
        );
        const word = STATES[body.state];
        await deps.tellAgency(trx, row, 'messaging.service_state_changed', {
          zh: `主管機關將服務「${row.name}」${word.zh}：${body.reason}`,
          en: `The ministry set the service "${row.name}" ${word.en}: ${body.reason}`,
        });
        return toService(row);
      }),
    listVersionsToDecide: ({ query, caller }) => listForMinistry(db, caller, query),
    decideAsMinistry: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const judged = await decideAsMinistry(trx, caller, params.id, readDecision(body), deps.approval());
        await recordVersion(trx, caller, request.id, 'version_decided_by_ministry', judged);
        await deps.tellDecided(trx, judged);
        return toVersion(judged.version);
      }),
    withdrawAsMinistry: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const judged = await withdrawVersion(trx, caller, params.id, { clock }, true);
        await recordVersion(trx, caller, request.id, 'version_withdrawn_by_ministry', judged);
        await deps.tellAgency(trx, judged.service, 'messaging.template_withdrawn', {
          zh: `主管機關停用了服務「${judged.service.name}」的一個範本版本：${body.reason}`,
          en: `The ministry withdrew a template version of "${judged.service.name}": ${body.reason}`,
        });
        return toVersion(judged.version);
      }),
    listQuotas: ({ query, caller }) => listQuotaUse(db, caller, clock.today(), query),
    setAgencyPolicy: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        await setAgencyPolicy(trx, params.organisationId, caller.space, body, clock.today());
        const subject = { kind: 'organisation', id: params.organisationId };
        await record(trx, caller, request.id, 'agency_policy_set', subject, { ...body });
        return {};
      }),
  });
}

/** Any service of the caller's space. Going live asks for an approved version and a contact number. */
async function changeState(
  trx: CatalogueTrx,
  caller: Caller,
  id: string,
  state: ServiceRow['state'],
  now: Temporal.Instant,
): Promise<ServiceRow> {
  const row = await trx
    .selectFrom('service')
    .selectAll()
    .where('id', '=', id)
    .where('space', '=', caller.space)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw catalogueErrors.service_not_found({ id });
  if (state === 'live') {
    const approved = await trx
      .selectFrom('template_version as v')
      .innerJoin('template as t', 't.id', 'v.template_id')
      .select('v.id')
      .where('t.service_id', '=', id)
      .where('v.state', '=', 'approved')
      .limit(1)
      .executeTakeFirst();
    if (approved === undefined || row.contact_numbers.length === 0)
      throw catalogueErrors.service_not_ready({ id });
  }
  const since = row.live_since?.toISOString() ?? now.toString();
  return trx
    .updateTable('service')
    .set({
      state,
      held: state === 'paused',
      ...(state === 'live' && { live_since: since }),
      ...(state === 'trial' && { live_since: null }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
