import { m } from 'virtual:messages';
import { AppLink, StatusBadge, SummaryList, Ubn, useMay } from '#web/index';
import type { MatchRow } from '../contract.ts';
import { fieldLabel } from './field-labels.ts';
import { firmsOf, rowTitle } from './match-firms.ts';
import { CellPairs, CellValue } from './values.tsx';
import { outcomeWord, sourceWord, tierWord, verdictWord } from './words.ts';

/** A row and the firms it may belong to, side by side, with what the matching looked at. */
export function MatchComparison({ match }: { readonly match: MatchRow }) {
  const firms = firmsOf(match);
  const { explanation } = match;
  return (
    <div className="op-compare">
      <section className="x-card x-card--padded" aria-label={m.operators_given_row()}>
        <h2>{m.operators_given_row()}</h2>
        <p className="op-compare__name">{rowTitle(match) || m.operators_nameless()}</p>
        <p className="x-muted">
          {sourceWord(match.row.source).label}
          {m.operators_colon()}
          {m.operators_file_row({ file: match.row.file, row: match.row.row })}
        </p>
        <SummaryList
          items={Object.entries(match.row.values)
            .filter(([, value]) => value !== null)
            .map(([key, value]) => ({
              label: fieldLabel(key),
              value: <CellValue name={key} value={value} />,
            }))}
        />
      </section>
      <section className="x-card x-card--padded" aria-label={m.operators_firms()}>
        <h2>{m.operators_firms()}</h2>
        {firms.length === 0 ? <p className="x-muted">{m.operators_firms_none()}</p> : null}
        <ol className="op-firms">
          {firms.map((firm) => (
            <li key={firm.ubn}>
              <p className="op-compare__name">
                <AppLink to="/operators/$ubn" params={{ ubn: firm.ubn }}>
                  {firm.name}
                </AppLink>{' '}
                {firm.gone ? <StatusBadge tone="danger" label={m.operators_class_gone()} /> : null}
              </p>
              <p>
                <Ubn value={firm.ubn} />
                {firm.score === null ? null : (
                  <span className="x-muted x-numbers">
                    {' '}
                    {m.operators_likeness({ score: firm.score.toFixed(2) })}
                  </span>
                )}
              </p>
              {firm.address === null ? null : <p className="x-muted">{firm.address}</p>}
            </li>
          ))}
        </ol>
      </section>
      {explanation === null ? null : (
        <section className="x-card x-card--padded op-compare__why" aria-label={m.operators_why_matched()}>
          <h2>{m.operators_why_matched()}</h2>
          <p>
            {tierWord(explanation.tier).label}
            <span className="x-muted x-numbers">
              {' '}
              {m.operators_likeness({ score: explanation.score.toFixed(2) })}
            </span>
          </p>
          <CellPairs values={explanation.features} />
          {explanation.runnerUp === null ? null : (
            <p className="x-muted">
              {m.operators_runner_up({
                name: explanation.runnerUp.name,
                score: explanation.runnerUp.score.toFixed(2),
              })}
            </p>
          )}
        </section>
      )}
    </div>
  );
}

/** A match in a few lines, for an operator's page; `about` is that operator. */
export function MatchCard({ match, about }: { readonly match: MatchRow; readonly about: string }) {
  const mayJudge = useMay('operators.judge');
  const outcome = outcomeWord(match.outcome);
  const isTied = match.ubn === about;
  return (
    <article className="x-card x-card--padded op-matchcard">
      <div className="x-row">
        <strong>{rowTitle(match) || m.operators_nameless()}</strong>
        <StatusBadge tone={outcome.tone} label={outcome.label} />
        {isTied ? null : <span className="x-muted">{m.operators_only_candidate()}</span>}
        {match.judgement === null ? null : <Judged match={match} />}
      </div>
      <p className="x-muted">
        {sourceWord(match.row.source).label}
        {m.operators_colon()}
        {m.operators_file_row({ file: match.row.file, row: match.row.row })}
        {match.explanation === null ? null : (
          <>
            {' · '}
            {tierWord(match.explanation.tier).label}{' '}
            {m.operators_likeness({ score: match.explanation.score.toFixed(2) })}
          </>
        )}
      </p>
      <CellPairs values={match.row.values} without={['name']} />
      <p>
        <AppLink to="/matches/judge" search={{ key: match.key }}>
          {mayJudge ? m.operators_compare_and_judge() : m.operators_compare_only()}
        </AppLink>
      </p>
    </article>
  );
}

/** The judgement in force on a match. */
export function Judged({ match }: { readonly match: MatchRow }) {
  if (match.judgement === null) return null;
  const verdict = verdictWord(match.judgement.verdict);
  return <StatusBadge tone={verdict.tone} label={m.operators_judged_as({ verdict: verdict.label })} />;
}
