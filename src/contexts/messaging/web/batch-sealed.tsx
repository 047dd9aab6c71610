import { m } from 'virtual:messages';
import {
  CopyButton,
  Form,
  Instant,
  Notice,
  Section,
  SummaryList,
  useAct,
  useAnswer,
  useMay,
  useSignedIn,
} from '#web/index';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { BatchFigures } from './batch-figures.tsx';
import { RowsOnPhone } from './rows-on-phone.tsx';

/** What was sealed, and who may let it go. */
export function BatchSealed({ batch }: { readonly batch: Batch }) {
  const preview = useAnswer(routes.previewBatch, { params: { id: batch.id } });
  return (
    <div className="ms-beside">
      <div className="x-stack">
        <BatchFigures batch={batch} preview={preview.data} />
        <div className="x-card x-card--padded">
          <SummaryList
            items={[
              {
                label: m.messaging_hash(),
                value: <code className="x-code ms-digest">{batch.contentHash ?? '—'}</code>,
                ...(batch.contentHash !== null && { action: <CopyButton text={batch.contentHash} /> }),
              },
              {
                label: m.messaging_send_at(),
                value: batch.sendAt === null ? m.messaging_at_approval() : <Instant at={batch.sendAt} />,
              },
              {
                label: m.messaging_valid_hours(),
                value: m.messaging_hours_count({ count: batch.validHours }),
              },
              {
                label: m.messaging_sealed_at(),
                value: (
                  <span>
                    <Instant at={batch.sealedAt} ago />
                    <small className="ms-sub x-code">{batch.sealedBy}</small>
                  </span>
                ),
              },
            ]}
          />
        </div>
        <Approval batch={batch} />
      </div>
      <aside className="ms-beside__phone" aria-label={m.messaging_first_rows()}>
        {preview.data === undefined ? null : <RowsOnPhone rows={preview.data.preview} />}
      </aside>
    </div>
  );
}

function Approval({ batch }: { readonly batch: Batch }) {
  const act = useAct();
  const viewer = useSignedIn();
  const mayApprove = useMay('messaging.approve');
  const { data: quota } = useAnswer(routes.getQuota, {});
  const threshold = quota?.policy.fourEyesRows ?? 0;
  const needsOther = batch.rows >= threshold;
  const isOwn = batch.sealedBy === viewer.person?.id;
  if (!mayApprove || (isOwn && needsOther))
    return (
      <Notice title={m.messaging_waits_approval()}>
        <p>{needsOther ? m.messaging_four_eyes({ count: threshold }) : m.messaging_below_four_eyes()}</p>
      </Notice>
    );
  return (
    <Section title={m.messaging_approve_batch()} lead={m.messaging_approve_batch_lead()}>
      <div className="x-card x-card--padded">
        <Form
          wide
          submitLabel={m.messaging_approve_do({ count: batch.rows })}
          onSubmit={async (_values, form) => {
            await act(routes.approveBatch, {
              params: { id: batch.id },
              body: {
                contentHash: batch.contentHash ?? '',
                moveToHours: form.get('moveToHours') === 'yes',
              },
            });
          }}
        >
          <label className="x-check">
            <input type="checkbox" name="moveToHours" value="yes" defaultChecked />
            <span>{m.messaging_move_to_hours()}</span>
          </label>
        </Form>
      </div>
    </Section>
  );
}
