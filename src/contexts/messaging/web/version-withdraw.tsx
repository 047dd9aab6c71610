import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { WaitingPage } from './waiting-page.tsx';
import { versionStateWord } from './words.ts';

/** Takes a version out of use for good. */
export default function VersionWithdrawPage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getVersion, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.messaging_version(), to: `/messaging/versions/${id}` };
  const version = answer.data;
  if (version === undefined)
    return <WaitingPage title={m.messaging_withdraw_version()} back={back} answer={answer} />;
  return (
    <ConfirmPage
      title={m.messaging_withdraw_version()}
      back={back}
      consequence={m.messaging_withdraw_text()}
      facts={[
        { label: m.messaging_service_name(), value: version.serviceName },
        { label: m.messaging_version(), value: m.messaging_version_number({ number: version.number }) },
        { label: m.messaging_state(), value: versionStateWord(version.state).label },
        { label: m.messaging_body(), value: version.body },
      ]}
      confirmLabel={m.messaging_withdraw()}
      onConfirm={async () => {
        await act(routes.withdrawVersion, { params: { id } });
        await navigate({ to: back.to });
      }}
    />
  );
}
