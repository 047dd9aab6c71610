import './operators.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import {
  call,
  EmptyState,
  ErrorState,
  Loading,
  Notice,
  PageHeader,
  StatusBadge,
  useAct,
  useMay,
  useUrlState,
} from '#web/index';
import { routes, type MatchRow } from '../contract.ts';
import { JudgeForm, type Verdict } from './judge-form.tsx';
import { Judged, MatchComparison } from './match-card.tsx';
import { Recomputed } from './recomputed.tsx';
import { useRun } from './run-data.ts';
import { judgeSearch } from './search-schemas.ts';
import { outcomeWord } from './words.ts';

/** One match: the row and the firms side by side, and the form to judge it, on to the next. */
export default function JudgePage() {
  const [search] = useUrlState(judgeSearch);
  const { key = '' } = search;
  const answer = useQuery({
    queryKey: [routes.listMatches.url, 'one', key],
    queryFn: ({ signal }) => call(routes.listMatches, { query: { key, limit: 1 } }, { signal }),
  });
  const back = { label: m.operators_page_matches(), to: '/matches' };
  const [match] = answer.data?.items ?? [];
  return (
    <div className="x-page">
      <PageHeader title={m.operators_page_judge()} back={back} />
      <Recomputed run={search.run} before={search.before} />
      {answer.isPending ? <Loading rows={8} /> : null}
      {answer.error === null ? null : <ErrorState error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data !== undefined && match === undefined ? (
        <div className="x-card">
          <EmptyState icon="link" title={m.operators_match_gone()}>
            {m.operators_match_gone_text()}
          </EmptyState>
        </div>
      ) : null}
      {match === undefined ? null : <One key={match.key} match={match} />}
    </div>
  );
}

function One({ match }: { readonly match: MatchRow }) {
  const act = useAct();
  const navigate = useNavigate();
  const newest = useRun(undefined);
  const mayJudge = useMay('operators.judge');
  const outcome = outcomeWord(match.outcome);
  const judge = async (verdict: Verdict): Promise<void> => {
    const { verdict: said, ubn, reason, goesOn } = verdict;
    const { run } = await act(routes.createJudgement, {
      body: { matchKey: match.key, verdict: said, reason, ...(ubn !== '' && { ubn }) },
    });
    const after = { run: run.id, before: newest.data?.id };
    const next = goesOn ? await nextToJudge(match.key) : null;
    await (next === null
      ? navigate({ to: '/matches', search: after })
      : navigate({ to: '/matches/judge', search: { key: next, ...after } }));
  };
  return (
    <>
      <div className="x-row">
        <StatusBadge tone={outcome.tone} label={outcome.label} />
        <Judged match={match} />
        <span className="x-muted">{outcomeText(match.outcome)}</span>
      </div>
      <MatchComparison match={match} />
      {match.judgement === null ? null : (
        <Notice title={m.operators_judged_before()}>{match.judgement.reason}</Notice>
      )}
      {mayJudge ? <JudgeForm match={match} onJudge={judge} /> : null}
    </>
  );
}

function outcomeText(outcome: string): string {
  const texts: Readonly<Record<string, () => string>> = {
    conflict: () => m.operators_outcome_conflict_text(),
    ambiguous: () => m.operators_outcome_ambiguous_text(),
    'not-found': () => m.operators_outcome_not_found_text(),
    unsure: () => m.operators_outcome_unsure_text(),
    matched: () => m.operators_outcome_matched_text(),
  };
  return texts[outcome]?.() ?? '';
}

/** The first match that still waits; null when none does. */
async function nextToJudge(done: string): Promise<string | null> {
  const { items } = await call(routes.listMatches, { query: { toJudge: true, limit: 2 } });
  return items.find(({ key }) => key !== done)?.key ?? null;
}
