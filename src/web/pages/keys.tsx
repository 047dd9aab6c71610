import { authRoutes } from '#platform/auth/contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useList } from '../client/list.ts';
import { AppLink, ButtonLink } from '../components/app-link.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { roleLabel } from '../components/roles.ts';
import { EmptyState } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';

type Key = AnswerOf<typeof authRoutes.listKeys>['items'][number];

/** Whether a key still opens anything. */
export function KeyState({
  apiKey,
}: {
  readonly apiKey: Pick<Key, 'revokedAt' | 'expiresAt' | 'rotatedTo'>;
}) {
  if (apiKey.revokedAt !== null) return <StatusBadge tone="danger" label={m.key_revoked()} />;
  if (apiKey.expiresAt !== null && Date.parse(apiKey.expiresAt) < Date.now())
    return <StatusBadge tone="warning" label={m.key_expired()} />;
  if (apiKey.rotatedTo !== null) return <StatusBadge tone="warning" label={m.key_replaced()} />;
  return <StatusBadge tone="success" label={m.key_active()} />;
}

const columns = (): readonly Column<Key>[] => [
  {
    key: 'name',
    header: m.field_name(),
    isName: true,
    cell: (key) => (
      <>
        {key.name}
        <div className="x-code x-muted">{key.visiblePrefix}…</div>
      </>
    ),
  },
  { key: 'state', header: m.field_state(), cell: (key) => <KeyState apiKey={key} /> },
  {
    key: 'space',
    header: m.key_space(),
    priority: 2,
    cell: (key) => (
      <StatusBadge
        tone={key.space === 'test' ? 'warning' : 'accent'}
        icon="dot"
        label={key.space === 'test' ? m.space_test() : m.space_live()}
      />
    ),
  },
  {
    key: 'roles',
    header: m.field_roles(),
    priority: 3,
    cell: (key) => key.roles.map(roleLabel).join(m.list_separator()),
  },
  { key: 'used', header: m.key_last_used(), priority: 2, cell: (key) => <Instant at={key.lastUsedAt} ago /> },
  {
    key: 'acts',
    header: m.field_acts(),
    cell: (key) =>
      key.revokedAt === null ? (
        <span className="x-row">
          <AppLink
            to="/developer/keys/$id/rotate"
            params={{ id: key.id }}
            label={m.key_rotate_of({ name: key.name })}
          >
            {m.key_rotate()}
          </AppLink>
          <AppLink
            to="/developer/keys/$id/revoke"
            params={{ id: key.id }}
            label={m.key_revoke_of({ name: key.name })}
          >
            {m.key_revoke()}
          </AppLink>
        </span>
      ) : null,
  },
];

/** API keys of the organisation. */
export default function KeysPage() {
  const list = useList(authRoutes.listKeys, { query: {} });
  const create = (
    <ButtonLink to="/developer/keys/new" kind="primary">
      <Icon name="plus" size={16} />
      {m.key_create()}
    </ButtonLink>
  );
  return (
    <div className="x-page">
      <PageHeader title={m.page_keys()} lead={m.keys_lead()} actions={create} />
      <DataTable
        caption={m.page_keys()}
        columns={columns()}
        list={list}
        rowKey={(key) => key.id}
        empty={
          <EmptyState icon="key" title={m.keys_none()} action={create}>
            {m.keys_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}
