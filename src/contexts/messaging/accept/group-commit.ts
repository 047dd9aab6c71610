/**
 * Many small requests, few commits: while one commit is under way, what arrives is gathered for the next. A request is
 * answered after the commit that holds it.
 */
export interface GroupCommitOptions<Item, Result> {
  /** Writes a group in one transaction; answers in its order. An error rejects every item of the group. */
  readonly commit: (group: readonly Item[]) => Promise<readonly Result[]>;
  /** Items of one commit at most. */
  readonly most: number;
  /** Commits under way at once: two keep the disk busy while the next is put together. */
  readonly lanes: number;
  /** Items that must wait before another commit is begun beside one under way: few large ones cost less. 1 unless said. */
  readonly another?: number;
  /**
   * Milliseconds for which a group waits for as many as were just answered, who tend to come again at once; 0 unless said.
   * A lone item never waits for others.
   */
  readonly gatherMs?: number;
  /** Whose an item is. A commit takes of every party in turn, so that nobody waits for another's bulk. */
  readonly partyOf: (item: Item) => string;
  /** Items that may wait, in all and of one party; above it `refuse` is thrown at once, so that memory stays bounded. */
  readonly waiting: number;
  readonly waitingOfParty: number;
  readonly refuse: () => Error;
}

export interface GroupCommit<Item, Result> {
  add(item: Item): Promise<Result>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export function createGroupCommit<Item, Result>(
  options: GroupCommitOptions<Item, Result>,
): GroupCommit<Item, Result> {
  const queues = new Map<string, Waiting<Item, Result>[]>();
  let waiting = 0;
  let running = 0;
  let scheduled = false;
  /** As many are expected again until then, in milliseconds of `performance.now()`. */
  let expected = 0;
  let expectedUntil = 0;
  let gathering: NodeJS.Timeout | null = null;
  const { another = 1, gatherMs = 0 } = options;
  let onIdle: (() => void)[] = [];

  /** In the next turn, so that requests read from several sockets in this one go together. */
  function schedule(): void {
    if (scheduled || waiting === 0) return;
    if (running >= options.lanes || (running > 0 && waiting < another)) return;
    // Whole milliseconds: timers of one length share a list.
    const leftMs = Math.ceil(expectedUntil - performance.now());
    if (leftMs > 0 && waiting < Math.min(expected, options.most)) {
      gathering ??= setTimeout(() => {
        gathering = null;
        schedule();
      }, leftMs);
      return;
    }
    if (gathering !== null) clearTimeout(gathering);
    gathering = null;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void run();
    });
  }

  /** Of every party an equal share, and what one leaves goes to the others. */
  function take(): Waiting<Item, Result>[] {
    const group: Waiting<Item, Result>[] = [];
    while (group.length < options.most && queues.size > 0) {
      const share = Math.max(1, Math.floor((options.most - group.length) / queues.size));
      for (const [party, queue] of queues) {
        group.push(...queue.splice(0, Math.min(share, options.most - group.length)));
        if (queue.length === 0) queues.delete(party);
      }
    }
    waiting -= group.length;
    return group;
  }

  async function run(): Promise<void> {
    const group = take();
    if (group.length === 0) return;
    running++;
    schedule();
    try {
      const results = await options.commit(group.map(({ item }) => item));
      group.forEach((waiting, place) => waiting.resolve(results[place] as Result));
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    } finally {
      running--;
      if (group.length > 1) {
        expected = group.length;
        expectedUntil = performance.now() + gatherMs;
      }
      schedule();
      if (running === 0 && waiting === 0) {
        for (const told of onIdle) told();
        onIdle = [];
      }
    }
  }

  return {
    add(item) {
      const party = options.partyOf(item);
      const queue = queues.get(party) ?? [];
      if (waiting >= options.waiting || queue.length >= options.waitingOfParty)
        return Promise.reject(options.refuse());
      return new Promise<Result>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        queues.set(party, queue);
        waiting++;
        schedule();
      });
    },
    idle() {
      if (running === 0 && waiting === 0) return Promise.resolve();
      return new Promise((resolve) => onIdle.push(resolve));
    },
  };
}
