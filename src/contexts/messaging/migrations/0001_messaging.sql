-- What an agency writes.
create table service (
  id text primary key,
  organisation_id text not null,
  space text not null check (space in ('test', 'live')),
  name text not null,
  state text not null check (state in ('trial', 'live', 'paused')),
  contact_numbers text[] not null default '{}',
  link_hosts text[] not null default '{}',
  -- Values of the vault, a number each, so that one can be looked up by its blind index.
  team_number_ids text[] not null default '{}',
  send_from time not null default '08:00',
  send_until time not null default '21:00',
  retention_days integer not null default 7 check (retention_days between 3 and 90),
  created_by text not null,
  created_at timestamptz not null,
  live_since timestamptz,
  -- Paused by the ministry: the agency cannot resume it.
  held boolean not null default false,
  unique (organisation_id, space, name)
);

create table template (
  id text primary key,
  service_id text not null references service (id),
  name text not null,
  created_at timestamptz not null,
  unique (service_id, name)
);

create table template_version (
  id text primary key,
  template_id text not null references template (id),
  number integer not null,
  -- `with-ministry`: the agency approved its first one, the ministry decides.
  state text not null check (state in ('draft', 'submitted', 'with-ministry', 'approved', 'rejected', 'withdrawn')),
  class text not null check (class in ('otp', 'single', 'batch')),
  outcome_policy text not null check (outcome_policy in ('once', 'at-least-once')),
  body text not null,
  fields jsonb not null,
  contact_number text not null,
  format_pack text not null,
  -- The name as it opens the text, frozen with the rest.
  service_name text not null,
  -- SHA-256 over everything that decides the text.
  content_hash bytea not null,
  -- Who acted (person or key), and the person who answers for that key.
  created_by text not null,
  author_id text not null,
  created_at timestamptz not null,
  submitted_by text,
  submitter_id text,
  submitted_at timestamptz,
  decided_by text,
  decided_at timestamptz,
  ministry_decided_by text,
  ministry_decided_at timestamptz,
  decision_reason text,
  withdrawn_at timestamptz,
  unique (template_id, number)
);
create index template_version_waiting on template_version (state, id) where state in ('submitted', 'with-ministry');

-- Quota of an agency; a month is its first day. Reserved where messages are accepted, fails closed.
create table agency_policy (
  organisation_id text not null,
  space text not null,
  month_parts integer not null,
  month_ntd integer not null,
  part_price_cents integer not null,
  warn_percent integer not null default 80 check (warn_percent between 1 and 100),
  four_eyes_rows integer not null default 10000,
  primary key (organisation_id, space)
);

create table quota_use (
  organisation_id text not null,
  space text not null,
  month date not null,
  parts bigint not null default 0,
  warned_at timestamptz,
  primary key (organisation_id, space, month)
);

-- Batches.
create table batch (
  id text primary key,
  organisation_id text not null,
  space text not null,
  service_id text not null references service (id),
  template_version_id text not null references template_version (id),
  name text not null,
  state text not null check (state in ('draft', 'reading', 'checked', 'sealing', 'sealed', 'approved', 'sending',
    'paused', 'cancelled', 'done', 'failed')),
  -- Key of the staged files in the vault, and the last day on which it is there.
  staged_key_id text,
  files_until date,
  row_count integer not null default 0,
  bad_count integer not null default 0,
  duplicate_count integer not null default 0,
  part_count bigint not null default 0,
  chunk_count integer not null default 0,
  send_at timestamptz,
  valid_hours integer not null default 24 check (valid_hours between 1 and 72),
  valid_until timestamptz,
  canary jsonb,
  content_hash bytea,
  reserved_on date,
  job_id text,
  problem jsonb,
  pause_reason text check (pause_reason in ('person', 'quiet-hours', 'canary')),
  -- Who acted (person or key), and the person who answers for that key.
  created_by text not null,
  creator_id text not null,
  created_at timestamptz not null,
  sealed_by text,
  sealer_id text,
  sealed_at timestamptz,
  approved_by text,
  approved_at timestamptz,
  verified_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz
);
create index batch_by_organisation on batch (organisation_id, space, id);
create index batch_by_state on batch (state) where state in ('approved', 'sending', 'paused');
create index batch_unended on batch (id) where ended_at is null;

