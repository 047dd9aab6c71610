import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, count, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { WaitingPage } from './waiting-page.tsx';
import { telecomWord } from './words.ts';

/** Takes a link out of use: it drains, then unbinds. */
export default function LinkDisablePage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getLink, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.messaging_page_links(), to: '/messaging/links' };
  const link = answer.data;
  if (link === undefined)
    return <WaitingPage title={m.messaging_link_disable_title()} back={back} answer={answer} />;
  return (
    <ConfirmPage
      title={m.messaging_link_disable_title()}
      back={back}
      consequence={m.messaging_link_disable_text()}
      facts={[
        { label: m.messaging_link(), value: link.name },
        { label: m.messaging_telecom(), value: telecomWord(link.telecom).label },
        { label: m.messaging_link_held(), value: count(link.heldChunks) },
        { label: m.messaging_link_waiting(), value: count(link.waitingChunks) },
      ]}
      mustType={link.name}
      confirmLabel={m.messaging_link_disable()}
      onConfirm={async () => {
        await act(routes.changeLink, { params: { id }, body: { state: 'disabled' } });
        await navigate({ to: back.to });
      }}
    />
  );
}
