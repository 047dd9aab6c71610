import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, EmptyState, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { useServiceNames } from './service-names.ts';
import { WaitingPage } from './waiting-page.tsx';

/** Closes an SMPP account for good; its binds end at once. */
export default function SmppClosePage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.listSmppAccounts, {});
  const services = useServiceNames();
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.messaging_page_smpp(), to: '/messaging/smpp' };
  if (answer.data === undefined)
    return <WaitingPage title={m.messaging_smpp_close_title()} back={back} answer={answer} />;
  const account = answer.data.items.find((one) => one.id === id);
  if (account === undefined) return <EmptyState icon="link" title={m.messaging_smpp_gone()} />;
  return (
    <ConfirmPage
      title={m.messaging_smpp_close_title()}
      back={back}
      consequence={m.messaging_smpp_close_text()}
      facts={[
        { label: 'system_id', value: <code className="x-code">{account.systemId}</code> },
        { label: m.messaging_service(), value: services.nameOf(account.serviceId) },
        { label: m.messaging_smpp_bound(), value: `${account.bound} / ${account.maxBinds}` },
      ]}
      confirmLabel={m.messaging_smpp_close()}
      onConfirm={async () => {
        await act(routes.closeSmppAccount, { params: { id } });
        await navigate({ to: back.to });
      }}
    />
  );
}
