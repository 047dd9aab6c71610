-- Keys of one purpose, wrapped by the root key: `data` encrypts values, `index` makes the blind index.
create table data_key (
  id bigint generated always as identity primary key,
  purpose text not null,
  kind text not null check (kind in ('data', 'index')),
  version integer not null check (version > 0),
  root_key_id text not null,
  wrapped bytea not null,
  active boolean not null,
  created_at timestamptz not null default now(),
  unique (purpose, kind, version)
);
create unique index data_key_active on data_key (purpose, kind) where active;

-- One encrypted value. Keys are found by id; no foreign key, so that the keys of a purpose can be destroyed first.
create table item (
  id text collate "C" primary key,
  purpose text not null,
  data_key_id bigint not null,
  index_key_id bigint not null,
  blind_index bytea not null,
  sealed bytea not null,
  delete_by date not null,
  created_at timestamptz not null default now()
);
create index item_blind_index on item (blind_index);
create index item_delete_by on item (delete_by);
create index item_data_key on item (data_key_id);
create index item_index_key on item (index_key_id);

-- A rotation that is under way goes on after a crash; at most one per purpose and kind.
create table rotation (
  id bigint generated always as identity primary key,
  purpose text not null,
  kind text not null check (kind in ('data', 'index')),
  items bigint not null default 0,
  started_at timestamptz not null default now(),
  finished_at timestamptz
);
create unique index rotation_unfinished on rotation (purpose, kind) where finished_at is null;
