import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  call,
  EmptyState,
  Form,
  PageHeader,
  SelectField,
  StatusBadge,
  SummaryList,
  TextAreaField,
  useAct,
  usePathValue,
} from '#web/index';
import type { Service } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { useAgencyNames } from './agency-names.ts';
import { asTyped } from './as-typed.ts';
import { hoursOf } from './services.tsx';
import { WaitingPage } from './waiting-page.tsx';
import { optionsOf, serviceStates, serviceStateWord } from './words.ts';
import { listed } from './listed.ts';

/** The ministry takes a service of an agency live, back to trial, or pauses it. */
export default function AgencyServicePage() {
  const id = usePathValue('id');
  const nameOf = useAgencyNames();
  const act = useAct();
  const navigate = useNavigate();
  const answer = useQuery({
    queryKey: [routes.listAgencyServices.url, 'one', id],
    queryFn: ({ signal }) => findService(id, signal),
  });
  const back = { label: m.messaging_page_agencies(), to: '/messaging/agencies' };
  const service = answer.data;
  if (service === undefined) return <WaitingPage title={m.messaging_service()} back={back} answer={answer} />;
  if (service === null) return <EmptyState icon="building" title={m.messaging_service_gone()} />;
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={service.name}
        back={back}
        lead={<StatusBadge {...serviceStateWord(service.state)} />}
      />
      <div className="x-card x-card--padded">
        <SummaryList
          items={[
            { label: m.messaging_agency(), value: nameOf(service.organisationId) },
            { label: m.messaging_contact_numbers(), value: listed(service.contactNumbers) || '—' },
            {
              label: m.messaging_link_hosts(),
              value: listed(service.linkHosts) || m.messaging_no_links(),
            },
            { label: m.messaging_hours(), value: hoursOf(service) },
          ]}
        />
      </div>
      <Form
        submitLabel={m.messaging_save()}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
        onSubmit={async (values, form) => {
          await act(routes.changeServiceState, {
            params: { id },
            body: { state: values['state'] as Service['state'], reason: asTyped(form, 'reason') },
          });
          await navigate({ to: back.to });
        }}
      >
        <SelectField
          name="state"
          label={m.messaging_new_state()}
          required
          defaultValue={service.state === 'trial' ? 'live' : service.state}
          options={optionsOf(serviceStates, serviceStateWord)}
        />
        <TextAreaField
          name="reason"
          label={m.confirm_reason()}
          hint={m.confirm_reason_hint()}
          rows={2}
          maxLength={500}
          required
        />
      </Form>
    </div>
  );
}

async function findService(id: string, signal: AbortSignal): Promise<Service | null> {
  let cursor: string | undefined;
  do {
    const page = await call(routes.listAgencyServices, { query: { limit: 200, cursor } }, { signal });
    const found = page.items.find((row) => row.id === id);
    if (found !== undefined) return found;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return null;
}
