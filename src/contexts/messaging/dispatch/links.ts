/** Links to telecoms: made, changed, tested. */
import { sql, type Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import type { Audit } from '#platform/audit/audit';
import type { Database } from '#platform/database';
import { newId } from '#platform/id';
import type { Outbox } from '#platform/outbox/outbox';
import type { SecretBox } from '#platform/secret-box';
import { connect, SmppBindError } from '#protocols/smpp';
import type { MessagingTables, Space } from '../tables.ts';
import { HEALTH_HOLDS_SECONDS, type BindFigures } from './health.ts';
import type { LinkChange, LinkView, NewLink } from './links-contract.ts';
import { linkErrors } from './links-errors.ts';
import { linkOptionsOf } from './link-options.ts';

export interface LinksDeps {
  readonly database: Database;
  readonly audit: Audit;
  readonly outbox: Outbox;
  readonly secretBox: SecretBox;
}

interface Row {
  readonly id: string;
  readonly space: Space;
  readonly telecom: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly system_id: string;
  readonly sealed_password: Buffer;
  readonly system_type: string;
  readonly bind_mode: 'split' | 'transceiver';
  readonly binds: number;
  readonly window_size: number;
  readonly parts_per_second: number;
  readonly options: unknown;
  readonly state: 'enabled' | 'draining' | 'disabled';
  readonly created_at: Date;
  readonly waiting: number;
  readonly held: number;
  readonly health:
    | readonly { bind: number; state: string; at: string; fresh: boolean; figures: BindFigures }[]
    | null;
}

type Db = Kysely<MessagingTables>;

async function load(db: Db, space: Space, id: string | null): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select link.*,
      (select count(*)::int from messaging.chunk_queue as queue
        where queue.space = link.space and queue.telecom = link.telecom and queue.link_id is null) as waiting,
      (select count(*)::int from messaging.chunk_queue as queue where queue.link_id = link.id) as held,
      (select jsonb_agg(jsonb_build_object('bind', bind_no, 'state', health.state, 'at', health.at,
          'fresh', health.at > now() - ${HEALTH_HOLDS_SECONDS} * interval '1 second', 'figures', figures) order by bind_no)
        from messaging.link_health as health
        where health.link_id = link.id and health.bind_no <= link.binds) as health
    from messaging.link
    where space = ${space} and (${id}::text is null or link.id = ${id}) order by telecom, id`.execute(db);
  return rows;
}

async function find(db: Db, space: Space, id: string): Promise<Row> {
  const [row] = await load(db, space, id);
  if (row === undefined) throw linkErrors.link_not_found({ id });
  return row;
}

function toView(row: Row): LinkView {
  return {
    id: row.id,
    space: row.space,
    telecom: row.telecom,
    name: row.name,
    host: row.host,
    port: row.port,
    tls: row.tls,
    systemId: row.system_id,
    systemType: row.system_type,
    bindMode: row.bind_mode,
    binds: row.binds,
    windowSize: row.window_size,
    partsPerSecond: row.parts_per_second,
    options: linkOptionsOf(row.options),
    state: row.state,
    createdAt: row.created_at.toISOString(),
    waitingChunks: row.waiting,
    heldChunks: row.held,
    health: (row.health ?? []).map(({ bind, state, at, fresh, figures }) => ({
      ...figures,
      bind,
      state: fresh ? state : 'unheard',
      at: new Date(at).toISOString(),
    })),
  };
}

/** The links of a space with their figures. */
export async function listLinks({ database }: LinksDeps, space: Space): Promise<LinkView[]> {
  const rows = await load(database.of<MessagingTables>('messaging'), space, null);
  return rows.map(toView);
}

export async function getLink({ database }: LinksDeps, space: Space, id: string): Promise<LinkView> {
  return toView(await find(database.of<MessagingTables>('messaging'), space, id));
}

/** A new link is disabled until somebody has tested it. */
export async function createLink(
  deps: LinksDeps,
  caller: Caller,
  body: NewLink,
  requestId: string,
): Promise<LinkView> {
  const id = newId('lnk');
  const db = deps.database.of<MessagingTables>('messaging');
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into messaging.link (id, space, telecom, name, host, port, tls, system_id, sealed_password, system_type,
        bind_mode, binds, window_size, parts_per_second, options, state)
      values (${id}, ${caller.space}, ${body.telecom}, ${body.name}, ${body.host}, ${body.port}, ${body.tls ?? false},
        ${body.systemId}, ${sealed(deps, body.password)}, ${body.systemType ?? ''}, ${body.bindMode ?? 'split'},
        ${body.binds ?? 1}, ${body.windowSize ?? 100}, ${body.partsPerSecond}, ${JSON.stringify(body.options ?? {})}::jsonb,
        'disabled')`.execute(trx);
    await tell(deps, trx, caller, id, 'created', requestId, { telecom: body.telecom });
  });
  return getLink(deps, caller.space, id);
}

