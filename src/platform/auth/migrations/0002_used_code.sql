-- Codes of authenticators that were taken for a sign-in, as keyed digests, so that none is taken twice.
create table used_code (
  digest bytea primary key,
  used_at timestamptz not null default now()
);
