import { randomBytes } from 'node:crypto';
import {
  organisationKinds,
  permissionsOf,
  roles,
  systemCaller,
  type OrganisationKind,
  type Role,
} from '../access.ts';
import { newId } from '../id.ts';
import { readSandboxFile, type SandboxFile, type SandboxSignIn } from '../sandbox-file.ts';
import { hashSecret } from './api-key.ts';
import type { Auth } from './auth.ts';

/** Invented, one for each kind; `示範` says so wherever the name is shown. */
const names: Readonly<Record<OrganisationKind, { zh: string; en: string }>> = {
  ministry: { zh: '數位信賴示範部', en: 'Sandbox Ministry of Digital Trust' },
  agency: { zh: '消費安心示範署', en: 'Sandbox Consumer Agency' },
  operator: { zh: '示範好物商店股份有限公司', en: 'Sandbox Good Things Store Ltd.' },
  'verification-body': { zh: '示範資安驗證中心', en: 'Sandbox Verification Centre' },
  telecom: { zh: '示範電信股份有限公司', en: 'Sandbox Telecom Ltd.' },
  police: { zh: '示範警察局', en: 'Sandbox Police' },
  'isac-member': { zh: '示範商城資安聯防會員', en: 'Sandbox Mall, ISAC member' },
};

interface Seat {
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly roles: readonly Role[];
  readonly person: string;
  /** First part of the mail address; `officer` unless said. */
  readonly mailbox?: string;
}

const seats: readonly Seat[] = [
  { name: 'officer', kind: 'ministry', roles: ['officer'], person: '林承辦（示範）' },
  { name: 'reviewer', kind: 'ministry', roles: ['reviewer'], person: '陳覆核（示範）' },
  { name: 'auditor', kind: 'ministry', roles: ['auditor'], person: '王稽核（示範）' },
  {
    name: 'administrator',
    kind: 'ministry',
    roles: ['administrator', 'developer'],
    person: '張管理（示範）',
  },
  ...organisationKinds
    .filter((kind) => kind !== 'ministry')
    .map((kind) => ({
      name: kind,
      kind,
      roles: ['administrator', 'officer', 'developer'] as const,
      person: `${names[kind].zh.slice(0, 4)}承辦（示範）`,
    })),
  // What an officer of the agency submits, a second person approves.
  {
    name: 'agency-reviewer',
    kind: 'agency',
    roles: ['reviewer'],
    person: '消費安心覆核（示範）',
    mailbox: 'reviewer',
  },
];

export interface SandboxAccessOptions {
  /** The file of an earlier start: its keys and passwords are kept where they still fit the database. */
  readonly path: string;
  readonly baseUrl: string;
  /** 統一編號 of the invented firm that the sandbox operator is. */
  readonly operatorUbn: string;
  readonly simulators?: Readonly<Record<string, string>>;
}

const idOf = (kind: OrganisationKind): string => `org_sandbox_${kind}`;

/**
 * Gives a sandbox an organisation of every kind, a person for each useful role and one API key for each kind, all of
 * them invented. Repeating it changes nothing that still works. Returns what `writeSandboxFile` is to write.
 */
export async function seedSandboxAccess(auth: Auth, options: SandboxAccessOptions): Promise<SandboxFile> {
  const earlier = await readSandboxFile(options.path);
  for (const kind of organisationKinds) await seedOrganisation(auth, kind, options.operatorUbn);
  const keys: Partial<Record<OrganisationKind, string>> = {};
  for (const kind of organisationKinds)
    keys[kind] = await seedKey(auth, kind, earlier?.keys[kind], options.operatorUbn);
  const signIns = await Promise.all(
    seats.map(
      async (seat) => [seat.name, await seedPerson(auth, seat, earlier?.signIns[seat.name])] as const,
    ),
  );
  return {
    baseUrl: options.baseUrl,
    keys: keys as Record<OrganisationKind, string>,
    signIns: Object.fromEntries(signIns),
    simulators: options.simulators ?? {},
  };
}

async function seedOrganisation(
  { queries }: Auth,
  kind: OrganisationKind,
  operatorUbn: string,
): Promise<void> {
  const ubn = kind === 'operator' ? operatorUbn : null;
  await queries
    .insertInto('organisation')
    .values({ id: idOf(kind), kind, name_zh: names[kind].zh, name_en: names[kind].en, ubn, spaces: ['test'] })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ ubn }))
    .execute();
}

async function seedKey(
  auth: Auth,
  kind: OrganisationKind,
  earlier: string | undefined,
  operatorUbn: string,
): Promise<string> {
  const { queries, keys } = auth;
  if (earlier !== undefined) {
    const known = await queries
      .selectFrom('api_key')
      .select('id')
      .where('secret_hash', '=', hashSecret(earlier))
      .where('organisation_id', '=', idOf(kind))
      .where('revoked_at', 'is', null)
      .where('rotated_to', 'is', null)
      .executeTakeFirst();
    if (known !== undefined) return earlier;
  }
  const ubn = kind === 'operator' ? operatorUbn : null;
  const caller = {
    ...systemCaller('sandbox'),
    organisation: { id: idOf(kind), kind, ubn },
    roles,
    permissions: permissionsOf(kind, roles),
    space: 'test',
  } as const;
  const name = `sandbox.json ${kind}`;
  // Keys of a file that was lost are of no use to anybody.
  await queries
    .updateTable('api_key')
    .set({ revoked_at: new Date() })
    .where('organisation_id', '=', idOf(kind))
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .execute();
  const { secret } = await keys.create(caller, { name, space: 'test' });
  return secret;
}

async function seedPerson(
  auth: Auth,
  seat: Seat,
  earlier: SandboxSignIn | undefined,
): Promise<SandboxSignIn> {
  const { queries, passwords } = auth;
  const id = `per_sandbox_${seat.name}`;
  const email =
    seat.kind === 'ministry'
      ? `${seat.name}@ministry.example`
      : `${seat.mailbox ?? 'officer'}@${seat.kind}.example`;
  const organisation = idOf(seat.kind);
  const account = await queries
    .selectFrom('account')
    .select('password')
    .where('person_id', '=', id)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst();
  if (account?.password != null && earlier?.email === email) {
    if (await passwords.verifyPassword(account.password, earlier.password)) {
      return { email, password: earlier.password, organisation, roles: seat.roles };
    }
  }
  const password = randomBytes(12).toString('base64url');
  const hash = await passwords.hashPassword(password);
  await queries.transaction().execute(async (trx) => {
    await trx
      .insertInto('person')
      .values({
        id,
        name: seat.person,
        email,
        email_verified: true,
        image: null,
        last_organisation_id: organisation,
      })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ email }))
      .execute();
    await trx
      .insertInto('membership')
      .values({ organisation_id: organisation, person_id: id, roles: [...seat.roles] })
      .onConflict((conflict) => conflict.columns(['organisation_id', 'person_id']).doNothing())
      .execute();
    await trx
      .insertInto('account')
      .values({ id: newId('acc'), account_id: id, provider_id: 'credential', person_id: id, password: hash })
      .onConflict((conflict) =>
        conflict.columns(['provider_id', 'account_id']).doUpdateSet({ password: hash }),
      )
      .execute();
    // Who knew the old password is out.
    await trx.deleteFrom('session').where('person_id', '=', id).execute();
  });
  return { email, password, organisation, roles: seat.roles };
}
