import { useState } from 'react';
import { m } from 'virtual:messages';
import { Form, Notice, TextField, useAct, useAnswer, type Values } from '#web/index';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { hoursOf } from './services.tsx';
import { instantOfTaipei, taipeiOf } from './taipei.ts';

/** When it goes out, for how long it is tried, and whether a few go first. */
export function BatchPlan({ batch }: { readonly batch: Batch }) {
  const act = useAct();
  const [saved, setSaved] = useState(false);
  const { data: service } = useAnswer(routes.getService, { params: { id: batch.serviceId } });
  const save = async (values: Values, form: FormData): Promise<void> => {
    const { sendAt = '', validHours = '24', canaryRows = '', canaryStop = '' } = values;
    setSaved(false);
    await act(routes.planBatch, {
      params: { id: batch.id },
      body: {
        sendAt: sendAt === '' ? null : instantOfTaipei(sendAt),
        moveToHours: form.get('moveToHours') === 'yes',
        validHours: Number(validHours),
        canary:
          canaryRows === ''
            ? null
            : { rows: Number(canaryRows), stopAbovePercent: Number(canaryStop === '' ? '10' : canaryStop) },
      },
    });
    setSaved(true);
  };
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      {saved ? <Notice tone="success">{m.messaging_saved()}</Notice> : null}
      <Form wide submitLabel={m.messaging_save_plan()} onSubmit={save}>
        <div className="ms-pair">
          <TextField
            name="sendAt"
            type="datetime-local"
            label={m.messaging_send_at()}
            hint={m.messaging_plan_at_hint()}
            width="short"
            defaultValue={batch.sendAt === null ? '' : taipeiOf(batch.sendAt)}
          />
          <TextField
            name="validHours"
            label={m.messaging_valid_hours()}
            hint={m.messaging_valid_hours_hint()}
            inputMode="numeric"
            width="short"
            required
            defaultValue={String(batch.validHours)}
          />
        </div>
        <label className="x-check">
          <input type="checkbox" name="moveToHours" value="yes" defaultChecked />
          <span>
            {m.messaging_move_to_hours()}
            {service === undefined ? null : (
              <small className="x-muted">{m.messaging_hours_are({ hours: hoursOf(service) })}</small>
            )}
          </span>
        </label>
        <details className="ms-more" open={batch.canary !== null}>
          <summary>{m.messaging_canary()}</summary>
          <div className="ms-pair">
            <TextField
              name="canaryRows"
              label={m.messaging_canary_rows()}
              hint={m.messaging_canary_hint()}
              inputMode="numeric"
              width="short"
              defaultValue={batch.canary === null ? '' : String(batch.canary.rows)}
            />
            <TextField
              name="canaryStop"
              label={m.messaging_canary_stop()}
              hint={m.messaging_canary_stop_hint()}
              inputMode="numeric"
              width="short"
              defaultValue={String(batch.canary?.stopAbovePercent ?? 10)}
            />
          </div>
        </details>
      </Form>
    </div>
  );
}
