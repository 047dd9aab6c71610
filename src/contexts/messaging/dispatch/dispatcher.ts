/** Sends over every link that this process can lease, and ends what nobody may send any more. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import { createPoller } from '#platform/poller';
import type { SecretBox } from '#platform/secret-box';
import type { Vault } from '#platform/vault/vault';
import type { CheckKey } from '../check/digest.ts';
import type { CheckKeys } from '../check/keys.ts';
import type { MessagingTables, Space } from '../tables.ts';
import type { ClaimDeps } from './claim.ts';
import { foldDigests } from '../check/fold.ts';
import { CommitGroup } from './commit-group.ts';
import { endQueued } from './end-queued.ts';
import { openDesk, type DeskDeps, type LinkDesk, type LinkRow } from './link-desk.ts';
import { linkOptionsOf } from './link-options.ts';

export interface DispatcherDeps {
  readonly database: Database;
  readonly vault: Pick<Vault, 'readMany'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly checkKeys: Pick<CheckKeys, 'current'>;
  readonly textsOf: ClaimDeps['textsOf'];
  /** Milliseconds for which a lease holds without a commit; 6,000 unless said. */
  readonly holdMs?: number;
  /** Milliseconds without a bind after which another telecom's link may take over; 5,000 unless said. */
  readonly graceMs?: number;
}

export interface Dispatcher {
  /** Begins to lease links and to send; answers after the first look. */
  start(): Promise<void>;
  /** Drains: records what is under way, gives back the rest, unbinds, lets the leases go. */
  stop(): Promise<void>;
  /** Looks for queued chunks at once; call it after a commit that queued some. */
  wake(): void;
  /** The links held by this process. */
  readonly desks: ReadonlyMap<string, LinkDesk>;
}

/** One of any number of dispatchers on a database; leases decide who sends over which link. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, log, clock } = deps;
  const db = database.of<MessagingTables>('messaging');
  const desks = new Map<string, LinkDesk>();
  const versions = new Map<string, string>();
  let checkKey: CheckKey | null = null;
  const group = new CommitGroup(database);
  const deskDeps: DeskDeps = {
    ...deps,
    group,
    holder: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    holdMs: deps.holdMs ?? 6000,
    graceMs: deps.graceMs ?? 5000,
    checkKey: () => checkKey as CheckKey,
    receiptSecret: deps.secretBox.derive('messaging.receipts')[0],
  };

  async function look(): Promise<void> {
    checkKey = await deps.checkKeys.current();
    const links = await loadLinks();
    await Promise.all([...desks].map(([id, desk]) => review(id, desk, links.get(id))));
    const { rows } = await sql<{ link_id: string }>`
      select link_id from messaging.link_lease where expires_at > now()`.execute(db);
    const held = new Set(rows.map(({ link_id }) => link_id));
    for (const [id, { link, version, hasClaims }] of links) {
      if (desks.has(id) || held.has(id) || (link.state === 'disabled' && !hasClaims)) continue;
      const desk = await openDesk(deskDeps, { ...link, password: openPassword(link.password) });
      if (desk === null) continue;
      desks.set(id, desk);
      versions.set(id, version);
      if (link.state === 'draining') desk.drain();
    }
  }

  /** A link that was lost, changed, or shall send no more. */
  async function review(id: string, desk: LinkDesk, found: LoadedLink | undefined): Promise<void> {
    if (!desk.isFenced && found?.version === versions.get(id)) return;
    if (!desk.isFenced && found?.link.state === 'draining') {
      desk.drain();
      versions.set(id, found.version);
      return;
    }
    desks.delete(id);
    await desk.stop();
  }

  async function loadLinks(): Promise<Map<string, LoadedLink>> {
    const { rows } = await sql<LoadedRow>`
      select link.*, link::text as version,
        exists (select from messaging.chunk_queue where chunk_queue.link_id = link.id) as has_claims
      from messaging.link`.execute(db);
    return new Map(rows.map((row) => [row.id, toLoaded(row)]));
  }

  const openPassword = (sealed: string): string => deps.secretBox.open(sealed);
  const onError = (error: unknown): void =>
    log.error({ err: error }, 'the dispatcher could not look at its links');
  const looking = createPoller({
    everyMs: 1000,
    onError,
    work: async () => {
      await look();
      return false;
    },
  });
  // Four times a second, not at every wake: at the rate of single texts its statement would be the dearest.
  const ending = createPoller({
    everyMs: 250,
    onError,
    work: async () => (await db.transaction().execute((trx) => endQueued(trx, clock.now()))) > 0,
  });

  const folding = createPoller({
    everyMs: 5000,
    onError,
    work: async () => {
      await foldDigests(database);
      return false;
    },
  });

  return {
    desks,
    async start() {
      await look().catch(onError);
      looking.start();
      ending.start();
      folding.start();
    },
    async stop() {
      await Promise.all([looking.stop(), ending.stop(), folding.stop()]);
      await Promise.all([...desks.values()].map((desk) => desk.stop()));
      desks.clear();
      group.close();
    },
    wake() {
      for (const desk of desks.values()) desk.wake();
    },
  };
}

interface LoadedRow {
  readonly id: string;
  readonly space: Space;
  readonly telecom: string;
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
  readonly state: LinkRow['state'];
  readonly version: string;
  readonly has_claims: boolean;
}

interface LoadedLink {
  /** The password is still sealed. */
  readonly link: LinkRow;
  /** All of its columns: what changed is seen by them. */
  readonly version: string;
  readonly hasClaims: boolean;
}

function toLoaded(row: LoadedRow): LoadedLink {
  return {
    version: row.version,
    hasClaims: row.has_claims,
    link: {
      id: row.id,
      space: row.space,
      telecom: row.telecom,
      state: row.state,
      host: row.host,
      port: row.port,
      tls: row.tls,
      systemId: row.system_id,
      password: row.sealed_password.toString('latin1'),
      systemType: row.system_type,
      bindMode: row.bind_mode,
      binds: row.binds,
      windowSize: row.window_size,
      partsPerSecond: row.parts_per_second,
      options: linkOptionsOf(row.options),
    },
  };
}
