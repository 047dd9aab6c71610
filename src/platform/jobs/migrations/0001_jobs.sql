-- What people see of long work. The queue itself (due times, locks) is graphile_worker's; its job key is our id.
create table job (
  id text primary key,
  kind text not null,
  title_zh text not null,
  title_en text not null,
  organisation_id text not null,
  space text not null check (space in ('test', 'live')),
  started_by text not null,
  -- Who asked for it, with the permissions of that moment
  caller jsonb not null,
  input jsonb not null,
  key text,
  schedule text,
  keep_done boolean not null default true,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  attempts integer not null default 0,
  max_attempts integer not null,
  progress_done bigint not null default 0,
  progress_total bigint,
  note_zh text,
  note_en text,
  result jsonb,
  error_code text,
  error_zh text,
  error_en text,
  worker text,
  cancel_requested_at timestamptz,
  revision integer not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index job_key on job (kind, key) where key is not null and state in ('waiting', 'running');
create index job_organisation on job (organisation_id, id desc);
create index job_open on job (started_by) where state in ('waiting', 'running');
create index job_running on job (worker) where state = 'running';
create index job_finished on job (finished_at) where finished_at is not null;

-- Processes that run jobs. Each holds an advisory lock on its id while it lives.
create table worker (
  id text primary key,
  started_at timestamptz not null default now()
);

create table schedule (
  name text primary key,
  -- What next_at was computed from; a change computes it again
  pattern text not null,
  next_at timestamptz not null,
  last_at timestamptz
);
