/**
 * The facts and evidence groups that rules may name, by subject. `rules/subjects.ts` fills them; a pack that names
 * another one is refused when it is read.
 */
export const knownFacts = {
  operator: {
    facts: [
      'status',
      'registerClass',
      'registerStatus',
      'gone',
      'item',
      'class',
      'balance',
      'sales',
      'largestAmount',
      'year',
      'yearsWithAmounts',
      'yearEnd',
      'registration',
      'registrationInForce',
      'hadRegistration',
      'registeredOn',
      'validUntil',
      'endedOn',
      'applied',
      'identified',
    ],
    evidence: ['signs', 'amounts', 'registers', 'registrations', 'applications'],
  },
  shop: {
    facts: [
      'quarters',
      'quarterCount',
      'consecutive',
      'measures',
      'measureCount',
      'monthlyVisits',
      'domain',
      'firstListed',
      'identified',
    ],
    evidence: ['listings', 'measures', 'traffic', 'aliases'],
  },
  conflict: {
    facts: ['givenName', 'registerName', 'similarity', 'pointsToUbn', 'pointsToName'],
    evidence: ['row', 'registers', 'pointsTo'],
  },
} as const satisfies Record<string, { facts: readonly string[]; evidence: readonly string[] }> as Record<
  'operator' | 'shop' | 'conflict',
  { readonly facts: readonly string[]; readonly evidence: readonly string[] }
>;
