import './messaging.css';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  DataTable,
  EmptyState,
  FilterBar,
  Instant,
  PageHeader,
  StatusBadge,
  useList,
  useMay,
  useUrlState,
  type Column,
} from '#web/index';
import type { MessageRow } from '../accept/messages-contract.ts';
import { routes } from '../contract.ts';
import { messagesSearch } from './search-schemas.ts';
import { useServiceNames, type ServiceNames } from './service-names.ts';
import { causeWord, classWord, endings, messageStateWord, telecomWord } from './words.ts';

const REFRESH_MS = 4000;

/** Single texts, newest first; states follow by themselves while one is under way. */
export default function MessagesPage() {
  const [search, setSearch] = useUrlState(messagesSearch);
  const services = useServiceNames();
  const maySend = useMay('messaging.send-team');
  const list = useList(routes.listMessages, { query: search }, { refetchMs: REFRESH_MS });
  return (
    <div className="x-page">
      <PageHeader
        title={m.messaging_page_messages()}
        lead={m.messaging_messages_lead()}
        actions={
          maySend ? (
            <ButtonLink to="/messaging/messages/new" kind="primary">
              {m.messaging_page_message_new()}
            </ButtonLink>
          ) : null
        }
      />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'serviceId',
            label: m.messaging_service(),
            options: services.list.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]}
      />
      <DataTable<MessageRow>
        caption={m.messaging_page_messages()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/messaging/messages/$id', params: { id: row.id } })}
        columns={columns(services)}
        empty={
          <EmptyState
            icon="text"
            title={m.messaging_messages_none()}
            action={
              maySend ? (
                <ButtonLink to="/messaging/messages/new">{m.messaging_page_message_new()}</ButtonLink>
              ) : null
            }
          >
            {m.messaging_messages_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

function columns(services: ServiceNames): Column<MessageRow>[] {
  return [
    {
      key: 'service',
      header: m.messaging_service(),
      isName: true,
      cell: (row) => services.nameOf(row.serviceId),
    },
    {
      key: 'state',
      header: m.messaging_state(),
      cell: (row) => (
        <>
          <StatusBadge {...messageStateWord(row.state)} />
          {row.cause === null ? null : <small className="ms-sub">{causeWord(row.cause)}</small>}
        </>
      ),
    },
    { key: 'accepted', header: m.messaging_accepted_at(), cell: (row) => <Instant at={row.acceptedAt} /> },
    {
      key: 'ended',
      header: m.messaging_ended_at(),
      priority: 2,
      cell: (row) => (endings.some((ending) => ending === row.state) ? <Instant at={row.endedAt} /> : '—'),
    },
    {
      key: 'telecom',
      header: m.messaging_telecom(),
      priority: 2,
      cell: (row) => telecomWord(row.telecom).label,
    },
    { key: 'class', header: m.messaging_class(), priority: 3, cell: (row) => classWord(row.class).label },
    {
      key: 'id',
      header: m.messaging_id(),
      priority: 3,
      cell: (row) => <code className="x-code x-id">{row.id}</code>,
    },
  ];
}
