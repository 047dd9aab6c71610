import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, count, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { WaitingPage } from './waiting-page.tsx';
import { batchStateWord } from './words.ts';

/** Ends a batch; what the telecoms have stays sent. */
export default function BatchCancelPage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getBatch, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  const batch = answer.data;
  const back = { label: batch?.name ?? m.messaging_batch(), to: `/messaging/batches/${id}` };
  if (batch === undefined)
    return <WaitingPage title={m.messaging_cancel_batch()} back={back} answer={answer} />;
  return (
    <ConfirmPage
      title={m.messaging_cancel_batch()}
      back={back}
      consequence={m.messaging_cancel_text()}
      facts={[
        { label: m.messaging_batch_name(), value: batch.name },
        { label: m.messaging_state(), value: batchStateWord(batch.state).label },
        { label: m.messaging_recipients(), value: count(batch.rows) },
      ]}
      confirmLabel={m.messaging_cancel_batch()}
      onConfirm={async () => {
        await act(routes.cancelBatch, { params: { id } });
        await navigate({ to: back.to });
      }}
    />
  );
}
