import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { WaitingPage } from './waiting-page.tsx';
import { serviceStateWord } from './words.ts';

/** Stops a service, or lets it go on. */
export default function ServicePausePage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getService, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  const service = answer.data;
  const back = { label: service?.name ?? m.messaging_service(), to: `/messaging/services/${id}` };
  if (service === undefined)
    return <WaitingPage title={m.messaging_pause_service()} back={back} answer={answer} />;
  const isPaused = service.state === 'paused';
  return (
    <ConfirmPage
      title={isPaused ? m.messaging_resume_service() : m.messaging_pause_service()}
      back={back}
      consequence={isPaused ? m.messaging_resume_text() : m.messaging_pause_text()}
      facts={[
        { label: m.messaging_service_name(), value: service.name },
        { label: m.messaging_state(), value: serviceStateWord(service.state).label },
      ]}
      confirmLabel={isPaused ? m.messaging_resume() : m.messaging_pause()}
      onConfirm={async () => {
        await act(isPaused ? routes.resumeService : routes.pauseService, { params: { id } });
        await navigate({ to: back.to });
      }}
    />
  );
}
