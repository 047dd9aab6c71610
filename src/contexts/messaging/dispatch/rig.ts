/** A sender with its surroundings, for tests, campaigns and benchmarks: an agency, its service, templates, links. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { systemCaller } from '#platform/access';
import { createAudit, openAuditKeys } from '#platform/audit/audit';
import { systemClock, type Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { createLog, type Log } from '#platform/log';
import { openSecretBox, type SecretBox } from '#platform/secret-box';
import { existsSync } from 'node:fs';
import { createRootKey, fileRootKeys } from '#platform/vault/key-file';
import { createVault, type Vault } from '#platform/vault/vault';
import { formatPackById } from '../catalogue/format-pack.ts';
import { hashContent } from '../catalogue/version-content.ts';
import { createCheckKeys } from '../check/keys.ts';
import { queueChunks, writeChunks, type NewChunk } from '../chunk.ts';
import type { MessageClass, MessagingTables, OutcomePolicy } from '../tables.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import type { LinkOptions } from './link-options.ts';
import { loadTexts } from './texts.ts';

export interface RigLink {
  readonly id?: string;
  readonly telecom?: string;
  readonly port: number;
  readonly binds?: number;
  readonly window?: number;
  readonly rate?: number;
  readonly mode?: 'split' | 'transceiver';
  readonly options?: Partial<LinkOptions>;
}

export interface RigMessages {
  readonly class?: MessageClass;
  readonly policy?: OutcomePolicy;
  readonly organisation?: string;
  readonly telecom?: string;
  /** Nine digits each. */
  readonly numbers: readonly string[];
  /** What stands in the field `item`, of one or several parts. */
  readonly item?: string;
  readonly parts?: number;
  readonly batchId?: string | null;
  readonly validFor?: Temporal.DurationLike;
  /** Messages of a chunk. */
  readonly chunkRows?: number;
}

export interface Rig {
  readonly database: Database;
  readonly vault: Vault;
  readonly secretBox: SecretBox;
  addLink(link: RigLink): Promise<string>;
  /** Stores and queues messages; answers the ids of their chunks. */
  send(messages: RigMessages): Promise<number[]>;
  addBatch(id: string, organisation?: string): Promise<void>;
  dispatcher(options?: { holdMs?: number; graceMs?: number; log?: Log }): Dispatcher;
}

const BODY =
  '您好，您申請的{{item}}已經完成審核，請於七日內攜帶證件至本機關辦理後續手續，逾期視同放棄，敬請留意。';
const CONTACT = '0800-009-868';
const NAME = '數位發展部';

/** Numbers of nine digits, one after the other from a start. */
export const numbersFrom = (start: number, count: number): string[] =>
  Array.from({ length: count }, (_, place) => String(912_000_000 + start + place));

