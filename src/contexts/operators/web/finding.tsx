import './operators.css';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  AppLink,
  ErrorState,
  Loading,
  Notice,
  PageHeader,
  pick,
  problemText,
  RocDate,
  Section,
  SummaryList,
  Timeline,
  Ubn,
  useAct,
  useAnswer,
  useMay,
} from '#web/index';
import { routes, type FindingDetail } from '../contract.ts';
import { EvidenceTable } from './evidence.tsx';
import { fieldLabel } from './field-labels.ts';
import { historyItems } from './finding-history.tsx';
import { FindingStateMark, SeverityMark } from './marks.tsx';
import { ScoreParts } from './score-parts.tsx';
import { CellValue } from './values.tsx';
import { useParam } from './use-param.ts';

/** One finding: what holds, why it stands where it stands, the rows that prove it, the law, and what became of it. */
export default function FindingPage() {
  const id = useParam('id');
  const answer = useAnswer(routes.getFinding, { params: { id } });
  const back = { label: m.operators_page_findings(), to: '/findings' };
  if (answer.data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.operators_page_finding()} back={back} />
        {answer.error === null ? (
          <Loading />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )}
      </div>
    );
  }
  const finding = answer.data;
  return (
    <div className="x-page">
      <PageHeader title={pick(finding.title)} back={back} actions={<Acts finding={finding} />} />
      <div className="op-head x-card x-card--padded">
        <div className="x-row">
          <SeverityMark severity={finding.severity} />
          <FindingStateMark state={finding.state} />
        </div>
        <p className="op-head__text">{pick(finding.text)}</p>
        {finding.dismissedReason === null ? null : (
          <Notice title={m.operators_dismissed_because()}>{finding.dismissedReason}</Notice>
        )}
        <SummaryList
          items={[
            { label: m.operators_who(), value: <Who finding={finding} /> },
            { label: m.operators_first_seen(), value: <RocDate day={finding.firstSeenOn} /> },
            { label: m.operators_still_true(), value: <RocDate day={finding.stillTrueOn} /> },
          ]}
        />
      </div>
      <div className="op-columns">
        <Section title={m.operators_score_title()} lead={m.operators_score_lead()}>
          <ScoreParts score={finding.score} parts={finding.scoreParts} />
        </Section>
        <Section title={m.operators_facts_title()}>
          <div className="x-card x-card--padded">
            <SummaryList
              items={Object.entries(finding.facts).map(([key, value]) => ({
                label: fieldLabel(key),
                value: <CellValue name={key} value={value} />,
              }))}
            />
          </div>
        </Section>
      </div>
      <Section title={m.operators_evidence_title()} lead={m.operators_evidence_lead()}>
        <EvidenceTable rows={finding.evidence} />
      </Section>
      <div className="op-columns">
        <Section title={m.operators_law_title()}>
          <ul className="x-card op-laws">
            {finding.law.map((basis) => (
              <li key={`${basis.law}${basis.article}`}>
                <strong>
                  {basis.law} {basis.article}
                </strong>
                <p>{basis.text}</p>
              </li>
            ))}
          </ul>
        </Section>
        <Section title={m.operators_history_title()}>
          <div className="x-card x-card--padded">
            <Timeline label={m.operators_history_title()} items={historyItems(finding.history)} />
          </div>
        </Section>
      </div>
    </div>
  );
}

function Who({ finding }: { readonly finding: FindingDetail }) {
  if (finding.ubn === null) {
    return (
      <span>
        {finding.name} <span className="x-muted">{m.operators_not_identified()}</span>
      </span>
    );
  }
  return (
    <span>
      <AppLink to="/operators/$ubn" params={{ ubn: finding.ubn }}>
        {finding.name}
      </AppLink>{' '}
      <Ubn value={finding.ubn} />
    </span>
  );
}

function Acts({ finding }: { readonly finding: FindingDetail }) {
  const act = useAct();
  const mayJudge = useMay('operators.judge');
  const [problem, setProblem] = useState<string | null>(null);
  if (!mayJudge || finding.state === 'resolved') return null;
  if (finding.state === 'open') {
    return (
      <AppLink to="/findings/$id/dismiss" params={{ id: finding.id }} className="x-button x-button--quiet">
        {m.operators_dismiss()}
      </AppLink>
    );
  }
  return (
    <>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <Button
        variant="default"
        onClick={() => {
          act(routes.reopenFinding, { params: { id: finding.id } }).then(
            () => setProblem(null),
            (error: unknown) => setProblem(problemText(error as Error)),
          );
        }}
      >
        {m.operators_reopen()}
      </Button>
    </>
  );
}
