-- Reconciliation: runs, what they found, and what officers decided.

create table run (
  id text primary key,
  number integer generated always as identity unique,
  as_of date not null,
  known_at timestamptz not null,
  state text not null check (state in ('running', 'done', 'failed')),
  organisation_id text not null,
  started_by text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  job_id text,
  pack text,
  operating integer,
  findings integer,
  -- Funnel, shops and sources as the engine gives them.
  summary jsonb,
  problem jsonb
);
create index run_newest on run (number desc);

create table run_operator (
  run_id text not null references run (id) on delete cascade,
  number integer not null,
  ubn text,
  name text not null,
  folded text not null,
  status text not null,
  steps text[] not null,
  content jsonb not null,
  primary key (run_id, number)
);
create index run_operator_ubn on run_operator (run_id, ubn);
create index run_operator_status on run_operator (run_id, status, number);
create index run_operator_step on run_operator using gin (steps);

create table run_match (
  run_id text not null references run (id) on delete cascade,
  number integer not null,
  key text not null,
  ubn text,
  outcome text not null,
  to_judge boolean not null,
  content jsonb not null,
  primary key (run_id, number)
);
create index run_match_key on run_match (run_id, key);
create index run_match_ubn on run_match (run_id, ubn);

create table finding (
  id text primary key,
  rule text not null,
  subject text not null,
  ubn text,
  name text not null,
  state text not null check (state in ('open', 'resolved', 'dismissed')),
  first_seen_run text not null,
  first_seen_on date not null,
  still_true_on date not null,
  dismissed_reason text,
  unique (rule, subject)
);
create index finding_of_ubn on finding (ubn) where ubn is not null;

create table run_finding (
  run_id text not null references run (id) on delete cascade,
  finding_id text not null references finding (id),
  severity text not null,
  score real not null,
  content jsonb not null,
  primary key (run_id, finding_id)
);
create index run_finding_rank on run_finding (run_id, score desc, finding_id);

create table finding_history (
  finding_id text not null references finding (id),
  at timestamptz not null default now(),
  what text not null check (what in ('opened', 'resolved', 'reopened', 'dismissed')),
  actor_id text,
  run_id text,
  note text
);
create index finding_history_of on finding_history (finding_id, at);

create table judgement (
  id text primary key,
  match_key text,
  name text not null,
  -- The judgement as the engine reads it: {kind: match | shop | operating, …}.
  content jsonb not null,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  undone_by text,
  undone_at timestamptz
);
create index judgement_in_force on judgement (match_key) where undone_at is null;

create table weights (
  id text primary key,
  pack text not null,
  weights jsonb not null,
  reason text not null,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

create table saved_view (
  id text primary key,
  organisation_id text not null,
  owner_id text not null,
  shared boolean not null,
  name text not null,
  page text not null,
  query text not null,
  created_at timestamptz not null default now()
);

-- What others may read.
create view public_operator as
  select ubn, name, address, register_class, register_status, has_item from operator;
create view public_finding_count as
  select f.rule, rf.severity, f.state, count(*)::integer as count
  from run_finding rf join finding f on f.id = rf.finding_id
  where rf.run_id = (select id from run where state = 'done' order by number desc limit 1)
  group by f.rule, rf.severity, f.state;