/** Opens the surroundings on a database whose migrations were applied; made at the first call, found at later ones. */
export async function openRig(database: Database, folder: string, clock: Clock = systemClock): Promise<Rig> {
  const keyFile = join(folder, 'keys', 'root.key');
  if (!existsSync(keyFile)) createRootKey(keyFile);
  const secretBox = openSecretBox(join(folder, 'keys'));
  const audit = createAudit({ database, keys: openAuditKeys(join(folder, 'keys'), { create: true }) });
  const vault = createVault({ database, audit, rootKeys: fileRootKeys(keyFile), clock });
  const db = database.of<MessagingTables>('messaging');
  const versions = new Map<string, string>();

  async function versionOf(organisation: string, kind: MessageClass, policy: OutcomePolicy): Promise<string> {
    const id = `tpv_${organisation}_${kind}_${policy}`;
    if (versions.has(id)) return id;
    const formatPack = formatPackById('2025')!;
    const serviceId = `srv_${organisation}`;
    const fields = [{ name: 'item', type: 'text', maxLength: 500 }] as const;
    const content = {
      serviceId,
      serviceName: NAME,
      class: kind,
      outcomePolicy: policy,
      body: BODY,
      fields,
      contactNumber: CONTACT,
      formatPack,
    };
    await sql`insert into messaging.service (id, organisation_id, space, name, state, contact_numbers, created_by, created_at)
      values (${serviceId}, ${organisation}, 'test', ${NAME}, 'live', ${[CONTACT]}, 'usr_rig', now())
      on conflict do nothing`.execute(db);
    await sql`insert into messaging.template (id, service_id, name, created_at)
      values (${`tpl_${organisation}_${kind}_${policy}`}, ${serviceId}, ${`${kind} ${policy}`}, now())
      on conflict do nothing`.execute(db);
    await sql`insert into messaging.template_version (id, template_id, number, state, class, outcome_policy, service_name,
        body, fields, contact_number, format_pack, content_hash, author_id, created_by, created_at)
      values (${id}, ${`tpl_${organisation}_${kind}_${policy}`}, 1, 'approved', ${kind}, ${policy}, ${NAME}, ${BODY},
        ${JSON.stringify(fields)}::jsonb, ${CONTACT}, ${formatPack.id}, ${hashContent(content)}, 'usr_rig', 'usr_rig', now())
      on conflict do nothing`.execute(db);
    versions.set(id, id);
    return id;
  }

  return {
    database,
    vault,
    secretBox,
    async addLink(link) {
      const id = link.id ?? `lnk_${link.telecom ?? 'cht'}`;
      await sql`
        insert into messaging.link (id, space, telecom, name, host, port, system_id, sealed_password, bind_mode, binds,
          window_size, parts_per_second, options)
        values (${id}, 'test', ${link.telecom ?? 'cht'}, ${id}, '127.0.0.1', ${link.port}, 'gov111',
          ${Buffer.from(secretBox.seal('secret'), 'latin1')}, ${link.mode ?? 'split'}, ${link.binds ?? 1},
          ${link.window ?? 100}, ${link.rate ?? 100_000}, ${JSON.stringify(link.options ?? {})}::jsonb)
        on conflict (id) do update set port = excluded.port, options = excluded.options`.execute(db);
      return id;
    },
    async send(messages) {
      const { numbers, item = '補助款', parts = 1, chunkRows = 1000, policy = 'once' } = messages;
      const kind = messages.class ?? 'batch';
      const organisation = messages.organisation ?? 'org_rig';
      const templateVersionId = await versionOf(organisation, kind, policy);
      const now = clock.now();
      const chunks: NewChunk[] = [];
      for (let from = 0; from < numbers.length; from += chunkRows) {
        const own = numbers.slice(from, from + chunkRows);
        chunks.push({
          organisationId: organisation,
          space: 'test',
          serviceId: `srv_${organisation}`,
          templateVersionId,
          batchId: messages.batchId ?? null,
          class: kind,
          telecom: messages.telecom ?? 'cht',
          content: {
            numbers: own,
            fields: { item: own.map(() => item) },
            parts: own.map(() => parts),
          },
          notBefore: now,
          validUntil: now.add(messages.validFor ?? { hours: 24 }),
          deleteBy: Temporal.Now.plainDateISO().add({ days: 10 }),
        });
      }
      return database
        .of('messaging')
        .transaction()
        .execute(async (trx) => {
          const ids = await writeChunks(trx, vault, chunks, systemCaller('rig'));
          await queueChunks(trx, ids);
          return ids;
        });
    },
    async addBatch(id, organisation = 'org_rig') {
      const version = await versionOf(organisation, 'batch', 'once');
      await sql`insert into messaging.batch (id, organisation_id, space, service_id, template_version_id, name, state,
          created_by, creator_id, created_at)
        values (${id}, ${organisation}, 'test', ${`srv_${organisation}`}, ${version}, ${id}, 'sending', 'usr_rig', 'usr_rig', now())`.execute(
        db,
      );
    },
    dispatcher: ({ log = createLog('error'), ...options } = {}) =>
      createDispatcher({
        database,
        vault,
        secretBox,
        clock,
        log,
        checkKeys: createCheckKeys({ database, secretBox, clock }),
        textsOf: loadTexts(database),
        ...options,
      }),
  };
}
