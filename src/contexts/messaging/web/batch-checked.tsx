import { Button } from '@mantine/core';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  addressOf,
  ErrorState,
  ExportMenu,
  Loading,
  Notice,
  pick,
  problemText,
  Section,
  useAct,
  useAnswer,
  useMay,
} from '#web/index';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { BatchFigures } from './batch-figures.tsx';
import { BatchFindings } from './batch-findings.tsx';
import { BatchMapping } from './batch-mapping.tsx';
import { BatchPlan } from './batch-plan.tsx';
import { BatchRows } from './batch-rows.tsx';
import { RecipientsUpload } from './recipients-upload.tsx';
import { RowsOnPhone } from './rows-on-phone.tsx';

/** What the file turned out to be, and what can be done about it before it is sealed. */
export function BatchChecked({ batch }: { readonly batch: Batch }) {
  const maySend = useMay('messaging.send');
  const preview = useAnswer(routes.previewBatch, { params: { id: batch.id } });
  if (preview.data === undefined)
    return preview.error === null ? (
      <Loading rows={8} />
    ) : (
      <ErrorState error={preview.error} retry={() => void preview.refetch()} />
    );
  const { data } = preview;
  const hasBad = batch.badRows > 0;
  return (
    <div className="ms-beside">
      <div className="x-stack">
        <BatchFigures batch={batch} preview={data} />
        {data.advice.map((advice) => (
          <Notice key={advice.en} tone="warning">
            {pick(advice)}
          </Notice>
        ))}
        <BatchFindings batch={batch} />
        {hasBad || batch.duplicates > 0 ? (
          <Section
            title={m.messaging_rows_to_fix()}
            lead={m.messaging_rows_to_fix_lead()}
            aside={maySend && hasBad ? <BadRowsMenu id={batch.id} /> : undefined}
          >
            <BatchRows batch={batch} />
            {maySend && hasBad ? (
              <details className="ms-more">
                <summary>{m.messaging_upload_fixes()}</summary>
                <RecipientsUpload batchId={batch.id} corrections />
              </details>
            ) : null}
          </Section>
        ) : null}
        <Section title={m.messaging_file_read()} lead={m.messaging_file_read_lead()}>
          <BatchMapping batch={batch} mayChange={maySend} />
        </Section>
        {maySend ? (
          <>
            <Section title={m.messaging_plan()} lead={m.messaging_plan_lead()}>
              <BatchPlan batch={batch} />
            </Section>
            <Seal batch={batch} />
          </>
        ) : (
          <Notice>{m.messaging_waits_seal()}</Notice>
        )}
      </div>
      <aside className="ms-beside__phone" aria-label={m.messaging_first_rows()}>
        <RowsOnPhone rows={data.preview} />
      </aside>
    </div>
  );
}

function BadRowsMenu({ id }: { readonly id: string }) {
  const href = (format: 'csv' | 'xlsx') =>
    addressOf(routes.exportBatchRows, { params: { id }, query: { which: 'bad', format } });
  return (
    <ExportMenu
      formats={[
        { label: m.messaging_bad_rows_xlsx(), href: href('xlsx') },
        { label: m.messaging_bad_rows_csv(), href: href('csv') },
      ]}
    />
  );
}

/** Seals the good rows: from then on nothing about them changes. */
function Seal({ batch }: { readonly batch: Batch }) {
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const seal = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await act(routes.sealBatch, { params: { id: batch.id } });
    } catch (error) {
      setProblem(problemText(error as Error));
      setBusy(false);
    }
  };
  return (
    <Section title={m.messaging_seal()} lead={m.messaging_seal_lead()}>
      <div className="x-card x-card--padded x-stack x-stack--tight">
        {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
        {batch.badRows + batch.duplicates > 0 ? (
          <p className="ms-lead">{m.messaging_seal_without({ count: batch.badRows + batch.duplicates })}</p>
        ) : null}
        <div className="x-row">
          <Button loading={busy} disabled={batch.rows === 0} onClick={() => void seal()}>
            {m.messaging_seal_do({ count: batch.rows })}
          </Button>
        </div>
      </div>
    </Section>
  );
}
