/** Which telecom a number is reached through. */
import type { Database } from '#platform/database';
import { defineErrors } from '#platform/errors';
import { acceptsOf } from '../dispatch/link-options.ts';
import type { MessagingTables, Space } from '../tables.ts';
import { telecomOfRange } from './number-range.ts';
import { cachedLookup, type PortabilityLookup } from './portability.ts';
import { telecoms, type Telecom } from './telecoms.ts';

const errors = defineErrors('messaging', {
  portability_unavailable: {
    status: 503,
    zh: '號碼可攜查詢服務暫時無法使用，無法確認門號所屬電信，請稍後再試。',
    en: 'the number portability database can not be asked at the moment, so that the telecom of the numbers is not known. Try again later.',
  },
});

export interface Router {
  /**
   * The telecom of each number (nine digits, `912345678`), in order: that of its range, or the one it was ported to.
   * Where that telecom has no link in the space, one whose link takes its numbers. Throws
   * `messaging.portability_unavailable` (503).
   */
  telecomOf(numbers: readonly string[], space: Space): Promise<string[]>;
}

export interface RouterDeps {
  readonly database: Database;
  /** Null where no database of ported numbers can be asked: ranges decide alone. */
  readonly portability: PortabilityLookup | null;
}

/** Milliseconds for which the links of a space are taken as known. */
const LINKS_HOLD_MS = 2000;

/** Routes numbers by ranges, ported numbers and the links there are. */
export function createRouter({ database, portability }: RouterDeps): Router {
  const db = database.of<MessagingTables>('messaging');
  const lookup = portability === null ? null : cachedLookup(portability);
  const remembered = new Map<Space, { readonly at: number; readonly ways: ReadonlyMap<Telecom, string> }>();

  async function waysOf(space: Space): Promise<ReadonlyMap<Telecom, string>> {
    const known = remembered.get(space);
    if (known !== undefined && performance.now() - known.at < LINKS_HOLD_MS) return known.ways;
    const links = await db
      .selectFrom('link')
      .select(['telecom', 'options'])
      .where('space', '=', space)
      .where('state', '=', 'enabled')
      .orderBy('id')
      .execute();
    const ways = new Map(telecoms.map((telecom) => [telecom, wayTo(telecom, links)]));
    remembered.set(space, { at: performance.now(), ways });
    return ways;
  }

  return {
    async telecomOf(numbers, space) {
      const [ways, ported] = await Promise.all([
        waysOf(space),
        lookup === null
          ? new Map<string, Telecom>()
          : lookup.portedTo(numbers).catch((cause: unknown) => {
              throw errors.portability_unavailable({}, { cause });
            }),
      ]);
      return numbers.map((number) => {
        const own = ported.get(number) ?? telecomOfRange(number) ?? 'cht';
        return ways.get(own) ?? own;
      });
    },
  };
}

/** The telecom itself where it has a link; else one with a link that takes its numbers; else itself, to wait for a link. */
export function wayTo(
  telecom: Telecom,
  links: readonly { readonly telecom: string; readonly options: unknown }[],
): string {
  if (links.some((link) => link.telecom === telecom)) return telecom;
  return links.find((link) => acceptsOf(link.options, telecom))?.telecom ?? telecom;
}
