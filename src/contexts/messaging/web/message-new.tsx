import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { ButtonLink, EmptyState, Loading, PageHeader, useAnswer, useMay, useUrlState } from '#web/index';
import { routes } from '../contract.ts';
import { MessageForm } from './message-form.tsx';
import { newMessageSearch } from './search-schemas.ts';
import { VersionSelect } from './version-select.tsx';

/** One text to one number, by an approved version. */
export default function MessageNewPage() {
  const [search, setSearch] = useUrlState(newMessageSearch);
  const [first] = useState(search.version);
  const mayAll = useMay('messaging.send');
  const navigate = useNavigate();
  const { data } = useAnswer(routes.listVersions, { query: { state: 'approved', limit: 200 } });
  const back = { label: m.messaging_page_messages(), to: '/messaging/messages' };
  const chosen = data?.items.find(({ id }) => id === search.version) ?? data?.items[0];
  return (
    <div className="x-page">
      <PageHeader
        title={m.messaging_page_message_new()}
        lead={mayAll ? m.messaging_message_new_lead() : m.messaging_message_team_lead()}
        back={back}
      />
      {data === undefined ? (
        <Loading />
      ) : chosen === undefined ? (
        <div className="x-card">
          <EmptyState
            icon="text"
            title={m.messaging_none_approved()}
            action={<ButtonLink to="/messaging/templates">{m.messaging_page_templates()}</ButtonLink>}
          >
            {m.messaging_templates_none_text()}
          </EmptyState>
        </div>
      ) : (
        <>
          <VersionSelect
            versions={data.items}
            value={chosen.id}
            onChoose={(version) => setSearch({ version }, { replace: first === undefined })}
          />
          <MessageForm
            key={chosen.id}
            version={chosen}
            onSent={(id) => navigate({ to: '/messaging/messages/$id', params: { id } })}
          />
        </>
      )}
    </div>
  );
}
