create table endpoint (
  id text primary key,
  organisation_id text not null,
  organisation_kind text not null,
  space text not null check (space in ('test', 'live')),
  url text not null,
  description text not null default '',
  -- Event types: exact, 'operators.*' or '*'
  types text[] not null,
  enabled boolean not null default true,
  -- Why it is off: 'manual', 'failing' (for days) or 'gone' (it answered 410)
  disabled_reason text check (disabled_reason in ('manual', 'failing', 'gone')),
  secret_sealed text not null,
  previous_secret_sealed text,
  previous_until timestamptz,
  -- Of the first failure since the last success
  failing_since timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index endpoint_organisation on endpoint (organisation_id, space);

create table delivery (
  id text primary key,
  endpoint_id text not null references endpoint on delete cascade,
  event_id text not null,
  event_type text not null,
  -- What is sent, to the byte, at every attempt
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  -- Automatic attempts since the event or since it was sent again by hand
  attempts integer not null default 0,
  next_at timestamptz not null,
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index delivery_due on delivery (endpoint_id, next_at) where state = 'waiting';
create index delivery_list on delivery (endpoint_id, id desc);
create index delivery_created_at on delivery (created_at);

create table attempt (
  delivery_id text not null references delivery on delete cascade,
  number integer not null,
  at timestamptz not null default now(),
  latency_ms integer not null,
  status integer,
  error_code text,
  response_excerpt text,
  primary key (delivery_id, number)
);
