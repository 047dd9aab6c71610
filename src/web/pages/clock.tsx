import { Button } from '@mantine/core';
import { useState } from 'react';
import { clockRoutes } from '#platform/clock-routes/contract';
import { m } from 'virtual:messages';
import { useAct, useAnswer } from '../client/use-answer.ts';
import { Instant, RocDate } from '../components/figures.tsx';
import { Form, TextField } from '../components/form.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { ErrorState, Loading, Notice, problemText } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { SummaryList } from '../components/summary-list.tsx';

const steps = () => [
  { advance: 'PT1H', label: m.clock_hour() },
  { advance: 'PT48H', label: m.clock_two_days() },
  { advance: 'P7D', label: m.clock_week() },
  { advance: 'P1M', label: m.clock_month() },
  { advance: 'P1Y', label: m.clock_year() },
];

/** The clock of the sandbox: put it forward, and deadlines, schedules and retries follow. */
export default function ClockPage() {
  const act = useAct();
  const [problem, setProblem] = useState<string | null>(null);
  const { data, error, refetch } = useAnswer(clockRoutes.readClock, {}, { refetchMs: 5000 });
  const move = (body: { advance: string } | { reset: true }) => () => {
    setProblem(null);
    void act(clockRoutes.moveClock, { body }).catch((failure: unknown) =>
      setProblem(problemText(failure as Error)),
    );
  };
  if (data === undefined) {
    return (
      <div className="x-page x-page--narrow">
        <PageHeader title={m.page_clock()} />
        {error === null ? <Loading /> : <ErrorState error={error} retry={() => void refetch()} />}
      </div>
    );
  }
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_clock()} lead={m.clock_lead()} />
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <SummaryList
        items={[
          { label: m.clock_now(), value: <Instant at={data.now} /> },
          { label: m.clock_today(), value: <RocDate day={data.today} /> },
          {
            label: m.clock_offset(),
            value: data.moved ? (
              <StatusBadge tone="warning" icon="clock" label={data.offset} />
            ) : (
              <StatusBadge tone="success" label={m.clock_real()} />
            ),
          },
        ]}
      />
      <Section title={m.clock_forward()}>
        <div className="x-row">
          {steps().map((step) => (
            <Button key={step.advance} variant="default" onClick={move({ advance: step.advance })}>
              {step.label}
            </Button>
          ))}
        </div>
        <Form
          submitLabel={m.clock_move()}
          onSubmit={async (values) =>
            void (await act(clockRoutes.moveClock, { body: { advance: values['advance'] ?? '' } }))
          }
        >
          <TextField
            name="advance"
            label={m.clock_duration()}
            hint={m.clock_duration_hint()}
            maxLength={60}
            width="short"
            required
          />
        </Form>
      </Section>
      {data.moved ? (
        <p>
          <Button variant="default" onClick={move({ reset: true })}>
            {m.clock_reset()}
          </Button>
        </p>
      ) : null}
    </div>
  );
}
