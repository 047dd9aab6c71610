/** Takes single texts: who may send what to whom, then one commit for many requests. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Caller } from '#platform/access';
import type { Audit } from '#platform/audit/audit';
import { TAIPEI, type Clock } from '#platform/clock';
import { connectPipelined, type Database } from '#platform/database';
import { canonicalJson } from '#platform/json';
import type { Vault } from '#platform/vault/vault';
import { countParts } from '#protocols/smpp';
import { parsePhoneNumber, suggestPhoneNumber } from '#shared/phone-number';
import { checkValue } from '../catalogue/field-values.ts';
import { rememberSendables, type Sendable } from '../catalogue/versions.ts';
import type { Router } from '../routing/route.ts';
import type { MessagingTables, Space } from '../tables.ts';
import { acceptErrors } from './accept-errors.ts';
import { createChunkIds } from './chunk-ids.ts';
import { createGroupCommit } from './group-commit.ts';
import { messageIdOf } from './message-id.ts';
import { MESSAGE_ENDED } from './tell-ended.ts';
import { writeOrRefuse, type Refused } from './write-or-refuse.ts';
import {
  areKeysKnown,
  KeyTaken,
  writeFresh,
  writeKnown,
  type ReadyMessage,
  type WriteDeps,
  type Written,
} from './write-messages.ts';

/** A text as an agency asks for it. */
export interface NewMessage {
  readonly templateVersionId: string;
  /** A mobile number of Taiwan in any writing. */
  readonly number: string;
  readonly values: Readonly<Record<string, string>>;
  /** RFC 3339; now where left out. */
  readonly sendAt?: string;
  /** Same key, same content: same answer. */
  readonly idempotencyKey?: string;
  /** The SMPP account that wants a receipt. */
  readonly receiptFor?: string;
}

export interface AcceptedMessage {
  /** `msg_…` */
  readonly id: string;
  readonly parts: number;
  /** True where the key was used for the same message before: nothing was sent again. */
  readonly replayed: boolean;
}

export interface AcceptDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly router: Router;
  /** Numbers of the service's team; asked where a key or a trial service reaches nobody else. */
  readonly isTeamNumber: (serviceId: string, number: string) => Promise<boolean>;
  readonly reserveParts: WriteDeps['reserveParts'];
  /** True where an endpoint of the agency asks for the type of event. */
  readonly listens: (organisationId: string, space: Space, type: string) => Promise<boolean>;
  /** 32 bytes; keeps what idempotency remembers from being guessed. */
  readonly digestKey: Buffer;
  /** Called after a commit that queued something. */
  readonly wake: () => void;
}

export interface Acceptor {
  /** Answers after the commit. Throws the refusals of accept-errors and of the catalogue. */
  accept(caller: Caller, message: NewMessage, requestId?: string): Promise<AcceptedMessage>;
  /** Ends after what is being written; nothing is accepted then. */
  close(): Promise<void>;
}

/** A text waits for its time at most so long. */
const LONGEST_AHEAD = { hours: 24 * 35 };
/** A text that could not be sent within this is not sent at all: an old code or a late notice confuses. */
const VALIDITY_HOURS = { otp: 1, single: 24, batch: 24 } as const;
/** Groups that are written at once. */
const LANES = 2;
const KEY = /^[\x21-\x7e]{1,255}$/u;

export function createAcceptor(deps: AcceptDeps): Acceptor {
  const db = deps.database.of<MessagingTables>('messaging');
  const sendableOf = rememberSendables(db);
  const isTold = rememberListening(deps.listens);
  const writing = {
    vault: deps.vault,
    audit: deps.audit,
    reserveParts: deps.reserveParts,
    chunkIds: createChunkIds(db),
  };
  const pipelined = connectPipelined(deps.database.url, LANES);
  const hot = pipelined.of<MessagingTables>('messaging');
  const write = async (group: readonly ReadyMessage[]): Promise<readonly Written[]> => {
    // Most keys come once, so that looking for them first would be in vain.
    for (let attempt = 0; ; attempt++) {
      const how = attempt === 0 ? writeFresh : writeKnown;
      try {
        return await hot.transaction().execute((trx) => how(trx, writing, group));
      } catch (error) {
        if (!(error instanceof KeyTaken) || attempt === 3) throw error;
      }
    }
  };
  const areKnown = (group: readonly ReadyMessage[]): Promise<readonly boolean[]> =>
    hot.transaction().execute((trx) => areKeysKnown(trx, group));
  const commits = createGroupCommit<ReadyMessage, Written | Refused>({
    most: 500,
    lanes: LANES,
    another: 100,
    gatherMs: 2,
    // A code for one person waits neither for another agency's bulk nor for that of its own.
    partyOf: (message) => `${message.caller.organisation.id} ${message.caller.space} ${message.class}`,
    waiting: 60_000,
    waitingOfParty: 20_000,
    refuse: () => acceptErrors.too_busy({ limit: 20_000 }),
    commit: async (group) => {
      const written = await writeOrRefuse({ write, areKnown }, group);
      deps.wake();
      return written;
    },
  });

  const lastDay = rememberDays();
  const digestKey = createSecretKey(deps.digestKey);

  async function ready(caller: Caller, message: NewMessage, requestId?: string): Promise<ReadyMessage> {
    const number = readNumber(message.number);
    const sendable = await sendableOf({
      organisationId: caller.organisation.id,
      space: caller.space,
      templateVersionId: message.templateVersionId,
    });
    const { service, version } = sendable;
    if (version.class === 'batch') throw acceptErrors.class_not_single({ id: version.id });
    const teamOnly = service.state === 'trial' || !caller.permissions.has('messaging.send');
    if (teamOnly && !(await deps.isTeamNumber(service.id, number))) throw acceptErrors.not_a_team_number();
    const values = readValues(sendable, message.values);
    const text = sendable.compose(number, (field) => values[field] as string);
    const refused = sendable.check(text).find(({ level }) => level === 'refuse');
    if (refused !== undefined) throw acceptErrors.text_refused({ zh: refused.zh, en: refused.en });
    const notBefore = readTime(message.sendAt, deps.clock.now());
    const [telecom] = await deps.router.telecomOf([number], caller.space);
    const validUntil = notBefore.add({ hours: VALIDITY_HOURS[version.class] });
    return {
      caller,
      requestId,
      serviceId: service.id,
      templateVersionId: version.id,
      fieldNames: version.fields.map(({ name }) => name),
      class: version.class,
      telecom: telecom as string,
      number,
      values,
      parts: countParts(text),
      scheduled: message.sendAt !== undefined,
      notBefore,
      validUntil,
      deleteBy: lastDay(validUntil, service.retentionDays),
      key: keyOf(digestKey, message),
      receiptFor: message.receiptFor ?? null,
      isTold: await isTold(caller.organisation.id, caller.space),
    };
  }

  return {
    async accept(caller, message, requestId) {
      const one = await ready(caller, message, requestId);
      const written = await commits.add(one);
      if ('refused' in written) throw written.refused;
      if ('conflict' in written) throw acceptErrors.idempotency_key_reused();
      return { id: messageIdOf(written.place), parts: one.parts, replayed: written.replayed };
    },
    async close() {
      await commits.idle();
      await pipelined.close();
    },
  };
}

