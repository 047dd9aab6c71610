import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Role } from '../access.ts';
import type { OrganisationRow, AuthQueries, SecondFactor } from './tables.ts';

export const SESSION_COOKIE = 'xinlai_session';

/** `last_seen_at` is written at most this often. */
const SEEN_EVERY_SECONDS = 60;

export interface Session {
  readonly id: string;
  readonly token: string;
  readonly personId: string;
  readonly secondFactor: SecondFactor | null;
  /** True where the person has an authenticator app: a session counts only after its code. */
  readonly hasAuthenticator: boolean;
  readonly hasPasskey: boolean;
  readonly roles: readonly Role[];
  readonly organisation: Pick<OrganisationRow, 'id' | 'kind' | 'ubn'>;
}

/** The session token of a request, or null where the cookie is missing or its signature is not ours. */
export function sessionToken(request: FastifyRequest, secret: string): string | null {
  const { cookie } = request.headers;
  if (cookie === undefined) return null;
  // Parsed here: who calls is asked before the cookie plugin has seen the request.
  const value = request.server.parseCookie(cookie)[SESSION_COOKIE];
  const dot = value?.lastIndexOf('.') ?? -1;
  if (value === undefined || dot <= 0) return null;
  const token = value.slice(0, dot);
  const expected = createHmac('sha256', secret).update(token).digest();
  const given = Buffer.from(value.slice(dot + 1), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null;
}

/**
 * The session of a token with the person's place in the organisation it works for; null where it is over, idle for too
 * long (it is deleted then), or where the person no longer belongs to that organisation.
 */
export async function findSession(
  queries: AuthQueries,
  token: string,
  idleMinutes: number,
): Promise<Session | null> {
  const row = await queries
    .selectFrom('session as s')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .innerJoin('membership as m', (join) =>
      join.onRef('m.person_id', '=', 's.person_id').onRef('m.organisation_id', '=', 's.organisation_id'),
    )
    .innerJoin('organisation as o', 'o.id', 'm.organisation_id')
    .select([
      's.id',
      's.token',
      's.person_id',
      's.second_factor',
      's.expires_at',
      's.last_seen_at',
      'p.two_factor_enabled',
    ])
    .select(['m.roles', 'o.id as organisation_id', 'o.kind', 'o.ubn'])
    .select((e) =>
      e
        .exists(e.selectFrom('passkey as k').select('k.id').whereRef('k.person_id', '=', 'p.id'))
        .as('has_passkey'),
    )
    .where('s.token', '=', token)
    .executeTakeFirst();
  const now = Date.now();
  if (row === undefined || row.expires_at.getTime() <= now) return null;
  const idle = now - row.last_seen_at.getTime();
  if (idle > idleMinutes * 60_000) {
    await queries.deleteFrom('session').where('id', '=', row.id).execute();
    return null;
  }
  if (idle > SEEN_EVERY_SECONDS * 1000) {
    await queries
      .updateTable('session')
      .set({ last_seen_at: new Date(now) })
      .where('id', '=', row.id)
      .execute();
  }
  return {
    id: row.id,
    token: row.token,
    personId: row.person_id,
    secondFactor: row.second_factor,
    hasAuthenticator: row.two_factor_enabled === true,
    hasPasskey: row.has_passkey === true,
    roles: row.roles,
    organisation: { id: row.organisation_id, kind: row.kind, ubn: row.ubn },
  };
}

/** Kinds of organisation whose people act for the state; in live mode they need a second factor. */
const officials = new Set<string>(['ministry', 'agency', 'police']);

/** What a session still lacks: nothing, the code of an authenticator that exists, or an authenticator at all. */
export function missingFactor(session: Session, mode: 'sandbox' | 'live'): 'none' | 'show' | 'enrol' {
  if (session.secondFactor !== null) return 'none';
  if (session.hasAuthenticator) return 'show';
  if (mode === 'sandbox' || !officials.has(session.organisation.kind)) return 'none';
  return session.hasPasskey ? 'show' : 'enrol';
}
