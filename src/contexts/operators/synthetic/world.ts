/** Builds an invented world: the planted firms first, then the mass around them. */
import { PAYMENT_ITEM, type Firm, type World } from './firm.ts';
import { FirmMint } from './firm-mint.ts';
import { planOperators } from './plan-operators.ts';
import { planShops } from './plan-shops.ts';
import { seededRandom } from './random.ts';
import type { Quota } from './size.ts';

/** In being with the item, each number once. */
export const isItemInBeing = (firm: Firm): boolean =>
  firm.standing === 'in-being' && firm.items.includes(PAYMENT_ITEM);

/** The same seed and quota give the same world. */
export function buildWorld(seed: number, quota: Quota): World {
  const random = seededRandom(seed, 'world');
  const mint = new FirmMint(seed);
  const { activities, registrations, applications } = planOperators(seed, quota, mint);

  const [from, to] = quota.itemInBeing;
  const target = random.int(from, to);
  for (let i = 0; i < quota.equalNames; i++) {
    const name = mint.book.business(random);
    const places = random.shuffle(['臺北市', '新北市', '桃園市', '臺中市', '臺南市', '高雄市']);
    for (const county of places.slice(0, random.int(2, 3)))
      mint.make({ kind: 'business', hasItem: true, name, county });
  }
  for (let i = 0; i < quota.reusedNames; i++) {
    const { core, name } = mint.make({ kind: 'company', hasItem: true, standing: 'dissolved' });
    mint.make({ kind: 'company', hasItem: true, name: { core, name } });
  }
  for (let left = target - mint.firms.filter(isItemInBeing).length; left > 0; left--) {
    const business = random.chance(0.1);
    if (!business && random.chance(0.02)) {
      const name = mint.book.company(random, { prefix: random.pick(['台灣', '臺灣']) });
      mint.make({
        kind: 'company',
        hasItem: true,
        name: { core: name.name.slice(0, 2) + name.core, name: name.name },
      });
    } else mint.make({ kind: business ? 'business' : 'company', hasItem: true });
  }
  for (let left = Math.round(target * quota.goneShare); left > 0; left--) {
    const business = random.chance(0.17);
    const standing = business && random.chance(0.17) ? 'suspended' : 'dissolved';
    mint.make({ kind: business ? 'business' : 'company', hasItem: true, standing });
  }
  for (let left = quota.otherCompanies; left > 0; left--) {
    mint.make({ kind: 'company', hasItem: false, standing: random.chance(0.85) ? 'in-being' : 'dissolved' });
  }
  for (let left = quota.otherBusinesses; left > 0; left--)
    mint.make({ kind: 'business', hasItem: false, inTaxRegister: true });
  return { seed, firms: mint.firms, activities, registrations, applications, ...planShops(seed, mint) };
}
