import { systemCaller } from '#platform/access';
import type { Reading } from '#platform/vault/vault';

/** How the dispatcher reads numbers and field values: to do what the agency asked for, and nothing else. */
export const readingChunks: Reading = {
  caller: systemCaller('messaging.dispatch'),
  legalBasis: '個人資料保護法第 15 條第 1 款、第 16 條（執行法定職務必要範圍內之簡訊傳送）',
};