/** Whoever sends over the link notices within a second. */
export async function changeLink(
  deps: LinksDeps,
  caller: Caller,
  id: string,
  body: LinkChange,
  requestId: string,
): Promise<LinkView> {
  const db = deps.database.of<MessagingTables>('messaging');
  await db.transaction().execute(async (trx) => {
    const row = await find(trx, caller.space, id);
    const elsewhere =
      (body.host !== undefined && body.host !== row.host) ||
      (body.port !== undefined && body.port !== row.port) ||
      (body.systemId !== undefined && body.systemId !== row.system_id) ||
      (row.tls && body.tls === false) ||
      trustsOthers(row.options, body.options);
    // A stored password is not sent to another place than the one it was given for, nor less guarded on the way.
    if (elsewhere && body.password === undefined) throw linkErrors.link_password_needed();
    const options = { ...(row.options as object), ...body.options };
    await sql`
      update messaging.link set name = ${body.name ?? row.name}, host = ${body.host ?? row.host},
        port = ${body.port ?? row.port}, tls = ${body.tls ?? row.tls}, system_id = ${body.systemId ?? row.system_id},
        sealed_password = ${body.password === undefined ? row.sealed_password : sealed(deps, body.password)},
        system_type = ${body.systemType ?? row.system_type}, bind_mode = ${body.bindMode ?? row.bind_mode},
        binds = ${body.binds ?? row.binds}, window_size = ${body.windowSize ?? row.window_size},
        parts_per_second = ${body.partsPerSecond ?? row.parts_per_second}, options = ${JSON.stringify(options)}::jsonb,
        state = ${body.state ?? row.state}
      where id = ${id}`.execute(trx);
    await tell(deps, trx, caller, id, 'changed', requestId, {
      fields: Object.keys(body).sort().join(' '),
      state: body.state ?? row.state,
    });
  });
  return getLink(deps, caller.space, id);
}

/** True where another peer could pass for the telecom's after the change. */
function trustsOthers(stored: unknown, change: LinkChange['options'] = {}): boolean {
  const { verifyCertificate, authority } = linkOptionsOf(stored);
  return (
    (verifyCertificate && change.verifyCertificate === false) ||
    (change.authority !== undefined && change.authority !== authority)
  );
}

export interface LinkTrial {
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly peer: string | null;
  readonly problem: string | null;
}

/** Binds once with the stored credentials as a transmitter or transceiver, and unbinds; nothing is submitted. */
export async function testLink(
  deps: LinksDeps,
  caller: Caller,
  id: string,
  requestId: string,
): Promise<LinkTrial> {
  const db = deps.database.of<MessagingTables>('messaging');
  const row = await find(db, caller.space, id);
  const options = linkOptionsOf(row.options);
  const began = performance.now();
  const done = (ok: boolean, peer: string | null, problem: string | null): LinkTrial => ({
    ok,
    milliseconds: Math.round(performance.now() - began),
    peer,
    problem,
  });
  let trial: LinkTrial;
  try {
    const session = await connect({
      host: row.host,
      port: row.port,
      mode: row.bind_mode === 'split' ? 'transmitter' : 'transceiver',
      systemId: row.system_id,
      password: deps.secretBox.open(row.sealed_password.toString('latin1')),
      systemType: row.system_type,
      ...(row.tls && {
        tls: { servername: row.host, rejectUnauthorized: options.verifyCertificate, ca: options.authority },
      }),
    });
    trial = done(true, session.peerSystemId, null);
    await session.unbind();
  } catch (error) {
    trial = done(false, null, error instanceof SmppBindError ? error.message : (error as Error).name);
  }
  await db.transaction().execute((trx) =>
    deps.audit.record(trx, {
      caller,
      action: 'messaging.link_tested',
      subject: { kind: 'link', id },
      details: { ok: trial.ok },
      requestId,
    }),
  );
  return trial;
}

const sealed = ({ secretBox }: LinksDeps, password: string): Buffer =>
  Buffer.from(secretBox.seal(password), 'latin1');

async function tell(
  { audit, outbox }: LinksDeps,
  trx: Parameters<Audit['record']>[0],
  caller: Caller,
  id: string,
  what: 'created' | 'changed',
  requestId: string,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  await audit.record(trx, {
    caller,
    action: `messaging.link_${what}`,
    subject: { kind: 'link', id },
    details,
    requestId,
  });
  await outbox.publish(trx, {
    type: 'messaging.link_changed',
    payload: { linkId: id, what },
    space: caller.space,
  });
}
