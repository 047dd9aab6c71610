import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { notificationsRoutes } from '#platform/notifications/contract';
import { m } from 'virtual:messages';
import { call } from '../client/call.ts';
import { pick } from '../client/language.ts';
import { useAnswer } from '../client/use-answer.ts';
import { relative } from '../components/format.ts';
import { Icon } from '../components/icon.tsx';
import { consolePath } from './console-path.ts';
import { useMay } from './viewer.tsx';

/** How often the number of unread ones is asked for. */
const POLL_MS = 30_000;

/** What happened that the person should know; the number counts what is unread. */
export function NotificationBell() {
  return useMay('notifications.read') ? <Bell /> : null;
}

function Bell() {
  const client = useQueryClient();
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const unread = useAnswer(notificationsRoutes.countUnread, {}, { refetchMs: POLL_MS }).data?.unread ?? 0;
  const latest = useAnswer(
    notificationsRoutes.listNotifications,
    { query: { limit: 8 } },
    { enabled: isOpen },
  );
  const refresh = (): Promise<void> =>
    client.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).startsWith('/api/v1/notifications'),
    });
  const open = (id: string, link: string | null) => async () => {
    await call(notificationsRoutes.markNotificationRead, { params: { id } });
    await refresh();
    if (link !== null) router.history.push(consolePath(link));
  };
  const readAll = async (): Promise<void> => {
    await call(notificationsRoutes.markAllNotificationsRead, {});
    await refresh();
  };
  return (
    <Menu position="bottom-end" width={360} opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <button type="button" className="x-bar__button" aria-label={m.notifications_bell({ count: unread })}>
          <Icon name="bell" size={18} />
          {unread > 0 ? (
            <span className="x-bar__count x-bar__count--alert">{unread > 99 ? '99+' : unread}</span>
          ) : null}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{m.page_notifications()}</Menu.Label>
        {latest.data?.items.length === 0 ? <p className="x-tray__empty">{m.notifications_none()}</p> : null}
        {(latest.data?.items ?? []).map((item) => (
          <Menu.Item
            key={item.id}
            leftSection={<Icon name={item.read ? 'check' : 'dot'} size={16} />}
            onClick={() => void open(item.id, item.link)()}
          >
            <span className="x-tray__row">
              <span>{item.read ? pick(item.text) : <strong>{pick(item.text)}</strong>}</span>
              <span className="x-muted">{relative(item.createdAt)}</span>
            </span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={unread === 0} onClick={() => void readAll()}>
          {m.notifications_read_all()}
        </Menu.Item>
        <Menu.Item onClick={() => router.history.push(consolePath('/notifications'))}>
          {m.notifications_all()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
