-- Processes remember keys for some seconds; whatever changes the rights of a key tells them at once, whoever writes it.
create function tell_key_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('auth_key_change', '');
  return null;
end $$;

create trigger key_change after update of revoked_at, expires_at, scopes, roles, networks, space, secret_hash, organisation_id
  on api_key for each statement execute function tell_key_change();
create trigger key_gone after delete or truncate on api_key for each statement execute function tell_key_change();
create trigger key_organisation_change after update of kind, ubn, spaces on organisation
  for each statement execute function tell_key_change();
create trigger key_organisation_gone after delete or truncate on organisation
  for each statement execute function tell_key_change();
