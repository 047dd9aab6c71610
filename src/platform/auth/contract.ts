import Type from 'typebox';
import { organisationKinds, permissions, roles } from '../access.ts';
import { defineRoutes, nullable, pageOf, pageQuery } from '../http/contract.ts';

const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });

const kind = literals(organisationKinds);
const role = literals(roles);
const permission = literals(permissions);
const space = literals(['test', 'live'] as const);
const instant = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' });
const someRoles = Type.Array(role, { minItems: 1, maxItems: roles.length, uniqueItems: true });
const idParams = Type.Object({ id: text(60) });
const done = Type.Object({ ok: Type.Literal(true) });

const me = Type.Object({
  by: literals(['person', 'key'] as const),
  person: nullable(Type.Object({ id: Type.String(), name: Type.String(), email: Type.String() })),
  organisation: Type.Object({
    id: Type.String(),
    kind,
    nameZh: Type.String(),
    nameEn: Type.String(),
    ubn: nullable(Type.String()),
  }),
  organisations: Type.Array(
    Type.Object({
      id: Type.String(),
      kind,
      nameZh: Type.String(),
      nameEn: Type.String(),
      roles: Type.Array(role),
    }),
  ),
  roles: Type.Array(role),
  permissions: Type.Array(Type.String()),
  space,
  secondFactor: Type.Object({
    missing: literals(['none', 'show', 'enrol'] as const),
    authenticator: Type.Boolean(),
    passkey: Type.Boolean(),
  }),
  language: literals(['zh-TW', 'en'] as const),
  theme: literals(['system', 'light', 'dark'] as const),
  lookChosen: Type.Boolean(),
});

const session = Type.Object({
  id: Type.String(),
  current: Type.Boolean(),
  address: nullable(Type.String()),
  userAgent: nullable(Type.String()),
  startedAt: instant,
  lastSeenAt: instant,
});

const person = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  roles: Type.Array(role),
  secondFactor: Type.Boolean(),
  memberSince: instant,
  lastSeenAt: nullable(instant),
});

const invitation = Type.Object({
  id: Type.String(),
  personId: Type.String(),
  name: Type.String(),
  email: Type.String(),
  roles: Type.Array(role),
  invitedBy: Type.String({ description: 'id of the person, key or command that invited' }),
  createdAt: instant,
  expiresAt: instant,
});

const newInvitation = Type.Interface([invitation], {
  link: nullable(Type.String({ description: 'one-time link; null where it was mailed' })),
});

const invitationRequest = Type.Object(
  { email, name: text(100), roles: someRoles },
  { additionalProperties: false },
);

const key = Type.Object({
  id: Type.String(),
  name: Type.String(),
  space,
  visiblePrefix: Type.String(),
  roles: Type.Array(role),
  scopes: Type.Array(permission),
  networks: Type.Array(Type.String()),
  createdBy: Type.String(),
  createdAt: instant,
  expiresAt: nullable(instant),
  lastUsedAt: nullable(instant),
  revokedAt: nullable(instant),
  rotatedTo: nullable(Type.String()),
});

const newKey = Type.Interface([key], {
  secret: Type.String({ description: 'shown this once; send it as Authorization: Bearer …' }),
});

const organisation = Type.Object({
  id: Type.String(),
  kind,
  nameZh: Type.String(),
  nameEn: Type.String(),
  ubn: nullable(Type.String()),
  spaces: Type.Array(space),
  people: Type.Integer(),
  createdAt: instant,
});

const invitationParams = Type.Object({ token: text(100) });

