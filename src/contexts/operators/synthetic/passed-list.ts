/** The passed list of the capability registration: the CSV of the open-data portal and the ODS of three blocks. */
import { swapTai, writtenDay } from './dirt.ts';
import type { Registration, World } from './firm.ts';
import { seededRandom } from './random.ts';
import type { RowMeaning, Sheet, SheetRow } from './sheet.ts';

/** The list tells its state on this day; its name ends in it, as 1131231. */
const PASSED_LIST_DAY = '2024-12-31';

const meaning = (r: Registration): RowMeaning => ({ by: 'ubn', ubn: r.firm.ubn });
const certificate = (r: Registration): string => (r.extended ? `${r.certificate}（展延）` : r.certificate);

/** 165372 as CSV: a revoked firm is told only by words inside a cell. */
export function passedCsv(world: World): Sheet {
  const random = seededRandom(world.seed, 'passed-csv');
  const rows: SheetRow[] = inOrder(world).map((r, i) => {
    const inDate = r.revoked && random.chance(0.5);
    return {
      cells: [
        i + 1,
        random.chance(0.1) ? swapTai(r.firm.name) : r.firm.name,
        r.firm.ubn,
        r.revoked && !inDate ? `${certificate(r)}(廢止登錄資格)` : certificate(r),
        writtenDay('roc-slash', r.registeredOn),
        inDate ? '廢止登錄資格' : writtenDay('roc-slash', r.validUntil),
      ],
      meaning: meaning(r),
    };
  });
  return {
    stem: '第三方支付服務能量登錄通過名單',
    header: ['序號', '廠商名稱', '統一編號', '證書編號', '登錄日期', '有效日期'],
    rows,
  };
}

/** The ODS: a title, then 現生效, 已廢止業者 and 屆期失效業者, each with its own header row. */
export function passedBlocks(world: World): { stem: string; rows: SheetRow[] } {
  const header = ['序號', '證書編號', '名稱', '統一編號', '登錄日期', '有效日期', '聯絡電話'];
  const all = inOrder(world);
  const lapsed = (r: Registration): boolean => !r.revoked && r.validUntil < PASSED_LIST_DAY;
  const blocks = [
    ['現生效', all.filter((r) => !r.revoked && !lapsed(r))],
    ['已廢止業者', all.filter((r) => r.revoked)],
    ['屆期失效業者', all.filter(lapsed)],
  ] as const;
  const rows: SheetRow[] = [{ cells: ['第三方支付服務機構服務能量登錄名單'] }];
  for (const [title, members] of blocks) {
    rows.push({ cells: [title] }, { cells: header });
    members.forEach((r, i) => {
      rows.push({
        cells: [
          i + 1,
          certificate(r),
          r.firm.name,
          r.firm.ubn,
          writtenDay('roc-dot', r.registeredOn),
          writtenDay('roc-dot', r.validUntil),
          '',
        ],
        meaning: meaning(r),
      });
    });
  }
  return { stem: `第三方支付服務能量登錄名單${writtenDay('roc-7', PASSED_LIST_DAY)}`, rows };
}

const inOrder = (world: World): Registration[] =>
  [...world.registrations].sort((a, b) =>
    a.registeredOn + a.certificate < b.registeredOn + b.certificate ? -1 : 1,
  );
