/** Route → use case: services, templates, versions, previews, quota. */
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import type { Audit } from '#platform/audit/audit';
import type { Clock } from '#platform/clock';
import { registerRoutes } from '#platform/http/routes';
import type { Notifications } from '#platform/notifications/notifications';
import type { Outbox } from '#platform/outbox/outbox';
import type { Vault } from '#platform/vault/vault';
import type { MessagingTables } from '../tables.ts';
import { createAddressReview, type Judge } from './address-review.ts';
import { quotaUse } from './agency-policy.ts';
import { decideVersion, submitVersion, withdrawVersion, type Judged } from './approval.ts';
import { readDecision, type CatalogueTrx, type RecordAct } from './catalogue-acts.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import { catalogueRoutes } from './catalogue-contract.ts';
import { formatPackOn, formatPacks } from './format-pack.ts';
import { registerOversightRoutes } from './oversight-routes.ts';
import { previewFor } from './preview-for.ts';
import {
  changeService,
  createService,
  listServices,
  ownService,
  pauseService,
  toService,
} from './services.ts';
import { maskedTeamNumbers, storeTeamNumbers } from './team-numbers.ts';
import {
  createTemplate,
  createVersion,
  getTemplate,
  listTemplates,
  listVersions,
  ownVersion,
  toVersion,
} from './templates.ts';

export interface CatalogueDeps {
  readonly db: Kysely<MessagingTables>;
  readonly audit: Pick<Audit, 'record'>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly notifications: Pick<Notifications, 'notify'>;
  readonly addressJudge: Judge | null;
}

