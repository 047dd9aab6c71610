import './messaging.css';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  count,
  DataTable,
  EmptyState,
  FilterBar,
  Instant,
  PageHeader,
  StatusBadge,
  useList,
  useLocalViews,
  useMay,
  useUrlState,
  type Column,
} from '#web/index';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { batchesSearch } from './search-schemas.ts';
import { useServiceNames, type ServiceNames } from './service-names.ts';
import { batchStates, batchStateWord, optionsOf } from './words.ts';

const REFRESH_MS = 4000;

/** The batches of the agency, newest first. */
export default function BatchesPage() {
  const [search, setSearch] = useUrlState(batchesSearch);
  const services = useServiceNames();
  const views = useLocalViews('messaging.batches');
  const maySend = useMay('messaging.send');
  const list = useList(routes.listBatches, { query: search }, { refetchMs: REFRESH_MS });
  const add = maySend ? (
    <ButtonLink to="/messaging/batches/new" kind="primary">
      {m.messaging_page_batch_new()}
    </ButtonLink>
  ) : null;
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_batches()} lead={m.messaging_batches_lead()} actions={add} />
      <FilterBar
        values={search}
        onChange={setSearch}
        views={views}
        filters={[
          {
            kind: 'select',
            name: 'state',
            label: m.messaging_state(),
            options: optionsOf(batchStates, batchStateWord),
          },
          {
            kind: 'select',
            name: 'serviceId',
            label: m.messaging_service(),
            options: services.list.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]}
      />
      <DataTable<Batch>
        caption={m.messaging_page_batches()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/messaging/batches/$id', params: { id: row.id } })}
        columns={batchColumns(services)}
        empty={
          <EmptyState icon="mail" title={m.messaging_batches_none()} action={add}>
            {m.messaging_batches_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

/** What a table of batches shows. */
export function batchColumns(services: ServiceNames): Column<Batch>[] {
  return [
    { key: 'name', header: m.messaging_batch_name(), isName: true, cell: (row) => row.name },
    {
      key: 'state',
      header: m.messaging_state(),
      cell: (row) => <StatusBadge {...batchStateWord(row.state)} />,
    },
    {
      key: 'service',
      header: m.messaging_service(),
      priority: 2,
      cell: (row) => services.nameOf(row.serviceId),
    },
    {
      key: 'rows',
      header: m.messaging_recipients(),
      numeric: true,
      priority: 2,
      cell: (row) => count(row.rows),
    },
    {
      key: 'parts',
      header: m.messaging_parts(),
      numeric: true,
      priority: 3,
      cell: (row) => count(row.parts),
    },
    {
      key: 'sendAt',
      header: m.messaging_send_at(),
      priority: 3,
      cell: (row) => (row.sendAt === null ? m.messaging_at_approval() : <Instant at={row.sendAt} />),
    },
    {
      key: 'created',
      header: m.messaging_created_at(),
      priority: 3,
      cell: (row) => <Instant at={row.createdAt} />,
    },
  ];
}
