import './operators.css';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  ErrorState,
  Form,
  Loading,
  Notice,
  PageHeader,
  TextAreaField,
  TextField,
  useAct,
  useAnswer,
} from '#web/index';
import { routes } from '../contract.ts';
import { useRun } from './run-data.ts';
import { partLabel, partReason } from './score-parts.tsx';

/** Sets the weights of the score, with the reason; the newest run is computed again. */
export default function WeightsPage() {
  const newest = useRun(undefined);
  const pack = useAnswer(
    routes.getRulePack,
    { query: { asOf: newest.data?.asOf } },
    { enabled: !newest.isPending },
  );
  const act = useAct();
  const navigate = useNavigate();
  const [sum, setSum] = useState<number | null>(null);
  if (pack.data === undefined) return pack.error === null ? <Loading /> : <ErrorState error={pack.error} />;
  const { weights } = pack.data;
  const parts = Object.keys(weights);
  const total = sum ?? Object.values(weights).reduce((all, one) => all + one, 0);
  const add = (form: HTMLFormElement | null): void => {
    if (form === null) return;
    const data = new FormData(form);
    setSum(parts.reduce((all, part) => all + Number(data.get(part) ?? 0), 0));
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.operators_page_weights()}
        lead={m.operators_weights_form_lead()}
        back={{ label: m.operators_page_rules(), to: '/rules' }}
      />
      <div className="op-contents" onInput={(event) => add((event.target as HTMLElement).closest('form'))}>
        <Form
          submitLabel={m.operators_weights_submit()}
          aside={<ButtonLink to="/rules">{m.confirm_cancel()}</ButtonLink>}
          onSubmit={async ({ reason = '', ...given }) => {
            const { run } = await act(routes.changeWeights, {
              body: { weights: Object.fromEntries(parts.map((part) => [part, Number(given[part])])), reason },
            });
            await navigate({ to: '/rules', search: { run: run?.id, before: newest.data?.id } });
          }}
        >
          {parts.map((part) => (
            <TextField
              key={part}
              name={part}
              type="number"
              inputMode="numeric"
              label={partLabel(part)}
              hint={partReason(part)}
              defaultValue={String(weights[part])}
              width="short"
              required
            />
          ))}
          <Notice tone={total === 100 ? 'success' : 'warning'}>
            {m.operators_weights_sum({ sum: total })}
          </Notice>
          <TextAreaField
            name="reason"
            label={m.confirm_reason()}
            hint={m.confirm_reason_hint()}
            maxLength={1000}
            required
          />
        </Form>
      </div>
    </div>
  );
}
