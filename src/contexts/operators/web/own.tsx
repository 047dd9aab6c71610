import './operators.css';
import { m } from 'virtual:messages';
import { ErrorState, Loading, Notice, PageHeader, Section, useAnswer } from '#web/index';
import { routes } from '../contract.ts';
import { OperatorFacts } from './operator-facts.tsx';
import { OperatorHeader } from './operator-header.tsx';
import { OperatorFindings, OperatorTimeline } from './operator-parts.tsx';

/** What the register holds about the firm of the person who looks: its entry, facts and open findings. */
export default function OwnPage() {
  const answer = useAnswer(routes.getOwnOperator, {});
  if (answer.data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.operators_page_own()} lead={m.operators_own_lead()} />
        {answer.error === null ? (
          <Loading rows={8} />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )}
      </div>
    );
  }
  const operator = answer.data;
  return (
    <div className="x-page">
      <PageHeader title={operator.name} lead={m.operators_own_lead()} />
      <OperatorHeader operator={operator} />
      <Notice>{m.operators_own_correct()}</Notice>
      <Section title={m.operators_own_findings()}>
        <OperatorFindings findings={operator.findings} own />
      </Section>
      <Section title={m.operators_facts()} lead={m.operators_facts_lead()}>
        <OperatorFacts facts={operator.facts} />
      </Section>
      <Section title={m.operators_timeline()}>
        <OperatorTimeline timeline={operator.timeline} />
      </Section>
    </div>
  );
}
