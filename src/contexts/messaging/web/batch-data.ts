import type { AnswerOf } from '#platform/http/contract';
import type { routes } from '../contract.ts';

export type Batch = AnswerOf<typeof routes.getBatch>;
export type BatchFile = Batch['files'][number];
export type Reading = NonNullable<BatchFile['reading']>;
export type BatchPreview = AnswerOf<typeof routes.previewBatch>;
export type Report = AnswerOf<typeof routes.getBatchReport>;

/** Something goes on that ends by itself. */
export const isMoving = (state: Batch['state'] | undefined): boolean =>
  state === 'reading' || state === 'sealing' || state === 'approved' || state === 'sending';

/** Outcomes of a report by name; 0 where there are none. */
export const outcome = (report: Report, name: string): number => report.outcomes[name] ?? 0;

/** Messages that ended without reaching anybody, the cancelled and the unknown ones apart. */
export const failedOf = (report: Report): number =>
  outcome(report, 'undelivered') + outcome(report, 'expired') + outcome(report, 'rejected');

/** Messages that have their outcome. */
export const endedOf = (report: Report): number =>
  Object.values(report.outcomes).reduce((sum, count) => sum + count, 0);
