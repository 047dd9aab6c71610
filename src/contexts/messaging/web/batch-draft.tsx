import { m } from 'virtual:messages';
import { Notice, pick, Section, SummaryList, useAnswer, useMay } from '#web/index';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { PreviewPhone } from './preview-phone.tsx';
import { ReadRefused } from './read-refused.tsx';
import { RecipientsUpload } from './recipients-upload.tsx';
import { usePreview } from './use-preview.ts';
import { fieldTypeWord } from './words.ts';

/** Before there are recipients: which columns the file has to have, and where it goes. */
export function BatchDraft({ batch }: { readonly batch: Batch }) {
  const maySend = useMay('messaging.send');
  const { data: version } = useAnswer(routes.getVersion, { params: { id: batch.templateVersionId } });
  const { data: preview } = usePreview({ versionId: batch.templateVersionId });
  const refused = batch.files.findLast((file) => file.problem !== null);
  if (!maySend) return <Notice>{m.messaging_batch_waits_file()}</Notice>;
  const fields = version?.fields ?? [];
  return (
    <div className="ms-beside">
      <div className="x-stack">
        {refused === undefined || refused.problem === null ? null : (
          <Notice tone="danger" title={m.messaging_file_refused({ name: refused.name })}>
            <p>{pick(refused.problem)}</p>
            <ReadRefused batch={batch} fields={fields} />
          </Notice>
        )}
        <Section title={m.messaging_recipients_file()} lead={m.messaging_recipients_file_lead()}>
          <RecipientsUpload batchId={batch.id} />
        </Section>
        <Section title={m.messaging_columns_needed()} lead={m.messaging_columns_needed_lead()}>
          <div className="x-card x-card--padded">
            <SummaryList
              items={[
                { label: m.messaging_column_phone(), value: m.messaging_column_phone_text() },
                ...fields.map(({ name, type, maxLength }) => ({
                  label: name,
                  value: m.messaging_field_is({ type: fieldTypeWord(type).label, count: maxLength }),
                })),
              ]}
            />
          </div>
          <p className="ms-lead">
            <a
              className="x-link"
              download={m.messaging_example_name()}
              href={`data:text/csv;charset=utf-8,${encodeURIComponent(`\uFEFF${exampleOf(fields)}`)}`}
            >
              {m.messaging_example()}
            </a>
          </p>
        </Section>
      </div>
      <aside className="ms-beside__phone" aria-label={m.messaging_preview_label()}>
        <PreviewPhone preview={preview} body={version?.body ?? ''} />
      </aside>
    </div>
  );
}

/** A table with the columns of the template and a row that is invented. */
function exampleOf(fields: readonly { readonly name: string; readonly type: string }[]): string {
  const samples: Readonly<Record<string, string>> = {
    number: '12',
    amount: '1200',
    date: '115/11/30',
    time: '14:30',
    code: 'A1B2C3',
    link: 'https://www.gov.tw/',
    phone: '02-2380-8411',
  };
  const header = [m.messaging_column_phone(), ...fields.map(({ name }) => name)];
  const row = ['0912345678', ...fields.map(({ type }) => samples[type] ?? m.messaging_example_person())];
  return `${header.join(',')}\r\n${row.join(',')}\r\n`;
}
