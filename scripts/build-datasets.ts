/**
 * Builds the derived files under `datasets/` from published originals, so that each can be made again:
 *
 *   node scripts/build-datasets.ts variants
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DATASETS = fileURLToPath(new URL('../datasets/', import.meta.url));

function variantRows(file: string): [string, string[]][] {
  return readFileSync(`${DATASETS}text-variants/${file}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [key = '', values = ''] = line.split('\t');
      return [key, values.split(' ')];
    });
}

/**
 * One representative for each family of variants. OpenCC's Taiwan table maps to the Taiwan form; its Hong Kong table
 * maps away from it, so it is read backwards, but for 臺, whose everyday form in Taiwan is 台.
 */
function buildVariants(): void {
  const representative = new Map<string, string>();
  for (const [key, values] of variantRows('TWVariants.txt')) {
    if (values[0] !== key && !values.includes(key)) representative.set(key, values[0]!);
  }
  const hongKong = variantRows('HKVariants.txt');
  const hongKongKeys = new Set(hongKong.map(([key]) => key));
  for (const [key, values] of hongKong) {
    for (const value of values) {
      if (value === key || hongKongKeys.has(value) || representative.has(value)) continue;
      const target = representative.get(key) ?? key;
      if (value !== target && ![...representative.values()].includes(value))
        representative.set(value, target);
    }
  }
  representative.delete('台');
  representative.set('臺', '台');
  for (const [key, values] of variantRows('register-glyphs.txt')) representative.set(key, values[0]!);
  const settle = (character: string): string => {
    const next = representative.get(character);
    return next === undefined ? character : settle(next);
  };
  const table = Object.fromEntries(
    Array.from(representative.keys())
      .sort()
      .map((character) => [character, settle(character)] as const),
  );
  writeFileSync(`${DATASETS}text-variants/name-variants.json`, `${JSON.stringify(table, null, 1)}\n`);
}

const BUILDS: Readonly<Record<string, () => void>> = { variants: buildVariants };
const build = BUILDS[process.argv[2] ?? ''];
if (build === undefined) {
  console.error(`usage: node scripts/build-datasets.ts ${Object.keys(BUILDS).join('|')}`);
  process.exitCode = 2;
} else build();