/** People, keys and organisations. The steps of signing in themselves are in README.md. */
export const authRoutes = defineRoutes({
  getMe: {
    method: 'GET',
    url: '/api/v1/me',
    access: 'signed-in',
    tag: 'account',
    summary: {
      zh: '目前的身分、組織與權限',
      en: 'Who calls: person or key, organisation, roles, permissions',
    },
    response: { 200: me },
  },
  changeMe: {
    method: 'PATCH',
    url: '/api/v1/me',
    access: 'signed-in',
    tag: 'account',
    summary: { zh: '變更介面語言或明暗', en: 'Change the language or theme' },
    body: Type.Object(
      {
        language: Type.Optional(literals(['zh-TW', 'en'] as const)),
        theme: Type.Optional(literals(['system', 'light', 'dark'] as const)),
      },
      { additionalProperties: false },
    ),
    response: { 200: me },
  },
  switchOrganisation: {
    method: 'POST',
    url: '/api/v1/me/organisation',
    access: 'signed-in',
    tag: 'account',
    summary: { zh: '切換至所屬的另一個組織', en: 'Work for another of your organisations' },
    body: Type.Object({ organisationId: text(60) }, { additionalProperties: false }),
    response: { 200: done },
  },
  listMySessions: {
    method: 'GET',
    url: '/api/v1/me/sessions',
    access: 'signed-in',
    tag: 'account',
    summary: { zh: '目前登入中的裝置', en: 'Where you are signed in' },
    response: { 200: Type.Object({ items: Type.Array(session) }) },
  },
  endMySession: {
    method: 'DELETE',
    url: '/api/v1/me/sessions/:id',
    access: 'signed-in',
    tag: 'account',
    summary: { zh: '登出另一個裝置', en: 'Sign out elsewhere' },
    params: idParams,
    response: { 200: done },
  },

  listPeople: {
    method: 'GET',
    url: '/api/v1/people',
    access: 'people.manage',
    tag: 'people',
    summary: { zh: '本組織的人員', en: 'People of the own organisation' },
    query: Type.Object(pageQuery),
    response: { 200: pageOf(person) },
  },
  changeRoles: {
    method: 'PUT',
    url: '/api/v1/people/:id/roles',
    access: 'people.manage',
    tag: 'people',
    summary: { zh: '變更人員的角色', en: 'Change the roles of a person' },
    params: idParams,
    body: Type.Object({ roles: someRoles }, { additionalProperties: false }),
    response: { 200: done },
  },
  removePerson: {
    method: 'DELETE',
    url: '/api/v1/people/:id',
    access: 'people.manage',
    tag: 'people',
    summary: { zh: '移除人員', en: 'Remove a person from the own organisation' },
    params: idParams,
    response: { 200: done },
  },
  listInvitations: {
    method: 'GET',
    url: '/api/v1/invitations',
    access: 'people.manage',
    tag: 'people',
    summary: { zh: '尚未接受的邀請', en: 'Invitations that wait' },
    query: Type.Object(pageQuery),
    response: { 200: pageOf(invitation) },
  },
  invite: {
    method: 'POST',
    url: '/api/v1/invitations',
    access: 'people.manage',
    tag: 'people',
    summary: { zh: '邀請人員加入本組織', en: 'Invite a person into the own organisation' },
    body: invitationRequest,
    response: { 201: newInvitation },
    limitPerMinute: 60,
  },
  withdrawInvitation: {
    method: 'DELETE',
    url: '/api/v1/invitations/:id',
    access: 'people.manage',
    tag: 'people',
    summary: { zh: '撤回邀請', en: 'Withdraw an invitation' },
    params: idParams,
    response: { 200: done },
  },
  viewInvitation: {
    method: 'GET',
    url: '/api/v1/invitations/:token',
    access: 'public',
    tag: 'people',
    summary: { zh: '檢視收到的邀請', en: 'See an invitation by its one-time token' },
    params: invitationParams,
    response: {
      200: Type.Object({
        organisation: Type.Object({ id: Type.String(), kind, nameZh: Type.String(), nameEn: Type.String() }),
        name: Type.String(),
        email: Type.String(),
        roles: Type.Array(role),
        expiresAt: instant,
        hasPassword: Type.Boolean({ description: 'true: accept with the present password, or signed in' }),
      }),
    },
    limitPerMinute: 30,
  },
  acceptInvitation: {
    method: 'POST',
    url: '/api/v1/invitations/:token/accept',
    access: 'public',
    tag: 'people',
    summary: { zh: '接受邀請並設定密碼', en: 'Accept an invitation and set a password' },
    params: invitationParams,
    body: Type.Object({ password: Type.Optional(text(128)) }, { additionalProperties: false }),
    response: { 200: Type.Object({ email: Type.String({ description: 'sign in with this address' }) }) },
    limitPerMinute: 20,
  },

  listKeys: {
    method: 'GET',
    url: '/api/v1/keys',
    access: 'keys.manage',
    tag: 'keys',
    summary: { zh: '本組織的 API 金鑰', en: 'API keys of the own organisation' },
    query: Type.Object(pageQuery),
    response: { 200: pageOf(key) },
  },
  createKey: {
    method: 'POST',
    url: '/api/v1/keys',
    access: 'keys.manage',
    tag: 'keys',
    summary: { zh: '建立 API 金鑰（僅顯示一次）', en: 'Create an API key; its secret is shown once' },
    body: Type.Object(
      {
        name: text(100),
        space,
        roles: Type.Optional(someRoles),
        scopes: Type.Optional(Type.Array(permission, { maxItems: permissions.length, uniqueItems: true })),
        networks: Type.Optional(Type.Array(text(50), { maxItems: 50 })),
        expiresAt: Type.Optional(nullable(instant)),
      },
      { additionalProperties: false },
    ),
    response: { 201: newKey },
  },
  revokeKey: {
    method: 'DELETE',
    url: '/api/v1/keys/:id',
    access: 'keys.manage',
    tag: 'keys',
    summary: { zh: '停用 API 金鑰', en: 'Revoke an API key at once' },
    params: idParams,
    response: { 200: done },
  },
  rotateKey: {
    method: 'POST',
    url: '/api/v1/keys/:id/rotate',
    access: 'keys.manage',
    tag: 'keys',
    summary: { zh: '更換 API 金鑰', en: 'Replace an API key; the old one works on for a while' },
    params: idParams,
    body: Type.Object(
      { overlapHours: Type.Optional(Type.Integer({ minimum: 0, maximum: 168, description: 'default 24' })) },
      { additionalProperties: false },
    ),
    response: { 201: newKey },
  },

  listOrganisations: {
    method: 'GET',
    url: '/api/v1/organisations',
    access: 'organisations.manage',
    tag: 'organisations',
    summary: { zh: '使用本平台的組織', en: 'Organisations on the platform' },
    query: Type.Object({ ...pageQuery, kind: Type.Optional(kind) }),
    response: { 200: pageOf(organisation) },
  },
  createOrganisation: {
    method: 'POST',
    url: '/api/v1/organisations',
    access: 'organisations.manage',
    tag: 'organisations',
    summary: { zh: '新增組織並邀請其管理者', en: 'Add an organisation and invite its administrator' },
    body: Type.Object(
      {
        kind,
        nameZh: text(100),
        nameEn: text(150),
        ubn: Type.Optional(nullable(Type.String({ pattern: '^[0-9]{8}$' }))),
        spaces: Type.Optional(Type.Array(space, { minItems: 1, maxItems: 2, uniqueItems: true })),
        administrator: Type.Optional(
          Type.Object({ email, name: text(100) }, { additionalProperties: false }),
        ),
      },
      { additionalProperties: false },
    ),
    response: { 201: Type.Object({ organisation, invitation: nullable(newInvitation) }) },
  },
  inviteAdministrator: {
    method: 'POST',
    url: '/api/v1/organisations/:id/administrators',
    access: 'organisations.manage',
    tag: 'organisations',
    summary: {
      zh: '邀請尚無管理者的組織的管理者',
      en: 'Invite the first administrator of an organisation that has none',
    },
    params: idParams,
    body: Type.Object({ email, name: text(100) }, { additionalProperties: false }),
    response: { 201: newInvitation },
    limitPerMinute: 60,
  },
});
