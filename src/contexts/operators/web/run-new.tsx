import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { ButtonLink, Form, Loading, Notice, PageHeader, TextField, useAct } from '#web/index';
import { routes } from '../contract.ts';
import { endOfDay, todayInTaipei } from './days.ts';
import { useRun } from './run-data.ts';

/** Asks for the day, starts a run and goes where its progress shows. */
export default function RunNewPage() {
  const act = useAct();
  const navigate = useNavigate();
  const newest = useRun(undefined);
  if (newest.isPending) return <Loading />;
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.operators_page_run_new()}
        lead={m.operators_run_new_lead()}
        back={{ label: m.operators_page_funnel(), to: '/reconciliation' }}
      />
      <Notice>{m.operators_run_new_note()}</Notice>
      <Form
        submitLabel={m.operators_run_start()}
        aside={<ButtonLink to="/reconciliation">{m.confirm_cancel()}</ButtonLink>}
        onSubmit={async ({ asOf = '', knownAt = '' }) => {
          const run = await act(routes.createRun, {
            body: { asOf, ...(knownAt !== '' && { knownAt: endOfDay(knownAt) }) },
          });
          await navigate({ to: '/reconciliation', search: { run: run.id } });
        }}
      >
        <TextField
          name="asOf"
          type="date"
          label={m.operators_as_of()}
          hint={m.operators_as_of_hint()}
          defaultValue={newest.data?.asOf ?? todayInTaipei()}
          width="short"
          required
        />
        <TextField
          name="knownAt"
          type="date"
          label={m.operators_known_at()}
          hint={m.operators_known_at_hint()}
          width="short"
        />
      </Form>
    </div>
  );
}
