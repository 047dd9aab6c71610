-- The register: imports, snapshots, bitemporal facts, the operators of today, and their names for search.

create table import (
  id text primary key,
  state text not null check (state in ('previewed', 'running', 'done', 'failed', 'cancelled')),
  organisation_id text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  job_id text,
  run_id text,
  as_of date,
  problem jsonb
);
create index import_newest on import (created_at desc, id desc);

create table import_file (
  import_id text not null references import (id) on delete cascade,
  file_no integer not null,
  name text not null,
  original_id text not null,
  bytes bigint not null,
  sha256 text not null,
  preview jsonb not null,
  -- What the officer decided over the proposal: {kind, mapping, dataDate}.
  decision jsonb not null default '{}',
  primary key (import_id, file_no)
);

-- One file that was taken (a zip holds several). Never changed, never deleted.
create table snapshot (
  id text primary key,
  number integer generated always as identity unique,
  import_id text not null references import (id),
  file_no integer not null,
  kind text not null,
  file_name text not null,
  sha256 text not null,
  encoding text,
  container text,
  data_date date,
  known_from timestamptz not null,
  good_rows bigint not null,
  rejected_rows bigint not null,
  attribution text,
  -- False for an older list that came in later: it serves runs as of its day, but does not change today's register.
  merged boolean not null,
  appeared bigint not null default 0,
  changed bigint not null default 0,
  vanished bigint not null default 0
);
create index snapshot_of_kind on snapshot (kind, data_date, number);

create table rejected_cell (
  import_id text not null references import (id) on delete cascade,
  number integer not null,
  file text not null,
  row_number bigint,
  column_name text,
  value text,
  reason_code text not null,
  reason_zh text not null,
  reason_en text not null,
  row_kept boolean not null,
  primary key (import_id, number)
);

-- What a source says, when it is true (valid) and when we knew it (known).
create table fact (
  kind text not null,
  natural_key text not null,
  digest uuid not null,
  ubn text,
  name text,
  folded text,
  payload jsonb not null,
  row_number bigint not null,
  valid_from date,
  valid_to date,
  known_from timestamptz not null,
  known_from_snapshot integer not null,
  known_to timestamptz,
  known_to_snapshot integer
);
create index fact_open on fact (kind, natural_key, digest) where known_to is null;
create index fact_of_ubn on fact (ubn) where ubn is not null;
create index fact_since on fact (known_from_snapshot, natural_key);
create index fact_until on fact (known_to_snapshot, natural_key) where known_to_snapshot is not null;

-- The operators of today, one row each, rebuilt from the open facts they rest on.
create table operator (
  ubn text primary key,
  name text not null,
  folded text not null,
  address text,
  register_class text not null,
  register_status text,
  capital bigint,
  has_item boolean not null,
  source text not null
);

create table operator_name (
  ubn text not null,
  name text not null,
  folded text not null,
  kind text not null check (kind in ('legal', 'brand')),
  -- Pairs of neighbouring characters: two characters of Chinese are enough to search, which trigrams do not give.
  grams text[] not null
);
create index operator_name_of on operator_name (ubn);
create index operator_name_start on operator_name (folded text_pattern_ops);
create index operator_name_part on operator_name using gin (grams) with (fastupdate = off);

create function grams(folded text) returns text[] language sql immutable parallel safe strict as $$
  select case when length(folded) < 2 then array[folded]
    else array(select distinct substr(folded, i, 2) from generate_series(1, length(folded) - 1) as i) end
$$;
