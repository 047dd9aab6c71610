create table notification (
  id text primary key,
  organisation_id text not null,
  -- Null: seen in test and in live space
  space text check (space in ('test', 'live')),
  -- Null: for everybody of the organisation, or of the role
  person_id text,
  role text,
  kind text not null,
  text_zh text not null,
  text_en text not null,
  link text,
  created_at timestamptz not null default now()
);
create index notification_organisation on notification (organisation_id, id desc);
create index notification_created_at on notification (created_at);

create table seen (
  notification_id text not null references notification on delete cascade,
  person_id text not null,
  at timestamptz not null default now(),
  primary key (notification_id, person_id)
);
