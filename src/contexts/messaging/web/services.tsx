import './messaging.css';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  count,
  DataTable,
  EmptyState,
  FilterBar,
  PageHeader,
  StatusBadge,
  useList,
  useMay,
  useUrlState,
  type Column,
} from '#web/index';
import type { Service } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { servicesSearch } from './search-schemas.ts';
import { optionsOf, serviceStates, serviceStateWord } from './words.ts';
import { listed } from './listed.ts';

/** What the agency sends texts for. */
export default function ServicesPage() {
  const [search, setSearch] = useUrlState(servicesSearch);
  const list = useList(routes.listServices, { query: search });
  const mayMake = useMay('messaging.services');
  const add = mayMake ? (
    <ButtonLink to="/messaging/services/new" kind="primary">
      {m.messaging_page_service_new()}
    </ButtonLink>
  ) : null;
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_services()} lead={m.messaging_services_lead()} actions={add} />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'state',
            label: m.messaging_state(),
            options: optionsOf(serviceStates, serviceStateWord),
          },
        ]}
      />
      <DataTable<Service>
        caption={m.messaging_page_services()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/messaging/services/$id', params: { id: row.id } })}
        columns={columns()}
        empty={
          <EmptyState icon="building" title={m.messaging_services_none()} action={add}>
            {m.messaging_services_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

function columns(): Column<Service>[] {
  return [
    { key: 'name', header: m.messaging_service_name(), isName: true, cell: (row) => row.name },
    {
      key: 'state',
      header: m.messaging_state(),
      cell: (row) => <StatusBadge {...serviceStateWord(row.state)} />,
    },
    {
      key: 'contact',
      header: m.messaging_contact_numbers(),
      priority: 2,
      cell: (row) => <Listed values={row.contactNumbers} />,
    },
    {
      key: 'hosts',
      header: m.messaging_link_hosts(),
      priority: 3,
      cell: (row) =>
        row.linkHosts.length === 0 ? m.messaging_no_links() : <Listed values={row.linkHosts} />,
    },
    {
      key: 'hours',
      header: m.messaging_hours(),
      priority: 3,
      cell: (row) => <span className="x-numbers">{hoursOf(row)}</span>,
    },
    {
      key: 'team',
      header: m.messaging_team_numbers(),
      numeric: true,
      priority: 3,
      cell: (row) => count(row.teamNumbers),
    },
  ];
}

/** The first two of some, and how many more there are. */
function Listed({ values }: { readonly values: readonly string[] }) {
  if (values.length === 0) return <span className="x-muted">—</span>;
  const more = values.length - 2;
  return (
    <>
      <span className="x-numbers">{listed(values.slice(0, 2))}</span>
      {more > 0 ? <small className="ms-sub">{m.messaging_and_more({ count: more })}</small> : null}
    </>
  );
}

/** 08:00–21:00. */
export function hoursOf({ sendFrom, sendUntil }: Pick<Service, 'sendFrom' | 'sendUntil'>): string {
  return `${sendFrom.slice(0, 5)}–${sendUntil.slice(0, 5)}`;
}
