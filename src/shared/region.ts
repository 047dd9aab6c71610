/** The 22 counties and cities of Taiwan, and where a tile map draws them. */
import rows from '../../datasets/counties/counties.json' with { type: 'json' };

/** A county (縣) or city at that level (直轄市, 市). */
export interface County {
  /** Code of the Ministry of the Interior: `63000`. */
  readonly code: string;
  /** Letter of national identity numbers: `A`. */
  readonly letter: string;
  /** Official name, with 臺: `臺北市`. */
  readonly name: string;
  /** Other spellings: `台北市`. */
  readonly variants: readonly string[];
  readonly english: string;
  /** Tile map, from the north (0) to the south and from the west (0) to the east; the islands stand in column 0. */
  readonly row: number;
  readonly column: number;
}

/** In the order of official tables: the six special municipalities first. */
export const COUNTIES: readonly County[] = rows;

/** Names before the mergers of 2010 and 2014, as they still stand in old rows. */
const FORMER: Readonly<Record<string, string>> = {
  台北縣: '65000',
  桃園縣: '68000',
  台中縣: '66000',
  台南縣: '67000',
  高雄縣: '64000',
};

const simple = (text: string): string => text.normalize('NFKC').replaceAll(/\s/gu, '').replaceAll('臺', '台');
const byCode = new Map(COUNTIES.map((county) => [county.code, county]));
const byName = new Map(COUNTIES.map((county) => [simple(county.name), county]));

/** The county of that code, or null. */
export function countyByCode(code: string): County | null {
  return byCode.get(code) ?? null;
}

/**
 * The county in which an address lies, read from its beginning (behind a postal code and 台灣省); either spelling of
 * 臺, former counties as what they became. Null where the address does not begin with a county.
 */
export function countyOf(address: string): County | null {
  const start = simple(address)
    .replace(/^[([]?\d{3,6}[)\]]?/u, '')
    .replace(/^(?:中華民國)?(?:台灣省?|福建省)?/u, '');
  const name = start.slice(0, 3);
  return byName.get(name) ?? byCode.get(FORMER[name] ?? '') ?? null;
}
