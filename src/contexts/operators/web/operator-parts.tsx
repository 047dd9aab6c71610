import { m } from 'virtual:messages';
import { DataTable, dayShort, EmptyState, pick, RocDate, Timeline, type Column } from '#web/index';
import type { FindingRow, OperatorDetail } from '../contract.ts';
import { FindingStateMark, ScoreBar, SeverityMark } from './marks.tsx';
import { staticList } from './static-list.ts';
import { sourceWord } from './words.ts';

/** The findings of one operator. An operator itself sees what holds, and not how the supervisor ranks it. */
export function OperatorFindings({
  findings,
  own = false,
}: {
  readonly findings: readonly FindingRow[];
  readonly own?: boolean;
}) {
  return (
    <DataTable<FindingRow>
      caption={m.operators_page_findings()}
      list={staticList(findings)}
      rowKey={(row) => row.id}
      {...(!own && { rowTarget: (row: FindingRow) => ({ to: '/findings/$id', params: { id: row.id } }) })}
      columns={columns(own)}
      empty={
        <EmptyState icon="check" title={m.operators_findings_clean()}>
          {m.operators_findings_clean_text()}
        </EmptyState>
      }
    />
  );
}

function columns(own: boolean): Column<FindingRow>[] {
  const what: Column<FindingRow> = {
    key: 'what',
    header: m.operators_what(),
    isName: true,
    cell: (row) => pick(row.title),
  };
  const rest: Column<FindingRow>[] = [
    { key: 'text', header: m.operators_description(), priority: 2, cell: (row) => pick(row.text) },
    {
      key: 'severity',
      header: m.operators_severity(),
      cell: (row) => <SeverityMark severity={row.severity} />,
    },
    {
      key: 'seen',
      header: m.operators_first_seen(),
      priority: 3,
      cell: (row) => <span className="op-nowrap">{dayShort(row.firstSeenOn)}</span>,
    },
    {
      key: 'state',
      header: m.operators_state(),
      priority: 2,
      cell: (row) => <FindingStateMark state={row.state} />,
    },
  ];
  if (own) return [what, ...rest];
  return [
    what,
    { key: 'score', header: m.operators_score(), cell: (row) => <ScoreBar score={row.score} /> },
    ...rest,
  ];
}

/** What happened to an operator, newest first. */
export function OperatorTimeline({ timeline }: { readonly timeline: OperatorDetail['timeline'] }) {
  if (timeline.length === 0) {
    return (
      <div className="x-card">
        <EmptyState icon="clock" title={m.operators_timeline_none()} />
      </div>
    );
  }
  return (
    <div className="x-card x-card--padded">
      <Timeline
        label={m.operators_timeline()}
        items={timeline.map((entry, index) => ({
          key: `${entry.on}.${index}`,
          when: <RocDate day={entry.on} />,
          what: pick(entry),
          detail: sourceWord(entry.source).label,
          tone: entry.source === 'finding' ? 'accent' : 'neutral',
        }))}
      />
    </div>
  );
}
