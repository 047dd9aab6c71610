-- Answers to requests with an Idempotency-Key, for 24 hours. The key is kept as a digest; the answer is encrypted under
-- the key that only the client holds, as an answer may show a secret once.
create table idempotency (
  organisation_id text not null,
  space text not null,
  route text not null,
  key_digest bytea not null,
  request_digest bytea not null,
  -- Null once answered; else until when the process that works on it is believed to live (renewed while it does)
  locked_until timestamptz,
  owner text not null,
  status integer,
  content_type text,
  answer bytea,
  expires_at timestamptz not null,
  primary key (organisation_id, space, route, key_digest)
);
create index idempotency_expires on idempotency (expires_at);
create index idempotency_owner on idempotency (owner) where locked_until is not null;

-- Requests of the last 30 days, masked before they are written.
create table request_log (
  seq bigint generated always as identity primary key,
  id text not null unique,
  at timestamptz not null,
  organisation_id text not null,
  space text not null,
  by text not null check (by in ('key', 'person')),
  actor_id text not null,
  method text not null,
  route text not null,
  path text not null,
  query jsonb,
  status integer not null,
  duration_ms real not null,
  error_code text,
  request_sample jsonb,
  response_sample jsonb
);
create index request_log_organisation on request_log (organisation_id, space, seq desc);
create index request_log_at on request_log (at);