-- Files of a batch: the first one, then corrected rows. They lie encrypted in the data folder; names and columns are here.
create table batch_file (
  batch_id text not null references batch (id),
  number integer not null,
  name text not null,
  bytes bigint not null,
  sha256 bytea not null,
  kind text not null check (kind in ('text', 'workbook')),
  encoding text not null,
  encoding_by text not null,
  choice jsonb not null default '{}',
  state text not null check (state in ('staged', 'read', 'failed')),
  reading jsonb,
  problem jsonb,
  uploaded_by text not null,
  created_at timestamptz not null,
  primary key (batch_id, number)
);

-- Messages, at most 1,000 a chunk. The value in the vault: {"numbers": ["912345678", …], "fields": {"name": ["…", …]}}.
create table chunk (
  id bigint primary key,
  organisation_id text not null,
  space text not null,
  service_id text not null,
  template_version_id text not null,
  batch_id text references batch (id),
  class text not null check (class in ('otp', 'single', 'batch')),
  telecom text not null,
  row_count integer not null check (row_count between 1 and 1000),
  part_count integer not null,
  vault_id text not null,
  not_before timestamptz not null,
  valid_until timestamptz not null,
  retry_of bigint,
  retry_rows integer[],
  possible_duplicate boolean not null default false,
  created_at timestamptz not null default now(),
  -- When every row had its outcome, at the latest 72 hours after `valid_until`.
  closed_at timestamptz
);
create sequence chunk_id_seq as bigint owned by chunk.id;
alter table chunk alter column id set default nextval('messaging.chunk_id_seq');
create index chunk_by_batch on chunk (batch_id) where batch_id is not null;
create index chunk_open on chunk (valid_until) where closed_at is null;
create index chunk_by_organisation on chunk (organisation_id, space, id) where batch_id is null;
create index chunk_by_retry on chunk (retry_of) where retry_of is not null;

-- The one hot table: a row per chunk that still has something to send. `started`: facts may know some of its rows.
create table chunk_queue (
  chunk_id bigint primary key references chunk (id),
  space text not null,
  class text not null,
  telecom text not null,
  organisation_id text not null,
  batch_id text,
  not_before timestamptz not null,
  link_id text,
  token bigint,
  started boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, fillfactor = 70);
-- Whose turn it is within a lane is found by skipping from one agency and batch to the next.
create index chunk_queue_due on chunk_queue
  (space, telecom, class, organisation_id, (coalesce(batch_id, '')), not_before, chunk_id) where link_id is null;
create index chunk_queue_by_link on chunk_queue (link_id) where link_id is not null;
create index chunk_queue_by_batch on chunk_queue (batch_id) where batch_id is not null;

-- Idempotency of single texts: key and body as SHA-256.
create table accept_key (
  organisation_id text not null,
  space text not null,
  key_digest bytea not null,
  body_digest bytea not null,
  chunk_id bigint not null,
  row integer not null,
  expires_at timestamptz not null,
  primary key (organisation_id, space, key_digest)
);
create index accept_key_expiry on accept_key (expires_at);

-- Links to telecoms.
create table link (
  id text primary key,
  space text not null check (space in ('test', 'live')),
  telecom text not null,
  name text not null,
  host text not null,
  port integer not null,
  tls boolean not null default false,
  system_id text not null,
  sealed_password bytea not null,
  system_type text not null default '',
  bind_mode text not null default 'split' check (bind_mode in ('split', 'transceiver')),
  binds integer not null default 1 check (binds between 1 and 16),
  window_size integer not null default 100 check (window_size between 10 and 1000),
  parts_per_second integer not null check (parts_per_second between 1 and 1000000),
  options jsonb not null default '{}',
  state text not null default 'enabled' check (state in ('enabled', 'draining', 'disabled')),
  created_at timestamptz not null default now()
);

-- Who may send over a link; a greater token fences every older one off. Each commit of the holder raises `cycle`;
-- every intent below `open_from` has its submission.
create table link_lease (
  link_id text primary key references link (id),
  holder text not null,
  token bigint not null,
  cycle bigint not null default 0,
  open_from bigint not null default 0,
  expires_at timestamptz not null
) with (fillfactor = 50);

create table link_health (
  link_id text not null references link (id),
  bind_no integer not null,
  at timestamptz not null,
  state text not null,
  figures jsonb not null,
  primary key (link_id, bind_no)
);

