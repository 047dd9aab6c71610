import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, count, useAct, useAnswer, usePathValue, useUrlState } from '#web/index';
import { routes } from '../contract.ts';
import { failedOf, outcome } from './batch-data.ts';
import { retrySearch } from './search-schemas.ts';
import { WaitingPage } from './waiting-page.tsx';

/** Sends the failed rows of a batch once more, or those of unknown outcome where the template allows it. */
export default function BatchRetryPage() {
  const id = usePathValue('id');
  const [{ unknown = false }] = useUrlState(retrySearch);
  const batch = useAnswer(routes.getBatch, { params: { id } });
  const report = useAnswer(routes.getBatchReport, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: batch.data?.name ?? m.messaging_batch(), to: `/messaging/batches/${id}` };
  if (batch.data === undefined || report.data === undefined)
    return (
      <WaitingPage
        title={m.messaging_retry()}
        back={back}
        answer={batch.data === undefined ? batch : report}
      />
    );
  const failed = failedOf(report.data);
  const lost = outcome(report.data, 'unknown');
  return (
    <ConfirmPage
      title={m.messaging_retry()}
      back={back}
      consequence={unknown ? m.messaging_retry_unknown_text() : m.messaging_retry_text()}
      facts={[
        { label: m.messaging_batch_name(), value: batch.data.name },
        { label: m.messaging_fig_failed(), value: count(failed) },
        ...(unknown ? [{ label: m.messaging_state_unknown(), value: count(lost) }] : []),
      ]}
      confirmLabel={m.messaging_retry_do()}
      onConfirm={async () => {
        await act(routes.retryBatch, { params: { id }, body: { ...(unknown && { unknown }) } });
        await navigate({ to: back.to });
      }}
    />
  );
}
