import { Button } from '@mantine/core';
import { useState } from 'react';
import { auditRoutes } from '#platform/audit/contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { addressOf, call } from '../client/call.ts';
import { pick } from '../client/language.ts';
import { useList } from '../client/list.ts';
import { isoDay, text } from '../client/search-params.ts';
import { useUrlState } from '../client/url-state.ts';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { count } from '../components/format.ts';
import { Icon } from '../components/icon.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { useLocalViews } from '../components/saved-views.tsx';
import { EmptyState, Notice, problemText } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';

type Entry = AnswerOf<typeof auditRoutes.listAudit>['items'][number];
type Report = AnswerOf<typeof auditRoutes.verifyAudit>;

const schema = {
  actor: text(),
  action: text(),
  subjectKind: text(),
  subjectId: text(),
  from: isoDay(),
  to: isoDay(),
};

/** Midnight in Taipei at the beginning of a day. */
const startOf = (day: string | undefined): string | undefined =>
  day === undefined ? undefined : new Date(`${day}T00:00:00+08:00`).toISOString();
/** Midnight in Taipei at the end of a day. */
const endOf = (day: string | undefined): string | undefined =>
  day === undefined ? undefined : new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000).toISOString();

const columns = (): readonly Column<Entry>[] => [
  { key: 'at', header: m.audit_at(), cell: (entry) => <Instant at={entry.at} /> },
  {
    key: 'action',
    header: m.audit_action(),
    isName: true,
    cell: (entry) => <span className="x-code">{entry.action}</span>,
  },
  {
    key: 'actor',
    header: m.audit_actor(),
    priority: 2,
    cell: (entry) => <span className="x-code x-id">{entry.actor.id}</span>,
  },
  {
    key: 'subject',
    header: m.audit_subject(),
    priority: 2,
    cell: (entry) => (
      <span className="x-code x-id">
        {entry.subject.kind}
        <br />
        {entry.subject.id}
      </span>
    ),
  },
  { key: 'details', header: m.audit_details(), priority: 3, cell: (entry) => <Details entry={entry} /> },
  {
    key: 'sealed',
    header: m.audit_sealed(),
    priority: 2,
    cell: (entry) =>
      entry.seq === null ? (
        <StatusBadge tone="neutral" label={m.audit_unsealed()} />
      ) : (
        <StatusBadge tone="success" icon="lock" label={`#${entry.seq}`} />
      ),
  },
];

function Details({ entry }: { readonly entry: Entry }) {
  const parts = Object.entries(entry.details ?? {});
  return (
    <>
      {entry.legalBasis === null ? null : <div>{m.audit_basis({ basis: entry.legalBasis })}</div>}
      {parts.map(([name, value]) => (
        <div key={name}>
          <span className="x-muted">{name}</span> {typeof value === 'string' ? value : JSON.stringify(value)}
        </div>
      ))}
    </>
  );
}

/** Who did what, when, to what; and the proof that nothing was changed since. */
export default function AuditPage() {
  const [search, setSearch] = useUrlState(schema);
  const query = { ...search, from: startOf(search.from), to: endOf(search.to) };
  const list = useList(auditRoutes.listAudit, { query });
  const views = useLocalViews('audit');
  return (
    <div className="x-page">
      <PageHeader
        title={m.page_audit()}
        lead={m.audit_lead()}
        actions={
          <a className="x-button" href={addressOf(auditRoutes.getAuditCheckpoint)} download="checkpoint.txt">
            <Icon name="download" size={16} />
            {m.audit_checkpoint()}
          </a>
        }
      />
      <Verify />
      <FilterBar
        values={search}
        onChange={setSearch}
        views={views}
        filters={[
          { kind: 'text', name: 'action', label: m.audit_action(), placeholder: 'operators.match_judged' },
          { kind: 'text', name: 'actor', label: m.audit_actor_id() },
          { kind: 'text', name: 'subjectId', label: m.audit_subject_id() },
          { kind: 'day', name: 'from', label: m.filter_from() },
          { kind: 'day', name: 'to', label: m.filter_to() },
        ]}
      />
      <DataTable
        caption={m.page_audit()}
        columns={columns()}
        list={list}
        rowKey={(entry) => entry.id}
        empty={
          <EmptyState icon="audit" title={m.audit_none()}>
            {m.audit_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

function Verify() {
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      setReport(await call(auditRoutes.verifyAudit, {}));
    } catch (error) {
      setProblem(problemText(error as Error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      <div className="x-row">
        <Button
          variant="default"
          loading={busy}
          leftSection={<Icon name="shield" size={18} />}
          onClick={() => void verify()}
        >
          {m.audit_verify()}
        </Button>
        <span className="x-muted">{m.audit_verify_text()}</span>
      </div>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      {report === null ? null : <Outcome report={report} />}
    </div>
  );
}

function Outcome({ report }: { readonly report: Report }) {
  const broken = report.firstBroken;
  return (
    <Notice tone={report.ok ? 'success' : 'danger'} title={report.ok ? m.audit_ok() : m.audit_broken()}>
      <p>{m.audit_checked({ entries: count(report.entries), checkpoints: count(report.checkpoints) })}</p>
      {broken === null ? null : (
        <p>
          #{broken.seq} {broken.id} — {pick(broken.reason)}
        </p>
      )}
      {report.warnings.map((warning) => (
        <p key={warning.en}>{pick(warning)}</p>
      ))}
      <p>
        {m.audit_head()} <code className="x-code">{report.head}</code>
      </p>
    </Notice>
  );
}
