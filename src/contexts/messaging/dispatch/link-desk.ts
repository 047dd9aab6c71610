/** One link of this process: its lease, its runner, and everything that looks after them. */
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import { createPoller, type Poller } from '#platform/poller';
import type { Vault } from '#platform/vault/vault';
import type { CheckKey } from '../check/digest.ts';
import { telecoms } from '../routing/telecoms.ts';
import type { MessagingTables, Space } from '../tables.ts';
import type { LinkSettings } from './bind.ts';
import type { ClaimDeps } from './claim.ts';
import type { CommitGroup } from './commit-group.ts';
import { createFeeder } from './feeder.ts';
import { telecomsUp, writeHealth } from './health.ts';
import { releaseLease, takeLease, type Lease } from './lease.ts';
import { LinkRunner } from './link-runner.ts';
import { createReconciler } from './reconcile.ts';
import { settleOlder } from './settle.ts';
import { stopHeld, sweepClaims } from './watch.ts';

export interface DeskDeps extends ClaimDeps {
  readonly database: Database;
  readonly vault: Pick<Vault, 'readMany'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly holder: string;
  readonly holdMs: number;
  /** Milliseconds without a bind after which chunks go to others. */
  readonly graceMs: number;
  readonly checkKey: () => CheckKey;
  readonly group: CommitGroup;
  readonly receiptSecret: string;
}

export interface LinkRow extends LinkSettings {
  readonly space: Space;
  readonly telecom: string;
  readonly state: 'enabled' | 'draining' | 'disabled';
}

export interface LinkDesk {
  readonly link: LinkRow;
  readonly runner: LinkRunner;
  /** Set when another holder took the link. */
  readonly isFenced: boolean;
  wake(): void;
  drain(): void;
  /** Ends in order and lets others have the link at once. */
  stop(): Promise<void>;
}

/** Takes a link where nobody holds it, settles what its holder before left open, and begins to send; null where somebody holds it. */
export async function openDesk(deps: DeskDeps, link: LinkRow): Promise<LinkDesk | null> {
  const { database, log } = deps;
  const db = database.of<MessagingTables>('messaging');
  const lease = await db.transaction().execute(async (trx) => {
    const taken = await takeLease(trx, { linkId: link.id, holder: deps.holder, holdMs: deps.holdMs });
    if (taken === null) return null;
    const { unknown, again } = await settleOlder(trx, deps.vault, taken);
    if (unknown + again > 0)
      log.warn({ linkId: link.id, unknown, again }, 'a link was left with open messages');
    return taken;
  });
  if (lease === null) return null;
  if (link.state === 'disabled') {
    await releaseLease(db, lease);
    return null;
  }
  return runDesk(deps, link, lease);
}

async function runDesk(deps: DeskDeps, link: LinkRow, lease: Lease): Promise<LinkDesk> {
  const { database, log } = deps;
  const state = { fenced: false, downSince: performance.now() as number | null };
  let serves: readonly string[] = [link.telecom];
  const downSince = new Map<string, number>();
  const pollers: Poller[] = [];
  const runner: LinkRunner = new LinkRunner({
    ...deps,
    link,
    lease,
    hungry: () => feeder.hungry(),
    fenced: () => {
      state.fenced = true;
      log.warn({ linkId: link.id, token: lease.token }, 'another process has the link');
    },
  });
  const feeder = createFeeder({
    ...deps,
    space: link.space,
    lanes: runner.lanes,
    lease,
    telecoms: () => (runner.isUp && runner.state === 'sending' ? serves : []),
    add: (run) => runner.add(run),
  });
  let suspects = new Set<number>();

  /** Takes over for telecoms that nobody reaches, and hands on what this link can't send. */
  async function look(): Promise<void> {
    await writeHealth(database, link.id, runner);
    suspects = await sweepClaims(database, lease, runner.runs, suspects);
    const now = performance.now();
    if (runner.isUp) state.downSince = null;
    else state.downSince ??= now;
    if (state.downSince !== null && now - state.downSince > deps.graceMs)
      for (const run of runner.runs.values()) runner.stopRun(run, 'give-back');
    const { accepts } = link.options;
    const others = telecoms.filter(
      (telecom) => telecom !== link.telecom && (accepts === 'all' || accepts.includes(telecom)),
    );
    if (others.length === 0) return;
    const up = await telecomsUp(database, link.space);
    for (const telecom of others) {
      if (up.has(telecom)) downSince.delete(telecom);
      else if (!downSince.has(telecom)) downSince.set(telecom, now);
    }
    serves = [
      link.telecom,
      ...others.filter((telecom) => now - (downSince.get(telecom) ?? now) > deps.graceMs),
    ];
  }

  const every = (everyMs: number, what: string, work: () => Promise<boolean>): void => {
    const onError = (error: unknown): void => log.error({ err: error, linkId: link.id }, what);
    pollers.push(createPoller({ everyMs, onError, work }));
  };
  every(250, 'held chunks could not be looked at', async () => {
    await stopHeld(database, runner);
    return false;
  });
  every(1000, 'the health of a link could not be written', async () => {
    await look();
    return false;
  });
  const reconcile = createReconciler(deps, link.id);
  every(500, 'receipts could not be reconciled', async () => (await reconcile()) > 0);

  await runner.start();
  feeder.start();
  for (const poller of pollers) poller.start();
  const quiet = async (): Promise<void> => {
    await Promise.all([feeder.stop(), ...pollers.map((poller) => poller.stop())]);
  };
  return {
    link,
    runner,
    get isFenced() {
      return state.fenced;
    },
    wake: () => feeder.poke(),
    drain: () => runner.drain(),
    async stop() {
      await quiet();
      if (state.fenced) return;
      await runner.stop();
      await writeHealth(database, link.id, runner);
      // What is left open is settled by whoever comes next, at once.
      await releaseLease(database.of<MessagingTables>('messaging'), lease);
    },
  };
}
