import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ButtonLink, Form, PageHeader, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { asTyped } from './as-typed.ts';
import { ServiceFields, serviceOf } from './service-fields.tsx';
import { WaitingPage } from './waiting-page.tsx';

/** Changes what a service may send. The name is frozen once a version has it. */
export default function ServiceEditPage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getService, { params: { id } });
  const act = useAct();
  const navigate = useNavigate();
  const title = m.messaging_change_service();
  const back = { label: answer.data?.name ?? m.messaging_service(), to: `/messaging/services/${id}` };
  const service = answer.data;
  if (service === undefined) return <WaitingPage title={title} back={back} answer={answer} />;
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={title} back={back} />
      <Form
        submitLabel={m.messaging_save()}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
        onSubmit={async (values, form) => {
          const name = asTyped(form, 'name');
          await act(routes.changeService, {
            params: { id },
            body: { ...(name !== service.name && { name }), ...serviceOf(values) },
          });
          await navigate({ to: back.to });
        }}
      >
        <ServiceFields service={service} />
      </Form>
    </div>
  );
}