-- Facts, by day, only ever appended; a day is dropped as a whole when its time is over.
create table intent (
  id bigint not null,
  chunk_id bigint not null,
  from_row integer not null,
  to_row integer not null,
  link_id text not null,
  token bigint not null,
  at timestamptz not null
) partition by range (at);
-- Taken in blocks, so that a bind numbers its intents without asking.
create sequence intent_id_seq as bigint increment by 1000;
create index intent_by_id on intent (id);
create index intent_by_chunk on intent (chunk_id);
create table intent_rest partition of intent default;

-- What a telecom answered: a row for all that one intent was answered in a cycle, with one element a part in each array.
-- A message's parts are written together, when the last of them is answered. `message_ids` are the keys under which the
-- ids in receipts are the same (the link's option `messageIds`); null for a part that was not taken.
create table submission (
  intent_id bigint not null,
  chunk_id bigint not null,
  at timestamptz not null,
  link_id text not null,
  rows smallint[] not null,
  parts smallint[] not null,
  statuses integer[] not null,
  message_ids text[] not null
) partition by range (at);
create index submission_by_chunk on submission (chunk_id);
create table submission_rest partition of submission default;

-- Digests of sent texts for the citizen check: as cycles append them, then in runs by their first twelve bits.
create table check_fresh (
  at timestamptz not null,
  count integer not null,
  digests bigint[] not null,
  chunk_ids bigint[] not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create table check_run (
  bucket smallint not null,
  newest timestamptz not null,
  digests bigint[] not null,
  chunk_ids bigint[] not null,
  minutes integer[] not null
);
create index check_run_by_bucket on check_run (bucket);

-- Receipts that could not be tied to their message at once, and those of messages of several parts.
create table receipt (
  link_id text not null,
  message_id text not null,
  chunk_id bigint,
  row smallint,
  part smallint,
  state text not null,
  network_error text,
  destination_digest bytea,
  reference integer,
  done_at timestamptz,
  at timestamptz not null,
  settled_at timestamptz
);
create index receipt_open on receipt (link_id, at) where settled_at is null;
create index receipt_by_chunk on receipt (chunk_id) where chunk_id is not null;
create index receipt_settled on receipt (settled_at) where settled_at is not null;

-- A row of a chunk ends once; only `unknown` gives way to what a late receipt tells.
create table outcome (
  chunk_id bigint not null,
  at timestamptz not null,
  row smallint not null,
  parts smallint not null default 1,
  state text not null check (state in
    ('delivered', 'undelivered', 'expired', 'rejected', 'unknown', 'cancelled')),
  cause text,
  link_id text,
  primary key (chunk_id, row)
);
create index outcome_unknown on outcome (link_id, at) where state = 'unknown';

-- Counters, raised in the transactions that append facts. `subject_id` is a batch, or a service for single texts.
create table tally (
  subject_id text not null,
  link_id text not null default '',
  hour timestamptz not null,
  kind text not null,
  cause text not null default '',
  messages bigint not null default 0,
  parts bigint not null default 0,
  primary key (subject_id, link_id, hour, kind, cause)
) with (fillfactor = 60);

-- Keys of the citizen check, one a week (Monday), sealed; destroyed on their day.
create table check_key (
  week date primary key,
  sealed_key bytea not null,
  destroy_on date not null
);

-- Agencies that speak SMPP.
create table smpp_account (
  id text primary key,
  organisation_id text not null,
  space text not null,
  service_id text not null references service (id),
  template_version_id text not null references template_version (id),
  system_id text not null unique,
  secret_hash bytea not null,
  networks text[] not null default '{}',
  max_binds integer not null default 2,
  parts_per_second integer not null default 100,
  state text not null default 'active' check (state in ('active', 'closed')),
  created_by text not null,
  created_at timestamptz not null
);

-- Receipts that an SMPP account has not acknowledged yet.
create table smpp_receipt_due (
  account_id text not null references smpp_account (id),
  chunk_id bigint not null,
  row integer not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  primary key (account_id, chunk_id, row)
);

-- Single messages whose end an endpoint of their agency wants to hear of.
create table ended_due (
  chunk_id bigint not null,
  row integer not null,
  primary key (chunk_id, row)
);
