import { sql, type Selectable, type Transaction } from 'kysely';
import { permissionsOf, sharedPermissions, type Caller, type Permission, type Role } from '../access.ts';
import { newId } from '../id.ts';
import { isInNetworks, parseNetworks } from './address-list.ts';
import { hashSecret, looksLikeApiKey, newApiKey } from './api-key.ts';
import { authErrors } from './errors.ts';
import { createKeyMemory } from './key-memory.ts';
import type { AuthDeps } from './ports.ts';
import type { ApiKeyRow, AuthQueries, AuthTables, Space } from './tables.ts';

export interface KeyRequest {
  readonly name: string;
  readonly space: Space;
  /** Default: those of the creator. Never more than those. */
  readonly roles?: readonly Role[];
  /** Default: everything that the roles carry. */
  readonly scopes?: readonly Permission[];
  /** Addresses and networks that may use it; empty means any. */
  readonly networks?: readonly string[];
  readonly expiresAt?: Temporal.Instant | null;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly space: Space;
  /** The first letters of the secret, to tell keys apart. */
  readonly visiblePrefix: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly Permission[];
  readonly networks: readonly string[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Up to ten seconds behind. */
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly rotatedTo: string | null;
}

/** A key at the one moment when its secret can be seen. */
export interface NewApiKey extends ApiKey {
  readonly secret: string;
}

export interface Keys {
  /** Keys of the caller's organisation, newest first. */
  list(caller: Caller, page: { limit: number; before: string | null }): Promise<ApiKey[]>;
  create(caller: Caller, request: KeyRequest, requestId?: string): Promise<NewApiKey>;
  /** Refused from the next request on. */
  revoke(caller: Caller, id: string, requestId?: string): Promise<void>;
  /** A new secret with the same rights; the old one works on for `overlapHours` (0 to 168). */
  rotate(caller: Caller, id: string, overlapHours: number, requestId?: string): Promise<NewApiKey>;
  /** Who calls with a secret from an address. Throws `auth.key_*`. */
  identify(secret: string, address: string): Promise<Caller>;
  /** Writes the times of last use that are not written yet. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_EVERY_MILLISECONDS = 10_000;
/** Keys that organisations hold at once stay countable. */
const MOST_KEYS = 200;

/** API keys: our own rows, so that scope, networks, expiry and overlap at rotation are kept beside the hash. */
export function createKeys(deps: Pick<AuthDeps, 'database' | 'audit' | 'clock' | 'mode' | 'log'>): Keys {
  const queries = deps.database.of<AuthTables>('auth');
  const memory = createKeyMemory<KnownKey>({ url: deps.database.url, log: deps.log });
  const used = new Map<string, Date>();
  const flush = async (): Promise<void> => {
    if (used.size === 0) return;
    const ids = [...used.keys()];
    const instants = [...used.values()];
    used.clear();
    await sql`update auth.api_key k set last_used_at = u.at
      from unnest(${ids}::text[], ${instants}::timestamptz[]) as u (id, at) where k.id = u.id`.execute(
      queries,
    );
  };
  const timer = setInterval(() => {
    flush().catch((error: unknown) =>
      deps.log.warn({ err: error }, 'the last use of API keys could not be written'),
    );
  }, FLUSH_EVERY_MILLISECONDS);
  timer.unref();

  const now = (): Date => new Date(deps.clock.now().epochMilliseconds);
  const insert = async (
    trx: AuthTransaction,
    caller: Caller,
    row: Pick<Selectable<ApiKeyRow>, 'name' | 'space' | 'roles' | 'scopes' | 'networks' | 'expires_at'>,
  ): Promise<NewApiKey> => {
    const { secret, hash, visiblePrefix } = newApiKey(row.space);
    const values = {
      ...row,
      id: newId('key'),
      organisation_id: caller.organisation.id,
      secret_hash: hash,
      visible_prefix: visiblePrefix,
      created_by: caller.actorId,
      created_at: now(),
    };
    const written = await trx.insertInto('api_key').values(values).returningAll().executeTakeFirstOrThrow();
    return { ...toApiKey(written), secret };
  };
  return {
    async list(caller, { limit, before }) {
      const rows = await queries
        .selectFrom('api_key')
        .selectAll()
        .where('organisation_id', '=', caller.organisation.id)
        .$if(before !== null, (query) => query.where('id', '<', before ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toApiKey);
    },

    create: (caller, request, requestId) =>
      queries.transaction().execute(async (trx) => {
        const roles = [...new Set(request.roles ?? caller.roles)];
        const beyond = roles.find((role) => !caller.roles.includes(role));
        if (beyond !== undefined) throw authErrors.beyond_own_rights({ what: beyond });
        const possible = [...permissionsOf(caller.organisation.kind, roles)].filter((p) =>
          caller.permissions.has(p),
        );
        const scopes = [...new Set(request.scopes ?? possible)];
        const forbidden = scopes.find((scope) => !possible.includes(scope));
        if (forbidden !== undefined) throw authErrors.beyond_own_rights({ what: forbidden });
        await requireSpace(trx, caller, request.space, deps.mode);
        const networks = parseNetworks(request.networks ?? []);
        const expires = request.expiresAt == null ? null : new Date(request.expiresAt.epochMilliseconds);
        const key = await insert(trx, caller, {
          name: request.name,
          space: request.space,
          roles,
          scopes,
          networks,
          expires_at: expires,
        });
        await deps.audit.record(trx, {
          caller,
          action: 'auth.key_created',
          subject: { kind: 'api_key', id: key.id },
          details: { space: key.space, roles, scopes, networks: networks.length, expiresAt: key.expiresAt },
          ...(requestId !== undefined && { requestId }),
        });
        return key;
      }),

    async revoke(caller, id, requestId) {
      await queries.transaction().execute(async (trx) => {
        if ((await inForce(trx, caller, id)) === undefined) throw authErrors.key_not_found({ id });
        await trx.updateTable('api_key').set({ revoked_at: now() }).where('id', '=', id).execute();
        await deps.audit.record(trx, {
          caller,
          action: 'auth.key_revoked',
          subject: { kind: 'api_key', id },
          ...(requestId !== undefined && { requestId }),
        });
      });
      memory.forget();
    },

    async rotate(caller, id, overlapHours, requestId) {
      const successor = await queries.transaction().execute(async (trx) => {
        const old = await inForce(trx, caller, id);
        if (old === undefined || old.rotated_to !== null || isOver(old, now()))
          throw authErrors.key_not_found({ id });
        const beyond = [
          ...old.scopes.filter((scope) => !caller.permissions.has(scope)),
          ...old.roles.filter((role) => !caller.roles.includes(role)),
        ];
        if (beyond[0] !== undefined) throw authErrors.beyond_own_rights({ what: beyond[0] });
        const { name, space, roles, scopes, networks, expires_at } = old;
        const key = await insert(trx, caller, { name, space, roles, scopes, networks, expires_at });
        const end = new Date(now().getTime() + overlapHours * 3_600_000);
        const ends = expires_at !== null && expires_at < end ? expires_at : end;
        await trx
          .updateTable('api_key')
          .set({ rotated_to: key.id, expires_at: ends, ...(overlapHours === 0 && { revoked_at: now() }) })
          .where('id', '=', id)
          .execute();
        await deps.audit.record(trx, {
          caller,
          action: 'auth.key_rotated',
          subject: { kind: 'api_key', id },
          details: { by: key.id, overlapHours },
          ...(requestId !== undefined && { requestId }),
        });
        return key;
      });
      memory.forget();
      return successor;
    },

    async identify(secret, address) {
      if (!looksLikeApiKey(secret)) throw authErrors.key_invalid();
      const hash = hashSecret(secret);
      const key = await memory.know(hash.toString('latin1'), () => readKey(queries, hash, deps.mode));
      if (key === null) throw authErrors.key_invalid();
      const { row } = key;
      if (row.revoked_at !== null) throw authErrors.key_revoked();
      if (isOver(row, now())) throw authErrors.key_expired({ at: row.expires_at?.toISOString() ?? '-' });
      if (!isInNetworks(address, row.networks)) throw authErrors.key_address({ address });
      if (!row.spaces.includes(row.space) || (deps.mode === 'sandbox' && row.space === 'live')) {
        throw authErrors.key_invalid();
      }
      used.set(row.id, now());
      return key.caller;
    },

    flush,
    async close() {
      clearInterval(timer);
      await memory.close();
      await flush();
    },
  };
}

type AuthTransaction = Transaction<AuthTables>;

type KnownKey = NonNullable<Awaited<ReturnType<typeof readKey>>>;

/** A key with its organisation, and who calls with it once its dates, networks and spaces allow. */
async function readKey(queries: AuthQueries, hash: Buffer, mode: 'sandbox' | 'live') {
  // Found by the hash in a unique index: how long that takes tells nothing about the secret.
  const row = await queries
    .selectFrom('api_key as k')
    .innerJoin('organisation as o', 'o.id', 'k.organisation_id')
    .select(['k.id', 'k.space', 'k.roles', 'k.scopes', 'k.networks', 'k.expires_at', 'k.revoked_at'])
    .select(['o.id as organisation_id', 'o.kind', 'o.ubn', 'o.spaces'])
    .select(makerOf)
    .where('k.secret_hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return null;
  const possible = permissionsOf(row.kind, row.roles);
  // What belongs to the whole platform is live data: in live mode a test key neither reads nor changes it.
  const held = mode === 'live' && row.space === 'test' ? possible.difference(sharedPermissions) : possible;
  const caller: Caller = {
    by: 'key',
    actorId: row.id,
    madeBy: row.made_by,
    organisation: { id: row.organisation_id, kind: row.kind, ubn: row.ubn },
    roles: row.roles,
    permissions: new Set(row.scopes.filter((scope) => held.has(scope))),
    space: row.space,
  };
  return { row, caller };
}

/** The person at the beginning: a key may have been made by a key. */
const makerOf = sql<string>`(
  with recursive maker (id) as (
    select k.created_by union select a.created_by from auth.api_key a join maker on a.id = maker.id
  )
  select id from maker where not exists (select from auth.api_key a where a.id = maker.id) limit 1
)`.as('made_by');

/** A key of the caller's organisation that was not revoked, locked. */
const inForce = (trx: AuthTransaction, caller: Caller, id: string) =>
  trx
    .selectFrom('api_key')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', caller.organisation.id)
    .where('revoked_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();

function isOver(key: { expires_at: Date | null }, now: Date): boolean {
  return key.expires_at !== null && key.expires_at <= now;
}

/** A sandbox holds test data alone; a live product serves both, as far as the organisation may. */
async function requireSpace(
  trx: AuthTransaction,
  caller: Caller,
  space: Space,
  mode: 'sandbox' | 'live',
): Promise<void> {
  const organisation = await trx
    .selectFrom('organisation')
    .select('spaces')
    .where('id', '=', caller.organisation.id)
    .executeTakeFirstOrThrow();
  const keys = await trx
    .selectFrom('api_key')
    .select((e) => e.fn.countAll<string>().as('count'))
    .where('organisation_id', '=', caller.organisation.id)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (!organisation.spaces.includes(space) || (mode === 'sandbox' && space === 'live'))
    throw authErrors.key_space({ space });
  if (Number(keys.count) >= MOST_KEYS) throw authErrors.too_many_keys({ limit: MOST_KEYS });
}

function toApiKey(row: Selectable<ApiKeyRow>): ApiKey {
  return {
    id: row.id,
    name: row.name,
    space: row.space,
    visiblePrefix: row.visible_prefix,
    roles: row.roles,
    scopes: row.scopes,
    networks: row.networks,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    rotatedTo: row.rotated_to,
  };
}
