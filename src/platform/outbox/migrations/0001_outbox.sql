-- Who hears what. Kept so that a process that publishes need not run the code of those who listen.
create table subscription (
  subscriber text not null,
  -- 'operators.finding_opened', 'operators.*' or '*'
  pattern text not null,
  seen_at timestamptz not null default now(),
  primary key (subscriber, pattern)
);

create table event (
  seq bigint generated always as identity primary key,
  id text not null unique,
  type text not null,
  payload jsonb not null,
  organisation_id text,
  space text check (space in ('test', 'live')),
  created_at timestamptz not null default now()
);
create index event_created_at on event (created_at);

-- One row for each event still to be handled by a subscriber; deleting it is the mark "handled". A row becomes visible
-- with its transaction, so that an event that commits late cannot be passed over, and a long transaction elsewhere
-- does not hold back delivery as a cut at pg_snapshot_xmin would.
create table delivery (
  subscriber text not null,
  seq bigint not null references event on delete cascade,
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  error_code text,
  error text,
  parked_at timestamptz,
  primary key (subscriber, seq)
);
create index delivery_open on delivery (subscriber, seq) where parked_at is null;
create index delivery_parked on delivery (parked_at, seq) where parked_at is not null;
create index delivery_event on delivery (seq);
alter table delivery set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, fillfactor = 80);

-- Publishes events and writes down who has to handle each. A function, as its plan is kept by the connection: planning
-- the statement anew cost more than running it.
create function publish(
  ids text[], types text[], payloads text[], organisations text[], spaces text[], own_subscribers text[], own_patterns text[]
) returns void language plpgsql as $$
begin
  with told as (
    insert into outbox.event (id, type, payload, organisation_id, space)
    select e.id, e.type, e.payload::jsonb, e.organisation_id, e.space
    from unnest(ids, types, payloads, organisations, spaces) with ordinality
      as e(id, type, payload, organisation_id, space, place)
    order by e.place
    returning seq, event.type
  ), listener as (
    select s.subscriber, s.pattern from outbox.subscription s
    union
    select * from unnest(own_subscribers, own_patterns)
  )
  insert into outbox.delivery (subscriber, seq)
  select distinct listener.subscriber, told.seq from told join listener
    on listener.pattern = told.type or listener.pattern = '*'
      or (listener.pattern like '%.*' and starts_with(told.type, left(listener.pattern, -1)));
end $$;
