import { mailRoutes } from '#platform/mail/contract';
import { m } from 'virtual:messages';
import { useList } from '../client/list.ts';
import { DataTable } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { EmptyState } from '../components/states.tsx';

/** Mails that the sandbox would have sent, links and all. */
export default function InboxPage() {
  const list = useList(mailRoutes.readSandboxInbox, { query: { limit: 20 } }, { refetchMs: 5000 });
  return (
    <div className="x-page">
      <PageHeader title={m.page_inbox()} lead={m.inbox_lead()} />
      <DataTable
        caption={m.page_inbox()}
        list={list}
        rowKey={(mail) => mail.id}
        columns={[
          {
            key: 'subject',
            header: m.inbox_subject(),
            isName: true,
            cell: (mail) => (
              <details>
                <summary>{mail.subject}</summary>
                <pre className="x-mail">
                  <Linked text={mail.text} />
                </pre>
              </details>
            ),
          },
          { key: 'to', header: m.inbox_to(), priority: 2, cell: (mail) => mail.to },
          {
            key: 'at',
            header: m.audit_at(),
            priority: 2,
            cell: (mail) => <Instant at={mail.createdAt} ago />,
          },
        ]}
        empty={
          <EmptyState icon="mail" title={m.inbox_none()}>
            {m.inbox_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

/** A mail's text whose links to this site can be pressed; others stay text. */
function Linked({ text }: { readonly text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part, index) =>
    part.startsWith(`${location.origin}/`) ? (
      <a key={index} className="x-link" href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  );
}
