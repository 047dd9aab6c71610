import './operators.css';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  count,
  DataTable,
  EmptyState,
  Instant,
  PageHeader,
  RocDate,
  SelectField,
  Form,
  Section,
  StatusBadge,
  useList,
  useMay,
  dayShort,
  instantShort,
  type Column,
} from '#web/index';
import { routes, type RunRow } from '../contract.ts';
import { useRuns } from './run-data.ts';
import { runStateWord } from './run-words.ts';

/** Every run, and two of them to compare. */
export default function RunsPage() {
  const list = useList(routes.listRuns, {});
  const mayRun = useMay('operators.reconcile');
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_runs()}
        lead={m.operators_runs_lead()}
        actions={
          mayRun ? (
            <ButtonLink to="/reconciliation/new" kind="primary">
              {m.operators_run_again()}
            </ButtonLink>
          ) : null
        }
      />
      <CompareForm />
      <DataTable<RunRow>
        caption={m.operators_page_runs()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/reconciliation', search: { run: row.id } })}
        columns={columns()}
        empty={
          <EmptyState icon="funnel" title={m.operators_no_run()}>
            {m.operators_no_run_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

function CompareForm() {
  const navigate = useNavigate();
  const done = useRuns().filter((run) => run.state === 'done');
  if (done.length < 2) return null;
  const options = done.map((run) => ({
    value: run.id,
    label: m.operators_run_option({ day: dayShort(run.asOf), at: instantShort(run.startedAt) }),
  }));
  return (
    <Section title={m.operators_page_compare()}>
      <div className="x-card x-card--padded op-compareform">
        <Form
          wide
          submitLabel={m.operators_compare()}
          onSubmit={async ({ before, after }) => {
            await navigate({ to: '/runs/compare', search: { before, after } });
          }}
        >
          <SelectField
            name="before"
            label={m.operators_run_before()}
            options={options}
            required
            {...(options[1] !== undefined && { defaultValue: options[1].value })}
          />
          <SelectField name="after" label={m.operators_run_after()} options={options} required />
        </Form>
      </div>
    </Section>
  );
}

function columns(): Column<RunRow>[] {
  return [
    { key: 'day', header: m.operators_as_of(), isName: true, cell: (row) => <RocDate day={row.asOf} /> },
    {
      key: 'state',
      header: m.operators_state(),
      cell: (row) => {
        const { tone, label } = runStateWord(row.state);
        return <StatusBadge tone={tone} label={label} />;
      },
    },
    { key: 'at', header: m.operators_run_at(), priority: 2, cell: (row) => <Instant at={row.startedAt} /> },
    {
      key: 'operating',
      header: m.operators_status_operating(),
      numeric: true,
      cell: (row) => count(row.operating),
    },
    {
      key: 'findings',
      header: m.operators_page_findings(),
      numeric: true,
      cell: (row) => count(row.findings),
    },
    {
      key: 'pack',
      header: m.operators_pack(),
      priority: 3,
      cell: (row) => <code className="x-code">{row.pack ?? '—'}</code>,
    },
  ];
}
