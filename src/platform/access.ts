/** The kinds of organisation that use the product. */
export const organisationKinds = [
  'ministry',
  'agency',
  'operator',
  'verification-body',
  'telecom',
  'police',
  'isac-member',
] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** What a person may be within an organisation. A person may hold several. */
export const roles = ['administrator', 'officer', 'reviewer', 'auditor', 'developer', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** What a route asks of its caller. A context's permissions are named `<area>.<verb>`. */
export const permissions = [
  'operators.read',
  'operators.search',
  'operators.import',
  'operators.reconcile',
  'operators.judge',
  'operators.rules',
  'operators.read-own',
  'messaging.read',
  'messaging.send',
  'messaging.send-team',
  'messaging.templates',
  'messaging.approve',
  'messaging.services',
  'messaging.oversee',
  'messaging.links',
  'audit.read',
  'people.manage',
  'organisations.manage',
  'keys.manage',
  'webhooks.manage',
  'developer.read',
  'jobs.read',
  'jobs.manage',
  'files.write',
  'notifications.read',
  'clock.move',
] as const;
export type Permission = (typeof permissions)[number];

/**
 * Permissions over what belongs to the whole platform; every other one reaches rows of the own organisation alone.
 * docs/access.md shows them as `all`.
 */
export const sharedPermissions: ReadonlySet<Permission> = new Set([
  'operators.read',
  'operators.search',
  'operators.import',
  'operators.reconcile',
  'operators.judge',
  'operators.rules',
  'messaging.oversee',
  'messaging.links',
  'organisations.manage',
  'clock.move',
]);

const everybody: readonly Permission[] = [
  'notifications.read',
  'jobs.read',
  'operators.read-own',
  'operators.search',
];

/** Which permissions a role carries; the kind of the organisation narrows them further (`kindPermissions`). */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: [
    ...everybody,
    'people.manage',
    'organisations.manage',
    'keys.manage',
    'webhooks.manage',
    'jobs.manage',
    'operators.read',
    'operators.rules',
    'messaging.read',
    'messaging.services',
    'messaging.oversee',
    'messaging.links',
    'developer.read',
    'clock.move',
  ],
  officer: [
    ...everybody,
    'operators.read',
    'operators.import',
    'operators.reconcile',
    'operators.judge',
    'messaging.read',
    'messaging.send',
    'messaging.send-team',
    'messaging.templates',
    'messaging.services',
    'jobs.manage',
    'files.write',
  ],
  reviewer: [
    ...everybody,
    'operators.read',
    'operators.judge',
    'operators.rules',
    'messaging.read',
    'messaging.approve',
  ],
  auditor: [...everybody, 'operators.read', 'messaging.read', 'audit.read'],
  developer: [
    ...everybody,
    'keys.manage',
    'webhooks.manage',
    'developer.read',
    'messaging.read',
    'messaging.send',
    'messaging.send-team',
    'clock.move',
    'files.write',
  ],
  viewer: [...everybody, 'operators.read', 'messaging.read'],
};

/** What an agency that sends texts holds over its own services. */
const texts: readonly Permission[] = [
  'messaging.read',
  'messaging.send',
  'messaging.send-team',
  'messaging.templates',
  'messaging.approve',
  'messaging.services',
];

const own: readonly Permission[] = [
  'notifications.read',
  'jobs.read',
  'audit.read',
  'people.manage',
  'keys.manage',
  'webhooks.manage',
  'developer.read',
  'jobs.manage',
  'files.write',
  'clock.move',
];

/**
 * What an organisation of a kind can ever hold. The register holds closed uploads (balances, sales) and working papers:
 * the ministry alone reads them, others search its open part, and an operator sees only itself.
 */
export const kindPermissions: Readonly<Record<OrganisationKind, readonly Permission[]>> = {
  ministry: permissions,
  agency: [...own, ...texts, 'operators.search'],
  operator: [...own, 'operators.read-own'],
  'verification-body': [...own, 'operators.search'],
  telecom: [...own, 'operators.search'],
  police: [...own, ...texts, 'operators.search'],
  'isac-member': [...own, 'operators.search'],
};

/** The permissions of a person or key: those of the roles that the kind of organisation allows. */
export function permissionsOf(kind: OrganisationKind, held: readonly Role[]): ReadonlySet<Permission> {
  const possible = new Set(kindPermissions[kind]);
  return new Set(
    held.flatMap((role) => rolePermissions[role]).filter((permission) => possible.has(permission)),
  );
}

/** Who calls. Every route but public ones has one; every audited act names it. */
export interface Caller {
  readonly by: 'person' | 'key' | 'system';
  /** Id of the person or key; `system:<what>` for the product itself. Never a name or an address. */
  readonly actorId: string;
  /** The person who made a key, also where one key made another; left out for people themselves. */
  readonly madeBy?: string;
  readonly organisation: {
    readonly id: string;
    readonly kind: OrganisationKind;
    /** 統一編號 of the organisation, where it has one; an operator sees only this one. */
    readonly ubn: string | null;
  };
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Test data and live data never mix. */
  readonly space: 'test' | 'live';
}

/**
 * Who answers for what a caller does: two keys of one person are not four eyes. A key that the product made for an
 * organisation (the sandbox does) has nobody behind it but that organisation.
 */
export function personBehind({ madeBy, actorId, organisation }: Caller): string {
  if (madeBy === undefined) return actorId;
  return madeBy.startsWith('system:') ? `${madeBy}:${organisation.id}` : madeBy;
}

/** The product acting by itself (jobs, imports at start-up). */
export function systemCaller(what: string): Caller {
  return {
    by: 'system',
    actorId: `system:${what}`,
    organisation: { id: 'system', kind: 'ministry', ubn: null },
    roles: ['officer', 'reviewer', 'administrator'],
    permissions: new Set(permissions),
    space: 'live',
  };
}
