import { m } from 'virtual:messages';
import { AppLink, count, dayParts, Loading, Section } from '#web/index';
import { FunnelPicture } from './funnel-picture.tsx';
import { NoRun } from './no-run.tsx';
import { RuleCounts } from './rule-counts.tsx';
import { useRun } from './run-data.ts';
import './operators.css';

/** The newest run on the home page. */
export default function FunnelPanel() {
  const run = useRun(undefined);
  const title = m.operators_panel_title();
  if (run.data === undefined) {
    return (
      <Section title={title}>
        {run.error === null ? (
          <Loading rows={6} />
        ) : (
          <NoRun error={run.error} retry={() => void run.refetch()} />
        )}
      </Section>
    );
  }
  const { data } = run;
  const [rows, operating] = ['register-rows', 'operating'].map(
    (name) => data.funnel.find(({ step }) => step === name)?.count ?? 0,
  );
  const day = dayParts(data.asOf);
  return (
    <Section
      title={title}
      lead={m.operators_funnel_sentence({
        day: `${day.main} (${day.other})`,
        rows: count(rows),
        operating: count(operating),
        findings: count(data.findings),
      })}
      aside={<AppLink to="/reconciliation">{m.operators_panel_open()}</AppLink>}
    >
      <div className="op-panel">
        <FunnelPicture funnel={data.funnel} run={data.id} brief />
        <RuleCounts counts={data.findingsByRule} />
      </div>
    </Section>
  );
}
