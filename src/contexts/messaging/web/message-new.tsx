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
  // A version for batches is for batches alone.
  const versions = (data?.items ?? []).filter((version) => version.class !== 'batch');
  const chosen = versions.find(({ id }) => id === search.version) ?? versions[0];
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
            title={m.messaging_none_for_singles()}
            action={<ButtonLink to="/messaging/templates">{m.messaging_page_templates()}</ButtonLink>}
          >
            {m.messaging_none_for_singles_text()}
          </EmptyState>
        </div>
      ) : (
        <>
          <VersionSelect
            versions={versions}
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
