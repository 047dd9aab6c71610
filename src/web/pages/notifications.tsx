import { Button } from '@mantine/core';
import { notificationsRoutes } from '#platform/notifications/contract';
import { m } from 'virtual:messages';
import { consolePath } from '../app/console-path.ts';
import { pick } from '../client/language.ts';
import { useList } from '../client/list.ts';
import { oneOf } from '../client/search-params.ts';
import { useUrlState } from '../client/url-state.ts';
import { useAct } from '../client/use-answer.ts';
import { DataTable } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { EmptyState } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';

const schema = { unread: oneOf('true') };

/** All notices to the person, newest first. */
export default function NotificationsPage() {
  const [search, setSearch] = useUrlState(schema);
  const act = useAct();
  const list = useList(notificationsRoutes.listNotifications, {
    query: { unread: search.unread === undefined ? undefined : true },
  });
  return (
    <div className="x-page">
      <PageHeader
        title={m.page_notifications()}
        actions={
          <Button
            variant="default"
            onClick={() => void act(notificationsRoutes.markAllNotificationsRead, {})}
          >
            {m.notifications_read_all()}
          </Button>
        }
      />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'unread',
            label: m.field_state(),
            options: [{ value: 'true', label: m.notification_unread() }],
          },
        ]}
      />
      <DataTable
        caption={m.page_notifications()}
        list={list}
        rowKey={(item) => item.id}
        rowTarget={(item) =>
          item.link === null ? null : { to: consolePath(item.link).slice('/console'.length) }
        }
        columns={[
          { key: 'text', header: m.notification_text(), isName: true, cell: (item) => pick(item.text) },
          {
            key: 'state',
            header: m.field_state(),
            cell: (item) =>
              item.read ? (
                <StatusBadge tone="neutral" icon="check" label={m.notification_read()} />
              ) : (
                <StatusBadge tone="info" icon="dot" label={m.notification_unread()} />
              ),
          },
          {
            key: 'at',
            header: m.audit_at(),
            priority: 2,
            cell: (item) => <Instant at={item.createdAt} ago />,
          },
        ]}
        empty={
          <EmptyState icon="bell" title={m.notifications_none()}>
            {m.notifications_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}
