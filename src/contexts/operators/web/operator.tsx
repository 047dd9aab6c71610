import './operators.css';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { m } from 'virtual:messages';
import {
  AppLink,
  call,
  CopyButton,
  count,
  EmptyState,
  ErrorState,
  Loading,
  PageHeader,
  Section,
  useMay,
  useUrlState,
} from '#web/index';
import { routes, type OperatorDetail } from '../contract.ts';
import { endOfDay } from './days.ts';
import { MatchCard } from './match-card.tsx';
import { OperatorFacts } from './operator-facts.tsx';
import { OperatorHeader } from './operator-header.tsx';
import { OperatorFindings, OperatorTimeline } from './operator-parts.tsx';
import { Recomputed } from './recomputed.tsx';
import { operatorSearch } from './search-schemas.ts';
import { useParam } from './use-param.ts';

/** All that is on file about one operator. */
export default function OperatorPage() {
  const ubn = useParam('ubn');
  const [search, setSearch] = useUrlState(operatorSearch);
  const { validOn, knownOn } = search;
  const query = { validOn, knownAt: knownOn === undefined ? undefined : endOfDay(knownOn) };
  const answer = useQuery({
    queryKey: [routes.getOperator.url, { ubn }, query],
    queryFn: ({ signal }) => call(routes.getOperator, { params: { ubn }, query }, { signal }),
    placeholderData: keepPreviousData,
  });
  const mayJudge = useMay('operators.judge');
  const back = { label: m.operators_page_operators(), to: '/operators' };
  if (answer.data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.operators_page_operator()} back={back} />
        {answer.error === null ? (
          <Loading rows={10} />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )}
      </div>
    );
  }
  const operator = answer.data;
  return (
    <div className="x-page">
      <PageHeader
        title={operator.name}
        back={back}
        actions={
          <>
            <CopyButton text={ubn} label={m.operators_copy_ubn()} />
            {mayJudge ? (
              <AppLink to="/operators/$ubn/declare" params={{ ubn }} className="x-button x-button--quiet">
                {m.operators_declare()}
              </AppLink>
            ) : null}
          </>
        }
      />
      <Recomputed run={search.run} before={search.before} />
      <OperatorHeader operator={operator} />
      <PartLinks operator={operator} />
      <Section title={m.operators_page_findings()} id="findings">
        <OperatorFindings findings={operator.findings} />
      </Section>
      <Section title={m.operators_matches_of()} lead={m.operators_matches_of_lead()} id="matches">
        {operator.matches.length === 0 ? (
          <div className="x-card">
            <EmptyState icon="link" title={m.operators_matches_of_none()} />
          </div>
        ) : (
          <ul className="op-matches">
            {operator.matches.map((match) => (
              <li key={match.key}>
                <MatchCard match={match} about={ubn} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={m.operators_facts()} lead={m.operators_facts_lead()} id="facts">
        <OperatorFacts facts={operator.facts} filter={{ values: search, onChange: setSearch }} />
      </Section>
      <Section title={m.operators_timeline()} id="timeline">
        <OperatorTimeline timeline={operator.timeline} />
      </Section>
    </div>
  );
}

/** The parts of the page with how much each holds. */
function PartLinks({ operator }: { readonly operator: OperatorDetail }) {
  const parts = [
    { id: 'findings', label: m.operators_page_findings(), size: operator.findings.length },
    { id: 'matches', label: m.operators_matches_of(), size: operator.matches.length },
    { id: 'facts', label: m.operators_facts(), size: operator.facts.length },
    { id: 'timeline', label: m.operators_timeline(), size: operator.timeline.length },
  ];
  return (
    <nav className="op-tabs x-no-print" aria-label={m.operators_parts()}>
      {parts.map((part) => (
        <a
          key={part.id}
          href={`#${part.id}`}
          className="op-tab"
          onClick={(event) => {
            event.preventDefault();
            document.getElementById(part.id)?.scrollIntoView({ block: 'start' });
          }}
        >
          {part.label}
          <span className="x-count">{count(part.size)}</span>
        </a>
      ))}
    </nav>
  );
}
