-- A file as somebody handed it in. The bytes lie in the content store under their hash; equal bytes are kept once.
create table file (
  id text collate "C" primary key,
  receipt text not null unique,
  sha256 bytea not null,
  size bigint not null check (size > 0),
  kind text not null,
  name text not null,
  purpose text not null,
  organisation_id text not null,
  space text not null check (space in ('test', 'live')),
  actor_id text not null,
  received_at timestamptz not null default now()
);
create index file_organisation on file (organisation_id, space, id);
create index file_sha256 on file (sha256);

-- Numbers of receipts; a receipt names the day and this number.
create sequence receipt_number;

-- What the malware scan refused; the bytes lie in the quarantine folder under their hash.
create table quarantine (
  id text collate "C" primary key,
  sha256 bytea not null,
  size bigint not null,
  purpose text not null,
  organisation_id text not null,
  actor_id text not null,
  found_at timestamptz not null default now()
);
