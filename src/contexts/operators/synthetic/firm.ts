/** What stands in an invented world: firms, what they did, what they were granted. */

/** The catch-all item (除許可業務外，得經營法令非禁止或限制之業務) and the item of the trade. */
export const CATCH_ALL_ITEM = 'ZZ99999';
export const PAYMENT_ITEM = 'I301040';

/** `suspended` (停業 …) is neither in being nor dissolved. */
export type Standing = 'in-being' | 'suspended' | 'dissolved';

/** An invented firm as the registers know it. */
export interface Firm {
  readonly ubn: string;
  /** Full registered name. */
  readonly name: string;
  /** The name without its legal form. */
  readonly core: string;
  readonly kind: 'company' | 'business';
  readonly county: string;
  readonly address: string;
  readonly capital: number;
  readonly status: string;
  readonly standing: Standing;
  /** Business items; companies outside the trade lack I301040. */
  readonly items: readonly string[];
  readonly inTaxRegister: boolean;
  /** County and address before a move, for a business that left a row there. */
  readonly movedFrom?: string | undefined;
  /** Former names and brands, all told by the alias list. */
  readonly aliases: string[];
  /** A one-character misspelling of the core that is nearest to this firm alone. */
  readonly typo?: string;
}

/** A yearly amount in the reply of the FSC or in the tax sales. */
export interface Activity {
  readonly source: 'fsc' | 'sales';
  readonly year: number;
  readonly amount: number;
  /** The firm that did it; null where nobody can be identified. */
  readonly firm: Firm | null;
  /** How the row names the firm. */
  readonly by: 'ubn' | 'name' | 'broken-ubn' | 'conflict';
  /** The name as written; null in a row by UBN alone. */
  readonly writtenName: string | null;
}

/** A capability registration; `revoked` ones are told without a date by the passed list. */
export interface Registration {
  readonly firm: Firm;
  readonly certificate: string;
  readonly registeredOn: string;
  readonly validUntil: string;
  readonly revoked: boolean;
  readonly extended: boolean;
}

/** An application for the capability registration. */
export interface Application {
  readonly firm: Firm;
  readonly appliedOn: string;
  readonly status: string;
}

/** An online shop of the police list. */
export interface Shop {
  /** The name used most. */
  readonly name: string;
  /** Every spelling on the police list. */
  readonly spellings: readonly string[];
  readonly domain: string;
  /** The firm behind it where the alias list tells one. */
  readonly firm: Firm | null;
  /** How the alias list ties it: not at all, by UBN, or by company name. */
  readonly tie: 'none' | 'ubn' | 'company-name';
  readonly monthlyVisits: number;
  /** True for the two planted ones. */
  readonly withoutMeasure: boolean;
}

/** A shop's place on one quarter's list. */
export interface Listing {
  /** As 2023Q3. */
  readonly quarter: string;
  readonly rank: number;
  readonly shop: Shop;
  readonly spelling: string;
}

/** A row of the hardening measures; `name` is a company or a shop as written. */
export interface Participation {
  readonly measure: string;
  readonly name: string;
  readonly firm: Firm | null;
  readonly shop: Shop | null;
  readonly withUbn: boolean;
  readonly joinedOn: string | null;
}

/** Everything an invented world holds before it is written to files. */
export interface World {
  readonly seed: number;
  readonly firms: readonly Firm[];
  readonly activities: readonly Activity[];
  readonly registrations: readonly Registration[];
  readonly applications: readonly Application[];
  readonly shops: readonly Shop[];
  readonly listings: readonly Listing[];
  readonly participations: readonly Participation[];
}
