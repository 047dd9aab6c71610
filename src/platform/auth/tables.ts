import type { ColumnType, Generated, Kysely } from 'kysely';
import type { OrganisationKind, Permission, Role } from '../access.ts';
import type { Language } from '../errors.ts';

type Instant = ColumnType<Date, Date, Date>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export type Space = 'test' | 'live';
export type Theme = 'system' | 'light' | 'dark';
export type SecondFactor = 'totp' | 'backup-code' | 'passkey';

export interface OrganisationRow {
  id: string;
  kind: OrganisationKind;
  name_zh: string;
  name_en: string;
  ubn: string | null;
  spaces: Space[];
  created_at: Defaulted<Date>;
}

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  image: string | null;
  two_factor_enabled: Generated<boolean | null>;
  language: Defaulted<Language>;
  theme: Defaulted<Theme>;
  look_chosen: Defaulted<boolean>;
  last_organisation_id: string | null;
  created_at: Defaulted<Date>;
  updated_at: Defaulted<Date>;
}

export interface SessionRow {
  id: string;
  person_id: string;
  token: string;
  expires_at: Instant;
  created_at: Defaulted<Date>;
  ip_address: string | null;
  user_agent: string | null;
  second_factor: SecondFactor | null;
  organisation_id: string | null;
  last_seen_at: Defaulted<Date>;
}

export interface AccountRow {
  id: string;
  account_id: string;
  provider_id: string;
  person_id: string;
  password: string | null;
  created_at: Defaulted<Date>;
  updated_at: Defaulted<Date>;
}

export interface TwoFactorRow {
  id: string;
  person_id: string;
  verified: boolean | null;
}

export interface PasskeyRow {
  id: string;
  person_id: string;
}

export interface MembershipRow {
  organisation_id: string;
  person_id: string;
  roles: Role[];
  created_at: Defaulted<Date>;
}

export interface InvitationRow {
  id: string;
  organisation_id: string;
  person_id: string;
  roles: Role[];
  token_hash: Buffer;
  invited_by: string;
  created_at: Instant;
  expires_at: Instant;
}

export interface ApiKeyRow {
  id: string;
  organisation_id: string;
  name: string;
  space: Space;
  secret_hash: Buffer;
  visible_prefix: string;
  roles: Role[];
  scopes: Permission[];
  networks: string[];
  created_by: string;
  created_at: Instant;
  expires_at: Date | null;
  last_used_at: Defaulted<Date | null>;
  revoked_at: Defaulted<Date | null>;
  rotated_to: Defaulted<string | null>;
}

export interface AuthTables {
  organisation: OrganisationRow;
  person: PersonRow;
  session: SessionRow;
  account: AccountRow;
  two_factor: TwoFactorRow;
  passkey: PasskeyRow;
  membership: MembershipRow;
  invitation: InvitationRow;
  api_key: ApiKeyRow;
}

export type AuthQueries = Kysely<AuthTables>;
