import './operators.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  count,
  DataTable,
  EmptyState,
  ErrorState,
  FilterBar,
  Instant,
  Loading,
  PageHeader,
  pick,
  RocDate,
  Section,
  SummaryList,
  Timeline,
  useAnswer,
  useMay,
  useUrlState,
} from '#web/index';
import type { AnswerOf } from '#platform/http/contract';
import { routes } from '../contract.ts';
import { SeverityMark } from './marks.tsx';
import { Recomputed } from './recomputed.tsx';
import { useRun } from './run-data.ts';
import { partLabel, partReason } from './score-parts.tsx';
import { rulesSearch } from './search-schemas.ts';
import { staticList } from './static-list.ts';

type Pack = AnswerOf<typeof routes.getRulePack>;

/** The rule pack in force on a day: rules with their law, thresholds, weights with their history. */
export default function RulesPage() {
  const [search, setSearch] = useUrlState(rulesSearch);
  const newest = useRun(undefined);
  const asOf = search.asOf ?? newest.data?.asOf;
  const pack = useAnswer(
    routes.getRulePack,
    { query: { asOf } },
    { enabled: search.asOf !== undefined || !newest.isPending },
  );
  const mayChange = useMay('operators.rules');
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_rules()}
        lead={m.operators_rules_lead()}
        actions={
          mayChange ? (
            <AppLink to="/rules/weights" className="x-button x-button--primary">
              {m.operators_page_weights()}
            </AppLink>
          ) : null
        }
      />
      <Recomputed run={search.run} before={search.before} />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[{ kind: 'day', name: 'asOf', label: m.operators_rules_on() }]}
      />
      {pack.data === undefined ? (
        pack.error === null ? (
          <Loading rows={10} />
        ) : (
          <ErrorState error={pack.error} retry={() => void pack.refetch()} />
        )
      ) : (
        <PackInForce pack={pack.data} />
      )}
    </div>
  );
}

function PackInForce({ pack }: { readonly pack: Pack }) {
  return (
    <>
      <div className="x-card x-card--padded">
        <h2 className="op-packtitle">{pick(pack.title)}</h2>
        <SummaryList
          items={[
            { label: m.operators_pack(), value: <code className="x-code">{pack.id}</code> },
            { label: m.operators_valid_from(), value: <RocDate day={pack.validFrom} /> },
            {
              label: m.operators_valid_to(),
              value: pack.validTo === null ? m.operators_still_valid() : <RocDate day={pack.validTo} />,
            },
            ...Object.entries(pack.thresholds).map(([name, value]) => ({
              label: thresholds[name]?.() ?? name,
              value: <span className="x-numbers">{count(value)}</span>,
            })),
          ]}
        />
      </div>
      <Section title={m.operators_rules()}>
        <DataTable<Pack['rules'][number]>
          caption={m.operators_rules()}
          list={staticList(pack.rules)}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'rule',
              header: m.operators_rule(),
              isName: true,
              cell: (row) => (
                <>
                  <AppLink to="/findings" search={{ rule: row.id, state: 'all' }}>
                    {pick(row.title)}
                  </AppLink>
                  <small className="op-sub">
                    <code className="x-code">{row.id}</code>
                  </small>
                </>
              ),
            },
            {
              key: 'severity',
              header: m.operators_severity(),
              cell: (row) => <SeverityMark severity={row.severity} />,
            },
            {
              key: 'law',
              header: m.operators_law_title(),
              priority: 2,
              cell: (row) => (
                <ul className="op-lawlist">
                  {row.law.map((basis) => (
                    <li key={`${basis.law}${basis.article}`}>
                      {basis.law} {basis.article}
                      <small className="op-sub">{basis.text}</small>
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
          empty={<EmptyState icon="scale" title={m.operators_rules_none()} />}
        />
      </Section>
      <div className="op-columns">
        <Section title={m.operators_weights()} lead={m.operators_weights_lead()}>
          <Weights weights={pack.weights} />
        </Section>
        <Section title={m.operators_weights_history()}>
          <div className="x-card x-card--padded">
            {pack.history.length === 0 ? (
              <p className="x-muted">{m.operators_weights_never()}</p>
            ) : (
              <Timeline
                label={m.operators_weights_history()}
                items={pack.history.map((entry, index) => ({
                  key: `${entry.at}.${index}`,
                  when: <Instant at={entry.at} ago />,
                  what: entry.reason,
                  detail: (
                    <>
                      {Object.entries(entry.weights)
                        .map(([part, weight]) => `${partLabel(part)} ${weight}`)
                        .join(m.list_separator())}
                      <br />
                      <code className="x-code">{entry.by}</code>
                    </>
                  ),
                }))}
              />
            )}
          </div>
        </Section>
      </div>
    </>
  );
}

const thresholds: Readonly<Record<string, () => string>> = {
  large: () => m.operators_threshold_large(),
  minQuarters: () => m.operators_threshold_quarters(),
};

function Weights({ weights }: { readonly weights: Pack['weights'] }) {
  const most = Math.max(1, ...Object.values(weights));
  return (
    <div className="x-card x-card--padded op-parts">
      <dl>
        {Object.entries(weights).map(([part, weight]) => (
          <div key={part}>
            <dt>
              {partLabel(part)}
              <span className="x-numbers">{weight}</span>
            </dt>
            <dd>
              <span className="op-parts__track" aria-hidden="true">
                <span style={{ width: `${(weight / most) * 100}%` }} />
              </span>
              <span className="x-muted">{partReason(part)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
