import { requestLogRoutes } from '#platform/http/request-log-contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useList } from '../client/list.ts';
import { oneOf, text } from '../client/search-params.ts';
import { useUrlState } from '../client/url-state.ts';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { duration } from '../components/format.ts';
import { PageHeader } from '../components/page-header.tsx';
import { EmptyState } from '../components/states.tsx';
import { HttpStatus } from './http-status.tsx';

type Row = AnswerOf<typeof requestLogRoutes.listRequests>['items'][number];

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const classes = ['2xx', '3xx', '4xx', '5xx'] as const;
const schema = {
  method: oneOf(...methods),
  status: oneOf(...classes),
  route: text(),
  requestId: text(60),
  actorId: text(80),
};

const columns = (): readonly Column<Row>[] => [
  {
    key: 'path',
    header: m.request_path(),
    isName: true,
    cell: (row) => (
      <span className="x-code">
        {row.method} {row.path}
      </span>
    ),
  },
  { key: 'status', header: m.request_status(), cell: (row) => <HttpStatus status={row.status} /> },
  {
    key: 'error',
    header: m.request_error(),
    priority: 2,
    cell: (row) => (row.errorCode === null ? '' : <span className="x-code">{row.errorCode}</span>),
  },
  {
    key: 'duration',
    header: m.request_duration(),
    priority: 2,
    numeric: true,
    cell: (row) => duration(row.durationMs),
  },
  {
    key: 'by',
    header: m.request_by(),
    priority: 3,
    cell: (row) => <span className="x-code">{row.actorId}</span>,
  },
  { key: 'at', header: m.audit_at(), priority: 2, cell: (row) => <Instant at={row.at} /> },
];

/** Calls of the last 30 days, values masked. */
export default function RequestsPage() {
  const [search, setSearch] = useUrlState(schema);
  const list = useList(requestLogRoutes.listRequests, { query: search });
  return (
    <div className="x-page">
      <PageHeader title={m.page_requests()} lead={m.requests_lead()} />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'method',
            label: m.request_method(),
            options: methods.map((method) => ({ value: method, label: method })),
          },
          {
            kind: 'select',
            name: 'status',
            label: m.request_status(),
            options: classes.map((one) => ({ value: one, label: one })),
          },
          { kind: 'text', name: 'requestId', label: m.problem_request_id(), placeholder: 'req_…' },
          { kind: 'text', name: 'actorId', label: m.request_by() },
        ]}
      />
      <DataTable
        caption={m.page_requests()}
        columns={columns()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/developer/requests/$id', params: { id: row.id } })}
        empty={
          <EmptyState icon="log" title={m.requests_none()}>
            {m.requests_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}