/** The legal day so many days after an instant; the last hour's answers are remembered, a calendar costs microseconds. */
function rememberDays(): (at: Temporal.Instant, days: number) => Temporal.PlainDate {
  let hour = Number.NaN;
  const known = new Map<number, Temporal.PlainDate>();
  return (at, days) => {
    const own = Math.floor(at.epochMilliseconds / 3_600_000);
    if (own !== hour) known.clear();
    hour = own;
    const found = known.get(days) ?? at.toZonedDateTimeISO(TAIPEI).toPlainDate().add({ days });
    known.set(days, found);
    return found;
  };
}

/** Whether an agency listens is asked at most every two seconds. */
function rememberListening(
  listens: AcceptDeps['listens'],
): (organisationId: string, space: Space) => Promise<boolean> {
  const known = new Map<string, { readonly until: number; readonly answer: Promise<boolean> }>();
  return (organisationId, space) => {
    const key = `${organisationId} ${space}`;
    const found = known.get(key);
    const now = performance.now();
    if (found !== undefined && now < found.until) return found.answer;
    if (known.size > 10_000) known.clear();
    const answer = listens(organisationId, space, MESSAGE_ENDED);
    known.set(key, { until: now + 2000, answer });
    answer.catch(() => known.delete(key));
    return answer;
  };
}

/** Nine digits of a mobile number. */
function readNumber(value: string): string {
  const found = parsePhoneNumber(value) ?? suggestPhoneNumber(value);
  if (found?.kind !== 'mobile' || found.extension !== null) {
    throw acceptErrors.number_not_mobile({ value: value.replaceAll(/\d(?=\d{3})/gu, '*').slice(0, 40) });
  }
  return found.national.slice(1);
}

function readValues({ version }: Sendable, given: Readonly<Record<string, string>>): string[] {
  const fields = version.fields.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (!fields.includes(name)) {
      throw acceptErrors.value_unknown({ field: name, fields: fields.join('、') || '–' });
    }
  }
  return version.fields.map((field) => {
    const value = given[field.name];
    if (value === undefined)
      throw acceptErrors.value_missing({ field: field.name, fields: fields.join('、') });
    const problem = checkValue(field, value);
    if (problem !== null) {
      throw acceptErrors.value_refused({ field: field.name, zh: problem.zh, en: problem.en });
    }
    return value;
  });
}

function readTime(sendAt: string | undefined, now: Temporal.Instant): Temporal.Instant {
  if (sendAt === undefined) return now;
  const at = Temporal.Instant.from(sendAt);
  const latest = now.add(LONGEST_AHEAD);
  // A minute of grace for clocks that differ.
  if (
    Temporal.Instant.compare(at, now.subtract({ minutes: 1 })) < 0 ||
    Temporal.Instant.compare(at, latest) > 0
  ) {
    throw acceptErrors.send_at_out_of_range({ sendAt, latest: latest.toString() });
  }
  return at;
}

/** Keyed, for the content holds a number: whoever reads the table alone cannot try numbers against it. */
function keyOf(secret: KeyObject, message: NewMessage): ReadyMessage['key'] {
  const { idempotencyKey, templateVersionId, number, values, sendAt } = message;
  if (idempotencyKey === undefined) return null;
  if (!KEY.test(idempotencyKey)) throw acceptErrors.idempotency_key_invalid();
  const content = canonicalJson([templateVersionId, number, { ...values }, sendAt ?? null]);
  return {
    digest: createHmac('sha256', secret).update(`key\0${idempotencyKey}`).digest(),
    body: createHmac('sha256', secret).update(`body\0${content}`).digest(),
  };
}
