import './messaging.css';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  Instant,
  Notice,
  PageHeader,
  Section,
  StatusBadge,
  SummaryList,
  useAnswer,
  useMay,
  usePathValue,
} from '#web/index';
import type { Service } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { hoursOf } from './services.tsx';
import { TeamNumbers } from './team-numbers.tsx';
import { TemplateTable } from './template-table.tsx';
import { WaitingPage } from './waiting-page.tsx';
import { serviceStateWord } from './words.ts';

/** One service: its name as it opens every text, what its texts may hold, whom it reaches, its templates. */
export default function ServicePage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getService, { params: { id } });
  const mayChange = useMay('messaging.services');
  const mayWrite = useMay('messaging.templates');
  const back = { label: m.messaging_page_services(), to: '/messaging/services' };
  const service = answer.data;
  if (service === undefined) return <WaitingPage title={m.messaging_service()} back={back} answer={answer} />;
  return (
    <div className="x-page">
      <PageHeader
        title={service.name}
        back={back}
        lead={<StatusBadge {...serviceStateWord(service.state)} />}
        actions={mayChange ? <Acts service={service} /> : null}
      />
      <StateNotice service={service} />
      <div className="x-card x-card--padded">
        <SummaryList items={factsOf(service)} />
      </div>
      <Section
        title={m.messaging_page_templates()}
        lead={m.messaging_templates_of_service()}
        aside={
          mayWrite ? (
            <ButtonLink to="/messaging/templates/new" search={{ service: service.id }}>
              {m.messaging_page_template_new()}
            </ButtonLink>
          ) : null
        }
      >
        <TemplateTable serviceId={service.id} />
      </Section>
      {mayChange ? <TeamNumbers service={service} /> : null}
    </div>
  );
}

function Acts({ service }: { readonly service: Service }) {
  const params = { id: service.id };
  return (
    <>
      <ButtonLink to="/messaging/services/$id/pause" params={params}>
        {service.state === 'paused' ? m.messaging_resume() : m.messaging_pause()}
      </ButtonLink>
      <ButtonLink to="/messaging/services/$id/edit" params={params} kind="primary">
        {m.messaging_change_service()}
      </ButtonLink>
    </>
  );
}

function StateNotice({ service }: { readonly service: Service }) {
  if (service.state === 'trial')
    return <Notice title={m.messaging_trial_title()}>{m.messaging_trial_text()}</Notice>;
  if (service.state === 'paused')
    return (
      <Notice tone="warning" title={m.messaging_paused_title()}>
        {m.messaging_paused_text()}
      </Notice>
    );
  return null;
}

function factsOf(service: Service) {
  const list = (values: readonly string[], none: string) =>
    values.length === 0 ? (
      <span className="x-muted">{none}</span>
    ) : (
      <ul className="ms-plain">
        {values.map((value) => (
          <li key={value} className="x-numbers">
            {value}
          </li>
        ))}
      </ul>
    );
  return [
    {
      label: m.messaging_contact_numbers(),
      value: list(service.contactNumbers, m.messaging_contact_none()),
    },
    { label: m.messaging_link_hosts(), value: list(service.linkHosts, m.messaging_no_links()) },
    {
      label: m.messaging_hours(),
      value: (
        <span>
          <span className="x-numbers">{hoursOf(service)}</span>
          <small className="ms-sub">{m.messaging_hours_text()}</small>
        </span>
      ),
    },
    {
      label: m.messaging_retention(),
      value: (
        <span>
          {m.messaging_days({ count: service.retentionDays })}
          <small className="ms-sub">{m.messaging_retention_text()}</small>
        </span>
      ),
    },
    {
      label: m.messaging_live_since(),
      value: service.liveSince === null ? m.messaging_not_yet() : <Instant at={service.liveSince} />,
    },
    { label: m.messaging_id(), value: <code className="x-code">{service.id}</code> },
  ];
}
