/**
 * A rule pack: the dated data that decides who is operating, which findings hold and how they are ranked. Its
 * thresholds, articles, severities, weights, register vocabulary and rules are JSON. Other packs than those that ship
 * are read by `read-rule-pack.ts`, whose schemas take 0.1 s to load.
 */
import pack2022 from './packs/third-party-payment-2022.json' with { type: 'json' };
import pack2024 from './packs/third-party-payment-2024.json' with { type: 'json' };
import type { RulePack } from './read-rule-pack.ts';

export type { Rule, RulePack } from './read-rule-pack.ts';

/** The packs that ship, oldest first. Their test reads them in full; no start does it again. */
export const shippedPacks = [pack2022, pack2024] as unknown as readonly RulePack[];

/** The shipped pack in force on a day; before the first one, the first. */
export function packInForce(asOf: Temporal.PlainDate): RulePack {
  const day = asOf.toString();
  return shippedPacks.findLast((pack) => pack.validFrom <= day) ?? shippedPacks[0]!;
}
