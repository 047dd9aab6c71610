/** Makes firms, each with its own number and name. */
import { composeAddress, type ComposedName, NameBook } from './compose.ts';
import { CATCH_ALL_ITEM, type Firm, PAYMENT_ITEM, type Standing } from './firm.ts';
import { capitals, otherItems, paymentTails } from './name-parts.ts';
import { type Random, seededRandom } from './random.ts';
import { ubnAt } from './ubn-series.ts';

const gone = {
  company: [
    ['解散', 4092],
    ['廢止', 763],
    ['廢止登記', 53],
    ['撤回認許', 17],
    ['撤回登記', 8],
    ['合併解散', 2],
    ['撤銷', 2],
    ['破產', 2],
  ],
  business: [
    ['歇業／撤銷', 671],
    ['廢止', 60],
  ],
} as const;

/** What a firm to be made is to be; everything left out is drawn. */
export interface Order {
  kind: Firm['kind'];
  standing?: Standing;
  /** In the trade by its items; false leaves I301040 out. */
  hasItem: boolean;
  /** Carries ZZ99999 and nothing else. */
  catchAllOnly?: boolean;
  name?: ComposedName;
  /** Keeps the surroundings of the name free and fixes its misspelling. */
  planted?: boolean;
  county?: string;
  inTaxRegister?: boolean;
}

/** Makes firms in a fixed order from one seed. */
export class FirmMint {
  readonly book = new NameBook();
  readonly firms: Firm[] = [];
  readonly #random: Random;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed, 'firms');
  }

  /** Makes one firm and keeps it. */
  make(order: Order): Firm {
    const random = this.#random;
    const planted = order.planted ?? false;
    const name = order.name ?? this.#name(order.kind, planted);
    const typo = planted && order.name === undefined ? this.book.guard(random, name) : undefined;
    const standing = order.standing ?? 'in-being';
    let place = composeAddress(random);
    while (order.county !== undefined && place.county !== order.county) place = composeAddress(random);
    const moved =
      order.kind === 'business' && !planted && random.chance(0.035)
        ? composeAddress(random).address
        : undefined;
    const firm: Firm = {
      ...name,
      ubn: ubnAt('audit', this.#seed, this.firms.length),
      kind: order.kind,
      ...place,
      capital: random.weighted(capitals),
      standing,
      status: this.#status(order.kind, standing, name.name),
      items: this.#items(order),
      inTaxRegister: order.inTaxRegister ?? (standing === 'in-being' && (planted || random.chance(0.86))),
      movedFrom: moved,
      aliases: [],
      ...(typo === undefined ? {} : { typo }),
    };
    this.firms.push(firm);
    return firm;
  }

  #name(kind: Firm['kind'], planted: boolean): ComposedName {
    if (kind === 'business') return this.book.business(this.#random);
    if (!planted) return this.book.company(this.#random);
    return this.book.company(this.#random, { tails: paymentTails });
  }

  #items(order: Order): string[] {
    if (order.catchAllOnly ?? false) return [CATCH_ALL_ITEM];
    const random = this.#random;
    const some = new Set(Array.from({ length: random.int(1, 6) }, () => random.pick(otherItems)));
    if (!order.hasItem) return order.kind === 'company' ? [...some].sort() : [];
    return [...[...some, PAYMENT_ITEM].sort(), ...(random.chance(0.8) ? [CATCH_ALL_ITEM] : [])];
  }

  #status(kind: Firm['kind'], standing: Standing, name: string): string {
    if (standing === 'dissolved') return this.#random.weighted<string>(gone[kind]);
    if (standing === 'suspended')
      return this.#random.pick(['停業', '停業', '停業', '申覆（辯）期', '列入廢止中']);
    return name.endsWith('分公司') ? '核准登記' : '核准設立';
  }
}
