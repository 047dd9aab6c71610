import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { EmptyState, PageHeader, Section, StatusBadge, useAct, useAnswer, usePathValue } from '#web/index';
import { routes } from '../contract.ts';
import { useAgencyNames } from './agency-names.ts';
import { DecisionForm } from './decision-form.tsx';
import { Phone } from './phone.tsx';
import { VersionFacts } from './version-facts.tsx';
import { WaitingPage } from './waiting-page.tsx';
import { versionStateWord } from './words.ts';

/** The ministry decides on the first template of an agency. */
export default function AgencyVersionPage() {
  const id = usePathValue('id');
  const nameOf = useAgencyNames();
  const act = useAct();
  const navigate = useNavigate();
  const answer = useAnswer(routes.listVersionsToDecide, { query: { limit: 200 } });
  const back = { label: m.messaging_page_agencies(), to: '/messaging/agencies' };
  if (answer.data === undefined)
    return <WaitingPage title={m.messaging_version()} back={back} answer={answer} />;
  const version = answer.data.items.find((one) => one.id === id);
  if (version === undefined) return <EmptyState icon="check" title={m.messaging_decided_already()} />;
  return (
    <div className="x-page">
      <PageHeader
        title={m.messaging_first_template_of({ name: nameOf(version.organisationId) })}
        back={back}
        lead={<StatusBadge {...versionStateWord(version.state)} />}
      />
      <div className="ms-beside">
        <div className="x-stack">
          <Section title={m.messaging_decide()} lead={m.messaging_ministry_decide_lead()}>
            <DecisionForm
              onDecide={async (body) => {
                await act(routes.decideAsMinistry, { params: { id }, body });
                await navigate({ to: back.to });
              }}
            />
          </Section>
          <VersionFacts version={version} />
        </div>
        <aside className="ms-beside__phone" aria-label={m.messaging_preview_label()}>
          <Phone
            label={m.messaging_preview_label()}
            bubbles={[{ text: `${version.serviceName}\uFF1A${version.body}${version.contactNumber}` }]}
          />
          <p className="x-muted ms-lead">{m.messaging_shown_with_fields()}</p>
        </aside>
      </div>
    </div>
  );
}
