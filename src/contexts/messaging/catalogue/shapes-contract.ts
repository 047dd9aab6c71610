import Type, { type Static } from 'typebox';
import { nullable } from '#platform/http/contract';

/* Services, templates, versions, previews and quota. No number of a citizen goes in or out but samples and team numbers. */

export const id = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-z]{10,40}$` });
export const organisationId = Type.String({ pattern: '^[a-z0-9_-]{3,60}$', description: 'an organisation' });
export const clockTime = Type.String({
  pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$',
  description: 'HH:MM, Asia/Taipei',
});
export const reason = Type.String({ minLength: 2, maxLength: 500 });
export const tag = 'messaging';
export const closed = { additionalProperties: false } as const;

export const messageClass = Type.Union([Type.Literal('otp'), Type.Literal('single'), Type.Literal('batch')], {
  description: 'lane: one-time password, single text, batch',
});
export const outcomePolicy = Type.Union([Type.Literal('once'), Type.Literal('at-least-once')], {
  description: 'once: never sent again where the outcome is unknown',
});
export const versionState = Type.Union([
  Type.Literal('draft'),
  Type.Literal('submitted'),
  Type.Literal('with-ministry'),
  Type.Literal('approved'),
  Type.Literal('rejected'),
  Type.Literal('withdrawn'),
]);
export const serviceState = Type.Union([Type.Literal('trial'), Type.Literal('live'), Type.Literal('paused')]);

export const field = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 40 }),
    type: Type.Union([
      Type.Literal('text'),
      Type.Literal('number'),
      Type.Literal('amount'),
      Type.Literal('date'),
      Type.Literal('time'),
      Type.Literal('code'),
      Type.Literal('link'),
      Type.Literal('phone'),
    ]),
    maxLength: Type.Integer({ minimum: 1, maximum: 200, description: 'UTF-16 units' }),
  },
  closed,
);
export const fields = Type.Array(field, { maxItems: 20 });
export const phone = Type.String({ minLength: 3, maxLength: 30 });
export const contactNumbers = Type.Array(phone, {
  maxItems: 200,
  description: 'numbers that citizens can dial: 02-2380-8411, 0800-009-868, 1922',
});
export const linkHosts = Type.Array(Type.String({ minLength: 4, maxLength: 100 }), {
  maxItems: 50,
  description: 'hosts below .gov.tw that texts may link to; empty: no address at all',
});

export const service = Type.Object({
  id: id('svc'),
  organisationId: Type.String(),
  name: Type.String(),
  state: serviceState,
  contactNumbers: Type.Array(Type.String()),
  linkHosts: Type.Array(Type.String()),
  teamNumbers: Type.Integer(),
  sendFrom: Type.String(),
  sendUntil: Type.String(),
  retentionDays: Type.Integer(),
  createdAt: Type.String(),
  liveSince: nullable(Type.String()),
});
export type Service = Static<typeof service>;

export const serviceSettings = {
  contactNumbers: Type.Optional(contactNumbers),
  linkHosts: Type.Optional(linkHosts),
  sendFrom: Type.Optional(clockTime),
  sendUntil: Type.Optional(clockTime),
  retentionDays: Type.Optional(
    Type.Integer({ minimum: 3, maximum: 90, description: 'days that numbers and values are kept' }),
  ),
};
export const serviceName = Type.String({
  minLength: 2,
  maxLength: 40,
  description: 'full name of the agency or service',
});

export const template = Type.Object({
  id: id('tpl'),
  serviceId: id('svc'),
  name: Type.String(),
  createdAt: Type.String(),
  versions: Type.Integer(),
  approvedVersionId: nullable(id('tpv')),
  newestVersion: nullable(Type.Object({ id: id('tpv'), number: Type.Integer(), state: versionState })),
});
export type Template = Static<typeof template>;

export const version = Type.Object({
  id: id('tpv'),
  templateId: id('tpl'),
  number: Type.Integer(),
  state: versionState,
  class: messageClass,
  outcomePolicy,
  serviceName: Type.String(),
  body: Type.String(),
  fields,
  contactNumber: Type.String(),
  formatPack: Type.String(),
  contentHash: Type.String({ description: 'SHA-256 over what decides the text' }),
  createdBy: Type.String(),
  createdAt: Type.String(),
  submittedBy: nullable(Type.String()),
  submittedAt: nullable(Type.String()),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(Type.String()),
  ministryDecidedAt: nullable(Type.String()),
  decisionReason: nullable(Type.String()),
  withdrawnAt: nullable(Type.String()),
});
export type Version = Static<typeof version>;

export const draft = {
  body: Type.String({ maxLength: 2000, description: 'free text with {{field}}' }),
  fields,
  contactNumber: phone,
};

export const problem = Type.Object({
  code: Type.String(),
  level: Type.Union([Type.Literal('refuse'), Type.Literal('warn')]),
  zh: Type.String(),
  en: Type.String(),
  field: Type.Optional(Type.String()),
  at: Type.Optional(Type.Object({ start: Type.Integer(), end: Type.Integer() })),
});
export type Problem = Static<typeof problem>;

export const preview = Type.Object({
  text: Type.String(),
  body: Type.Object({ start: Type.Integer(), end: Type.Integer() }),
  alphabet: Type.String(),
  units: Type.Integer(),
  parts: Type.Array(Type.Object({ text: Type.String(), units: Type.Integer() })),
  remaining: Type.Integer({ description: 'units left of a text of one part; negative above it' }),
  costNtd: nullable(Type.Integer()),
  problems: Type.Array(problem),
});
export type PreviewAnswer = Static<typeof preview>;

export const decision = Type.Object(
  {
    approve: Type.Boolean(),
    reason: Type.Optional(Type.String({ ...reason, description: 'needed where it is rejected' })),
  },
  closed,
);

export const policy = Type.Object(
  {
    monthParts: Type.Integer({ minimum: 0, maximum: 2_000_000_000 }),
    monthNtd: Type.Integer({ minimum: 0, maximum: 2_000_000_000 }),
    partPriceCents: Type.Integer({ minimum: 0, maximum: 100_000, description: 'hundredths of NT$' }),
    warnPercent: Type.Integer({ minimum: 1, maximum: 100 }),
    fourEyesRows: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }),
  },
  closed,
);
export const quota = Type.Object({
  month: Type.String(),
  used: Type.Integer(),
  limit: Type.Integer(),
  left: Type.Integer(),
  spentNtd: Type.Integer(),
  forecast: nullable(Type.Integer({ description: 'parts of the whole month at the pace so far' })),
  policy,
  earlier: Type.Array(Type.Object({ month: Type.String(), parts: Type.Integer() })),
});
export type Quota = Static<typeof quota>;
export const noContent = Type.Object({});
