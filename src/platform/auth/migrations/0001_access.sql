create table organisation (
  id text primary key,
  kind text not null check (kind in ('ministry', 'agency', 'operator', 'verification-body', 'telecom', 'police', 'isac-member')),
  name_zh text not null,
  name_en text not null,
  ubn text check (ubn ~ '^[0-9]{8}$'),
  -- Which data its keys may touch: test, live or both.
  spaces text[] not null default '{test,live}',
  created_at timestamptz not null default now(),
  unique (kind, name_zh)
);
-- Two accounts for one business would split its rows between them.
create unique index organisation_operator_ubn on organisation (ubn) where kind = 'operator';

-- The only place of a name or an e-mail address of staff.
create table person (
  id text primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean default false,
  language text not null default 'zh-TW' check (language in ('zh-TW', 'en')),
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  last_organisation_id text references organisation (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table session (
  id text primary key,
  person_id text not null references person (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ip_address text,
  user_agent text,
  -- How the second factor was shown in this session; null while it was not.
  second_factor text check (second_factor in ('totp', 'backup-code', 'passkey')),
  organisation_id text references organisation (id) on delete cascade,
  last_seen_at timestamptz not null default now()
);
create index session_person on session (person_id);

create table account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  person_id text not null references person (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_person on account (person_id);

create table verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier on verification (identifier);

create table two_factor (
  id text primary key,
  person_id text not null references person (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamptz
);
create index two_factor_person on two_factor (person_id);
create index two_factor_secret on two_factor (secret);

create table passkey (
  id text primary key,
  person_id text not null references person (id) on delete cascade,
  name text,
  public_key text not null,
  credential_id text not null unique,
  counter integer not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  aaguid text,
  created_at timestamptz default now()
);
create index passkey_person on passkey (person_id);

create table membership (
  organisation_id text not null references organisation (id) on delete cascade,
  person_id text not null references person (id) on delete cascade,
  roles text[] not null check (cardinality(roles) > 0),
  created_at timestamptz not null default now(),
  primary key (organisation_id, person_id)
);
create index membership_person on membership (person_id);

create table invitation (
  id text primary key,
  organisation_id text not null references organisation (id) on delete cascade,
  person_id text not null references person (id) on delete cascade,
  roles text[] not null check (cardinality(roles) > 0),
  token_hash bytea not null unique,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index invitation_organisation on invitation (organisation_id, id);
create index invitation_person on invitation (person_id);

create table api_key (
  id text primary key,
  organisation_id text not null references organisation (id) on delete cascade,
  name text not null,
  space text not null check (space in ('test', 'live')),
  secret_hash bytea not null unique,
  visible_prefix text not null,
  roles text[] not null check (cardinality(roles) > 0),
  scopes text[] not null,
  networks text[] not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  -- The key that took over; this one works on until expires_at.
  rotated_to text references api_key (id)
);
create index api_key_organisation on api_key (organisation_id, id);

-- Keyed by a digest of an address, so that an unknown one is slowed down like a known one.
create table sign_in_failure (
  key bytea primary key,
  failures integer not null,
  last_failed_at timestamptz not null,
  locked_until timestamptz
);
create index sign_in_failure_age on sign_in_failure (last_failed_at);
