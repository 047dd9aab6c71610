import './messaging.css';
import { m } from 'virtual:messages';
import {
  DataTable,
  EmptyState,
  Instant,
  PageHeader,
  Section,
  useList,
  useSignedIn,
  type Column,
} from '#web/index';
import type { Version } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { batchColumns } from './batches.tsx';
import { useServiceNames } from './service-names.ts';

const REFRESH_MS = 5000;

/** What awaits a second person: sealed batches and submitted versions. */
export default function ApprovalsPage() {
  const services = useServiceNames();
  const viewer = useSignedIn();
  const batches = useList(
    routes.listBatches,
    { query: { state: 'sealed' } },
    { cursorName: 'batches', refetchMs: REFRESH_MS },
  );
  const versions = useList(
    routes.listVersions,
    { query: { state: 'submitted' } },
    { cursorName: 'versions', refetchMs: REFRESH_MS },
  );
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_approvals()} lead={m.messaging_approvals_lead()} />
      <Section title={m.messaging_page_batches()}>
        <DataTable<Batch>
          caption={m.messaging_page_batches()}
          list={batches}
          rowKey={(row) => row.id}
          rowTarget={(row) => ({ to: '/messaging/batches/$id', params: { id: row.id } })}
          columns={batchColumns(services)}
          empty={<EmptyState icon="check" title={m.messaging_no_batch_waits()} />}
        />
      </Section>
      <Section title={m.messaging_page_templates()}>
        <DataTable<Version>
          caption={m.messaging_page_templates()}
          list={versions}
          rowKey={(row) => row.id}
          rowTarget={(row) => ({ to: '/messaging/versions/$id', params: { id: row.id } })}
          columns={versionColumns(viewer.person?.id ?? '')}
          empty={<EmptyState icon="check" title={m.messaging_no_version_waits()} />}
        />
      </Section>
    </div>
  );
}

function versionColumns(me: string): Column<Version>[] {
  return [
    { key: 'service', header: m.messaging_service(), isName: true, cell: (row) => row.serviceName },
    {
      key: 'body',
      header: m.messaging_body(),
      cell: (row) => <span className="ms-clamp">{row.body}</span>,
    },
    {
      key: 'at',
      header: m.messaging_submitted_at(),
      priority: 2,
      cell: (row) => <Instant at={row.submittedAt} ago />,
    },
    {
      key: 'who',
      header: m.messaging_who_decides(),
      priority: 3,
      cell: (row) =>
        [row.createdBy, row.submittedBy].includes(me)
          ? m.messaging_another_decides()
          : m.messaging_you_may_decide(),
    },
  ];
}
