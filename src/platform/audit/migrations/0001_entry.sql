-- What was done, written in the transaction that did it. seq and hash are null until the sealer chains the row.
create table entry (
  id text collate "C" primary key,
  at timestamptz not null default clock_timestamp(),
  space text not null check (space in ('test', 'live')),
  actor_kind text not null check (actor_kind in ('person', 'key', 'system')),
  actor_id text not null,
  organisation_id text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  legal_basis text,
  details jsonb,
  request_id text,
  seq bigint unique,
  hash bytea,
  check ((seq is null) = (hash is null))
);
create index entry_unsealed on entry (id) where seq is null;
create index entry_organisation on entry (organisation_id, id);
create index entry_subject on entry (subject_kind, subject_id, id);
create index entry_actor on entry (actor_id, id);
create index entry_action on entry (action, id);

-- Signed tree heads (RFC 9162 hashing, C2SP note). frontier: roots of the full subtrees, largest first.
create table checkpoint (
  tree_size bigint primary key,
  root bytea not null,
  frontier bytea[] not null,
  note text not null,
  at timestamptz not null default clock_timestamp()
);

-- Every key that ever signed a checkpoint, as C2SP verifier keys.
create table signer (
  verifier_key text primary key,
  at timestamptz not null default clock_timestamp()
);

-- The name of this log, first line of each checkpoint.
create table log (
  origin text primary key
);
insert into log (origin) values ('xinlai.audit/' || gen_random_uuid());

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit.% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end $$;

-- Only the sealing of a row that is not sealed yet is an update.
create function refuse_entry_change() returns trigger language plpgsql as $$
begin
  if old.seq is null and new.seq is not null
    and (new.id, new.at, new.space, new.actor_kind, new.actor_id, new.organisation_id, new.action, new.subject_kind,
         new.subject_id, new.legal_basis, new.details, new.request_id)
      is not distinct from
        (old.id, old.at, old.space, old.actor_kind, old.actor_id, old.organisation_id, old.action, old.subject_kind,
         old.subject_id, old.legal_basis, old.details, old.request_id)
  then
    return new;
  end if;
  raise exception 'audit.entry is append-only: update refused' using errcode = 'insufficient_privilege';
end $$;

create trigger entry_update before update on entry for each row execute function refuse_entry_change();
create trigger entry_delete before delete on entry for each row execute function refuse_change();
create trigger entry_insert before insert on entry for each row when (new.seq is not null) execute function refuse_change();
create trigger entry_truncate before truncate on entry for each statement execute function refuse_change();
create trigger checkpoint_change before update or delete on checkpoint for each row execute function refuse_change();
create trigger checkpoint_truncate before truncate on checkpoint for each statement execute function refuse_change();
create trigger signer_change before update or delete on signer for each row execute function refuse_change();
create trigger signer_truncate before truncate on signer for each statement execute function refuse_change();
create trigger log_change before update or delete on log for each row execute function refuse_change();
create trigger log_truncate before truncate on log for each statement execute function refuse_change();

revoke update, delete, truncate on entry, checkpoint, signer, log from public;
