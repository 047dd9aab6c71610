import { m } from 'virtual:messages';
import { bytes, duration, Form, SelectField, SummaryList, useAct, type Values } from '#web/index';
import type { BodyOf } from '#platform/http/contract';
import { routes } from '../contract.ts';
import type { Batch, BatchFile, Reading } from './batch-data.ts';

type Choice = BodyOf<typeof routes.readBatchAgain>;
const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'big5'] as const;

/** How the newest file was understood, and other ways to read it. */
export function BatchMapping({ batch, mayChange }: { readonly batch: Batch; readonly mayChange: boolean }) {
  const file = batch.files.at(-1);
  const reading = file?.reading ?? null;
  if (file === undefined || reading === null) return null;
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      <SummaryList
        items={[
          {
            label: m.messaging_file(),
            value: (
              <span>
                {file.name}
                <small className="ms-sub x-numbers">
                  {m.messaging_file_facts({
                    size: bytes(file.bytes),
                    time: duration(reading.took),
                  })}
                </small>
              </span>
            ),
          },
          {
            label: m.messaging_encoding(),
            value: reading.encoding ?? m.messaging_workbook({ kind: reading.kind.toUpperCase() }),
          },
          { label: m.messaging_column_phone(), value: reading.phoneColumn },
          ...Object.entries(reading.fieldColumns).map(([field, column]) => ({
            label: m.messaging_field_named({ field }),
            value: column,
          })),
        ]}
      />
      {mayChange ? (
        <details className="ms-more">
          <summary>{m.messaging_read_otherwise()}</summary>
          <MappingForm batch={batch} file={file} reading={reading} />
        </details>
      ) : null}
    </div>
  );
}

function MappingForm({
  batch,
  file,
  reading,
}: {
  readonly batch: Batch;
  readonly file: BatchFile;
  readonly reading: Reading;
}) {
  const act = useAct();
  const columns = reading.columns.map((column) => ({ value: column, label: column }));
  const isText = reading.encoding !== null;
  const read = async (values: Values, form: FormData): Promise<void> => {
    const fields = Object.fromEntries(
      Object.keys(reading.fieldColumns).flatMap((field) => {
        const column = form.get(`field-${field}`);
        return typeof column === 'string' ? [[field, column]] : [];
      }),
    );
    const phone = form.get('phone');
    const body: Choice = {
      ...(isText && { encoding: encodings.find((one) => one === values['encoding']) ?? 'utf-8' }),
      columns: {
        header: values['header'] === 'yes',
        ...(typeof phone === 'string' && { phone }),
        fields,
      },
    };
    await act(routes.readBatchAgain, { params: { id: batch.id }, body });
  };
  return (
    <Form wide submitLabel={m.messaging_read_again()} onSubmit={read}>
      <div className="ms-pair">
        {isText ? (
          <SelectField
            name="encoding"
            label={m.messaging_encoding()}
            required
            defaultValue={file.encoding}
            options={encodings.map((one) => ({ value: one, label: one.toUpperCase() }))}
          />
        ) : null}
        <SelectField
          name="header"
          label={m.messaging_header_row()}
          required
          defaultValue={reading.hasHeader ? 'yes' : 'no'}
          options={[
            { value: 'yes', label: m.messaging_header_yes() },
            { value: 'no', label: m.messaging_header_no() },
          ]}
        />
        <SelectField
          name="phone"
          label={m.messaging_column_phone()}
          required
          defaultValue={reading.phoneColumn}
          options={columns}
        />
        {Object.entries(reading.fieldColumns).map(([field, column]) => (
          <SelectField
            key={field}
            name={`field-${field}`}
            label={m.messaging_field_named({ field })}
            required
            defaultValue={column}
            options={columns}
          />
        ))}
      </div>
    </Form>
  );
}
