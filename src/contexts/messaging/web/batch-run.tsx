import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  ErrorState,
  Instant,
  Loading,
  Notice,
  problemText,
  useAct,
  useAnswer,
  useMay,
} from '#web/index';
import { routes } from '../contract.ts';
import { failedOf, outcome, type Batch } from './batch-data.ts';
import { BatchProgress } from './batch-progress.tsx';
import { BatchReport } from './batch-report.tsx';

const FOLLOW_MS = 1000;
/** After the last text is out, receipts still come. */
const LATE_MS = 5000;

/** A batch that was approved: how far it is, and its report. */
export function BatchRun({ batch }: { readonly batch: Batch }) {
  const isOver = batch.state === 'done' || batch.state === 'cancelled' || batch.state === 'failed';
  const report = useAnswer(
    routes.getBatchReport,
    { params: { id: batch.id } },
    { refetchMs: isOver ? LATE_MS : FOLLOW_MS },
  );
  if (report.data === undefined)
    return report.error === null ? (
      <Loading />
    ) : (
      <ErrorState error={report.error} retry={() => void report.refetch()} />
    );
  const failed = failedOf(report.data);
  return (
    <>
      {batch.state === 'approved' ? (
        <Notice title={m.messaging_waits_time()}>
          {batch.sendAt === null ? m.messaging_starts_soon() : <Instant at={batch.sendAt} ago />}
        </Notice>
      ) : null}
      {batch.state === 'paused' ? (
        <Notice tone="warning" title={m.messaging_batch_paused()}>
          {pauseReason(batch.pauseReason)}
        </Notice>
      ) : null}
      <BatchProgress batch={batch} report={report.data}>
        <Controls batch={batch} />
      </BatchProgress>
      {outcome(report.data, 'unknown') > 0 ? (
        <Notice tone="warning" title={m.messaging_unknown_title({ count: outcome(report.data, 'unknown') })}>
          {m.messaging_unknown_text()}
        </Notice>
      ) : null}
      <Retry batch={batch} failed={failed} unknown={outcome(report.data, 'unknown')} />
      {report.data.submitted + failed + outcome(report.data, 'delivered') === 0 ? null : (
        <BatchReport batch={batch} report={report.data} />
      )}
    </>
  );
}

function pauseReason(reason: string | null): string {
  switch (reason) {
    case 'canary':
      return m.messaging_paused_canary();
    case 'quiet-hours':
      return m.messaging_paused_hours();
    case null:
    case 'person':
      return m.messaging_paused_person();
    default:
      return m.messaging_paused_other({ reason });
  }
}

function Controls({ batch }: { readonly batch: Batch }) {
  const maySend = useMay('messaging.send');
  const act = useAct();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const isRunning = batch.state === 'sending';
  if (!maySend || !(isRunning || batch.state === 'paused')) return null;
  const turn = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await act(isRunning ? routes.pauseBatch : routes.resumeBatch, { params: { id: batch.id } });
    } catch (error) {
      setProblem(problemText(error as Error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="x-row">
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <Button variant="default" loading={busy} onClick={() => void turn()}>
        {isRunning ? m.messaging_pause() : m.messaging_resume()}
      </Button>
    </div>
  );
}

/** What can be sent once more, where the batch is over. */
function Retry({
  batch,
  failed,
  unknown,
}: {
  readonly batch: Batch;
  readonly failed: number;
  readonly unknown: number;
}) {
  const maySend = useMay('messaging.send');
  const { data: version } = useAnswer(routes.getVersion, { params: { id: batch.templateVersionId } });
  const isAgain = version?.outcomePolicy === 'at-least-once' && unknown > 0;
  if (!maySend || batch.state !== 'done' || (failed === 0 && !isAgain)) return null;
  return (
    <div className="x-row">
      {failed === 0 ? null : (
        <ButtonLink to="/messaging/batches/$id/retry" params={{ id: batch.id }}>
          {m.messaging_retry_failed({ count: failed })}
        </ButtonLink>
      )}
      {isAgain ? (
        <ButtonLink to="/messaging/batches/$id/retry" params={{ id: batch.id }} search={{ unknown: true }}>
          {m.messaging_retry_unknown({ count: unknown })}
        </ButtonLink>
      ) : null}
    </div>
  );
}
