import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import {
  ErrorState,
  Form,
  Loading,
  Notice,
  PageHeader,
  SummaryList,
  TextAreaField,
  Ubn,
  useAct,
  useAnswer,
} from '#web/index';
import { routes } from '../contract.ts';
import { ChoiceField } from './choice-field.tsx';
import { StatusMark } from './marks.tsx';
import { useRun } from './run-data.ts';
import { useParam } from './use-param.ts';

/** Declares that a firm does, or does not, operate, with the reason; the newest run is computed again. */
export default function DeclarePage() {
  const ubn = useParam('ubn');
  const answer = useAnswer(routes.getOperator, { params: { ubn } });
  const newest = useRun(undefined);
  const act = useAct();
  const navigate = useNavigate();
  if (answer.data === undefined)
    return answer.error === null ? <Loading /> : <ErrorState error={answer.error} />;
  const operator = answer.data;
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.operators_page_declare()}
        back={{ label: operator.name, to: `/operators/${ubn}` }}
      />
      <Notice tone="warning">{m.operators_declare_text()}</Notice>
      <SummaryList
        items={[
          { label: m.operators_f_name(), value: operator.name },
          { label: m.operators_f_ubn(), value: <Ubn value={ubn} /> },
          { label: m.operators_whether(), value: <StatusMark status={operator.status} /> },
        ]}
      />
      <Form
        submitLabel={m.operators_declare_submit()}
        onSubmit={async ({ operating, reason = '' }) => {
          const { run } = await act(routes.declareOperating, {
            params: { ubn },
            body: { operating: operating === 'operating', reason },
          });
          await navigate({
            to: '/operators/$ubn',
            params: { ubn },
            search: { run: run.id, before: newest.data?.id },
          });
        }}
      >
        <ChoiceField
          name="operating"
          legend={m.operators_declare_what()}
          chosen={operator.status === 'operating' ? 'not-operating' : 'operating'}
          options={[
            { value: 'operating', label: m.operators_verdict_operating() },
            { value: 'not-operating', label: m.operators_verdict_not_operating() },
          ]}
        />
        <TextAreaField
          name="reason"
          label={m.confirm_reason()}
          hint={m.confirm_reason_hint()}
          maxLength={1000}
          required
        />
      </Form>
    </div>
  );
}
