import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ButtonLink, Form, Notice, PageHeader, useAct } from '#web/index';
import { routes } from '../contract.ts';
import { asTyped } from './as-typed.ts';
import { ServiceFields, serviceOf } from './service-fields.tsx';

/** A new service; it begins on trial. */
export default function ServiceNewPage() {
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.messaging_page_services(), to: '/messaging/services' };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.messaging_page_service_new()} lead={m.messaging_service_new_lead()} back={back} />
      <Notice>{m.messaging_trial_text()}</Notice>
      <Form
        submitLabel={m.messaging_make_service()}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
        onSubmit={async (values, form) => {
          const made = await act(routes.createService, {
            // As typed: folding would change full-width signs of a name.
            body: { name: asTyped(form, 'name'), ...serviceOf(values) },
          });
          await navigate({ to: '/messaging/services/$id', params: { id: made.id } });
        }}
      >
        <ServiceFields />
      </Form>
    </div>
  );
}
