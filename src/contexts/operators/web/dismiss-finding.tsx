import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ConfirmPage, ErrorState, Loading, pick, Ubn, useAct, useAnswer } from '#web/index';
import { routes } from '../contract.ts';
import { SeverityMark } from './marks.tsx';
import { useParam } from './use-param.ts';

/** Sets a finding aside, with the reason. */
export default function DismissFindingPage() {
  const id = useParam('id');
  const answer = useAnswer(routes.getFinding, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  if (answer.data === undefined)
    return answer.error === null ? <Loading /> : <ErrorState error={answer.error} />;
  const finding = answer.data;
  return (
    <ConfirmPage
      title={m.operators_page_dismiss()}
      back={{ label: m.operators_page_finding(), to: `/findings/${id}` }}
      consequence={m.operators_dismiss_text()}
      facts={[
        { label: m.operators_rule(), value: pick(finding.title) },
        { label: m.operators_who(), value: finding.name },
        { label: m.operators_f_ubn(), value: <Ubn value={finding.ubn} /> },
        { label: m.operators_severity(), value: <SeverityMark severity={finding.severity} /> },
        { label: m.operators_what(), value: pick(finding.text) },
      ]}
      asksReason
      confirmLabel={m.operators_dismiss()}
      onConfirm={async ({ reason = '' }) => {
        await act(routes.dismissFinding, { params: { id }, body: { reason } });
        await navigate({ to: '/findings/$id', params: { id } });
      }}
    />
  );
}