/** Registers the routes of the catalogue, those of the ministry among them. */
export function registerCatalogueRoutes(app: FastifyInstance, deps: CatalogueDeps): void {
  const { db, audit, vault, clock, outbox, notifications } = deps;
  const record: RecordAct = (trx, caller, requestId, action, subject, details) =>
    audit.record(trx, {
      caller,
      action: `messaging.${action}`,
      subject,
      requestId,
      ...(details && { details }),
    });
  const approval = () => ({ clock, reviewAddresses: createAddressReview(deps.addressJudge) });

  registerRoutes(app, catalogueRoutes, {
    listFormatPacks: async () => {
      const current = formatPackOn(clock.today()).id;
      return {
        items: formatPacks.map(({ id, validFrom, title, source }) => ({
          id,
          validFrom,
          title: { ...title },
          source,
          current: id === current,
        })),
      };
    },
    listServices: ({ query, caller }) => listServices(db, caller, query),
    getService: async ({ params, caller }) => toService(await ownService(db, caller, params.id)),
    createService: ({ body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const row = await createService(trx, caller, body, clock.now());
        await record(trx, caller, request.id, 'service_created', { kind: 'service', id: row.id });
        return toService(row);
      }),
    changeService: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const { before, after } = await changeService(trx, caller, params.id, body);
        await record(
          trx,
          caller,
          request.id,
          'service_changed',
          { kind: 'service', id: params.id },
          {
            contactNumbers: [...after.contact_numbers],
            linkHosts: [...after.link_hosts],
            retentionDays: after.retention_days,
          },
        );
        const isWider =
          after.contact_numbers.some((number) => !before.contact_numbers.includes(number)) ||
          after.link_hosts.some((host) => !before.link_hosts.includes(host));
        if (before.state !== 'trial' && isWider) await tellOfWidening(trx, caller, after.name);
        return toService(after);
      }),
    pauseService: ({ params, caller, request }) => setPaused(caller, params.id, true, request.id),
    resumeService: ({ params, caller, request }) => setPaused(caller, params.id, false, request.id),
    listTeamNumbers: ({ params, caller }) =>
      db.transaction().execute(async (trx) => {
        const row = await ownService(trx, caller, params.id);
        return { items: await maskedTeamNumbers({ vault }, trx, caller, row.team_number_ids) };
      }),
    setTeamNumbers: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const row = await ownService(trx, caller, params.id, true);
        const ids = await storeTeamNumbers({ vault, clock }, trx, caller, row.team_number_ids, body.numbers);
        const after = await trx
          .updateTable('service')
          .set({ team_number_ids: ids })
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await record(
          trx,
          caller,
          request.id,
          'team_numbers_set',
          { kind: 'service', id: row.id },
          {
            numbers: ids.length,
          },
        );
        return toService(after);
      }),
    listTemplates: ({ query, caller }) => listTemplates(db, caller, query),
    getTemplate: ({ params, caller }) => getTemplate(db, caller, params.id),
    createTemplate: ({ body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const { id } = await createTemplate(trx, caller, body, clock.now());
        await record(trx, caller, request.id, 'template_created', { kind: 'template', id });
        return getTemplate(trx, caller, id);
      }),
    createVersion: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const input = { outcomePolicy: 'once' as const, ...body };
        const row = await createVersion(trx, caller, params.id, input, clock);
        await record(
          trx,
          caller,
          request.id,
          'version_created',
          { kind: 'template_version', id: row.id },
          {
            contentHash: row.content_hash.toString('hex'),
          },
        );
        return toVersion(row);
      }),
    listVersions: ({ query, caller }) => listVersions(db, caller, query),
    getVersion: async ({ params, caller }) => toVersion(await ownVersion(db, caller, params.id)),
    submitVersion: ({ params, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const judged = await submitVersion(trx, caller, params.id, { clock });
        await recordVersion(trx, caller, request.id, 'version_submitted', judged);
        await tellSubmitted(trx, judged, 'agency');
        return toVersion(judged.version);
      }),
    decideVersion: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const decision = readDecision(body);
        const judged = await decideVersion(trx, caller, params.id, decision, approval());
        await recordVersion(trx, caller, request.id, 'version_decided', judged);
        await tellDecided(trx, judged);
        return toVersion(judged.version);
      }),
    withdrawVersion: ({ params, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const judged = await withdrawVersion(trx, caller, params.id, { clock });
        await recordVersion(trx, caller, request.id, 'version_withdrawn', judged);
        return toVersion(judged.version);
      }),
    previewText: ({ body, caller }) => previewFor(db, caller, body, clock.today()),
    getQuota: async ({ caller }) => {
      const use = await quotaUse(db, caller.organisation.id, caller.space, clock.today());
      if (use === null) throw catalogueErrors.quota_not_set();
      return use;
    },
  });
  registerOversightRoutes(app, { db, clock, record, recordVersion, approval, tellDecided, tellAgency });

  function setPaused(caller: Caller, id: string, paused: boolean, requestId: string) {
    return db.transaction().execute(async (trx) => {
      const row = await pauseService(trx, await ownService(trx, caller, id, true), paused);
      await record(trx, caller, requestId, paused ? 'service_paused' : 'service_resumed', {
        kind: 'service',
        id,
      });
      return toService(row);
    });
  }

  async function recordVersion(
    trx: CatalogueTrx,
    caller: Caller,
    requestId: string,
    action: string,
    { version }: Judged,
  ): Promise<void> {
    await record(
      trx,
      caller,
      requestId,
      action,
      { kind: 'template_version', id: version.id },
      {
        state: version.state,
        contentHash: version.content_hash.toString('hex'),
      },
    );
  }

  async function tellSubmitted(
    trx: CatalogueTrx,
    judged: Judged,
    stage: 'agency' | 'ministry',
  ): Promise<void> {
    await publish(trx, 'messaging.template_submitted', judged, { stage });
    if (stage === 'agency') {
      await tellAgency(trx, judged.service, 'messaging.template_submitted', {
        zh: `服務「${judged.service.name}」有一個範本版本待審核`,
        en: `A template version of the service "${judged.service.name}" awaits approval`,
      });
    }
  }

  async function tellDecided(trx: CatalogueTrx, judged: Judged): Promise<void> {
    const { version, service } = judged;
    if (version.state === 'with-ministry') return tellSubmitted(trx, judged, 'ministry');
    const approved = version.state === 'approved';
    if (approved) await publish(trx, 'messaging.template_approved', judged, {});
    await tellAgency(trx, service, approved ? 'messaging.template_approved' : 'messaging.template_rejected', {
      zh: `服務「${service.name}」的範本版本已${approved ? '核准' : '退回'}`,
      en: `A template version of the service "${service.name}" was ${approved ? 'approved' : 'rejected'}`,
    });
  }

  function publish(
    trx: CatalogueTrx,
    type: string,
    { version, service }: Judged,
    more: Record<string, string>,
  ): Promise<void> {
    const payload = {
      versionId: version.id,
      templateId: version.template_id,
      serviceId: service.id,
      ...more,
    };
    return outbox.publish(trx, {
      type,
      payload,
      organisationId: service.organisation_id,
      space: service.space,
    });
  }

  async function tellAgency(
    trx: CatalogueTrx,
    service: { readonly organisation_id: string; readonly space: 'test' | 'live' },
    kind: string,
    text: { readonly zh: string; readonly en: string },
  ): Promise<void> {
    await notifications.notify(trx, {
      organisationId: service.organisation_id,
      space: service.space,
      kind,
      text,
      link: '/console/messaging/templates',
    });
  }

  /** Numbers and hosts of a live service reach texts at once, so colleagues hear of new ones. */
  async function tellOfWidening(trx: CatalogueTrx, caller: Caller, name: string): Promise<void> {
    await notifications.notify(trx, {
      organisationId: caller.organisation.id,
      space: caller.space,
      kind: 'messaging.service_changed',
      text: {
        zh: `服務「${name}」新增了聯絡電話或網站，請確認無誤`,
        en: `The service "${name}" has new contact numbers or hosts; please check them`,
      },
      link: '/console/messaging/services',
    });
  }
}
