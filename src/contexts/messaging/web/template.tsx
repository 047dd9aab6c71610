import './messaging.css';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  DataTable,
  EmptyState,
  Instant,
  PageHeader,
  StatusBadge,
  useAnswer,
  useList,
  useMay,
  usePathValue,
  type Column,
} from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { useServiceNames } from './service-names.ts';
import { WaitingPage } from './waiting-page.tsx';
import { classWord, versionStateWord } from './words.ts';

/** One template and every version that it ever had. */
export default function TemplatePage() {
  const id = usePathValue('id');
  const answer = useAnswer(routes.getTemplate, { params: { id } });
  const list = useList(routes.listVersions, { query: { templateId: id } });
  const services = useServiceNames();
  const mayWrite = useMay('messaging.templates');
  const template = answer.data;
  if (template === undefined)
    return (
      <WaitingPage
        title={m.messaging_page_template()}
        back={{ label: m.messaging_page_templates(), to: '/messaging/templates' }}
        answer={answer}
      />
    );
  const write = mayWrite ? (
    <ButtonLink
      to="/messaging/templates/$id/write"
      params={{ id }}
      search={{ from: template.newestVersion?.id }}
      kind="primary"
    >
      {m.messaging_new_version()}
    </ButtonLink>
  ) : null;
  return (
    <div className="x-page">
      <PageHeader
        title={template.name}
        lead={m.messaging_template_lead()}
        back={{
          label: services.nameOf(template.serviceId),
          to: `/messaging/services/${template.serviceId}`,
        }}
        actions={write}
      />
      <DataTable<Version>
        caption={m.messaging_versions()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/messaging/versions/$id', params: { id: row.id } })}
        columns={columns()}
        empty={
          <EmptyState icon="text" title={m.messaging_no_version()} action={write}>
            {m.messaging_no_version_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

function columns(): Column<Version>[] {
  return [
    {
      key: 'number',
      header: m.messaging_version(),
      isName: true,
      cell: (row) => m.messaging_version_number({ number: row.number }),
    },
    {
      key: 'state',
      header: m.messaging_state(),
      cell: (row) => <StatusBadge {...versionStateWord(row.state)} />,
    },
    {
      key: 'body',
      header: m.messaging_body(),
      priority: 2,
      cell: (row) => <span className="ms-clamp">{row.body}</span>,
    },
    { key: 'class', header: m.messaging_class(), priority: 3, cell: (row) => classWord(row.class).label },
    {
      key: 'created',
      header: m.messaging_created_at(),
      priority: 2,
      cell: (row) => <Instant at={row.createdAt} />,
    },
  ];
}
