import { sourceKinds, type SourceKindInfo } from './sources/source-kinds.ts';

const TERMS =
  '此開放資料依政府資料開放授權條款 (Open Government Data License) 進行公眾釋出，使用者於遵守本條款各項規定之前提下，得利用之。政府資料開放授權條款：https://data.gov.tw/license';

/** The sentence without which the licence of an open source counts as never given; null for closed uploads. */
export function attributionOf(info: SourceKindInfo, year: number | null): string | null {
  if (info.access !== 'open') return null;
  const dataset = info.dataset === undefined ? '' : `，資料集 ${info.dataset}`;
  const when = year === null ? '' : `，${year} 年`;
  return `${info.publisher}${when}〔${info.zh}${dataset}〕。${TERMS}`;
}

/** The sentences of all open sources. `years` gives the year of the newest snapshot of each kind on file. */
export function attributions(years: ReadonlyMap<string, number>): string[] {
  return sourceKinds.flatMap((info) => attributionOf(info, years.get(info.kind) ?? null) ?? []);
}
