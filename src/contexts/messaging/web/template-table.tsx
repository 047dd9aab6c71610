import { m } from 'virtual:messages';
import {
  AppLink,
  count,
  DataTable,
  EmptyState,
  Instant,
  StatusBadge,
  useList,
  type Column,
} from '#web/index';
import type { Template } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import type { ServiceNames } from './service-names.ts';
import { versionStateWord } from './words.ts';

/** Templates, of one service or of all (`services` names them). */
export function TemplateTable({
  serviceId,
  services,
}: {
  readonly serviceId?: string | undefined;
  readonly services?: ServiceNames;
}) {
  const list = useList(routes.listTemplates, { query: { serviceId } });
  return (
    <DataTable<Template>
      caption={m.messaging_page_templates()}
      list={list}
      rowKey={(row) => row.id}
      rowTarget={(row) => ({ to: '/messaging/templates/$id', params: { id: row.id } })}
      columns={columns(services)}
      empty={
        <EmptyState icon="text" title={m.messaging_templates_none()}>
          {m.messaging_templates_none_text()}
        </EmptyState>
      }
    />
  );
}

function columns(services: ServiceNames | undefined): Column<Template>[] {
  return [
    { key: 'name', header: m.messaging_template_name(), isName: true, cell: (row) => row.name },
    ...(services === undefined
      ? []
      : [
          {
            key: 'service',
            header: m.messaging_service(),
            priority: 2 as const,
            cell: (row: Template) => services.nameOf(row.serviceId),
          },
        ]),
    {
      key: 'newest',
      header: m.messaging_newest_version(),
      cell: ({ newestVersion: newest }) =>
        newest === null ? (
          <span className="x-muted">{m.messaging_no_version()}</span>
        ) : (
          <span className="x-row">
            <AppLink to="/messaging/versions/$id" params={{ id: newest.id }}>
              {m.messaging_version_number({ number: newest.number })}
            </AppLink>
            <StatusBadge {...versionStateWord(newest.state)} />
          </span>
        ),
    },
    {
      key: 'approved',
      header: m.messaging_in_use(),
      priority: 2,
      cell: (row) =>
        row.approvedVersionId === null ? (
          <span className="x-muted">{m.messaging_none_approved()}</span>
        ) : (
          <AppLink to="/messaging/versions/$id" params={{ id: row.approvedVersionId }}>
            {m.messaging_approved_version()}
          </AppLink>
        ),
    },
    {
      key: 'versions',
      header: m.messaging_versions(),
      numeric: true,
      priority: 3,
      cell: (row) => count(row.versions),
    },
    {
      key: 'created',
      header: m.messaging_created_at(),
      priority: 3,
      cell: (row) => <Instant at={row.createdAt} />,
    },
  ];
}
