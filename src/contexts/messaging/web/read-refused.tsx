import { m } from 'virtual:messages';
import { Form, SelectField, TextField, useAct } from '#web/index';
import { routes } from '../contract.ts';
import { asTyped } from './as-typed.ts';
import type { Batch } from './batch-data.ts';

const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'big5'] as const;

/** Another way to read a file that could not be understood: its encoding, and which of its columns is which. */
export function ReadRefused({
  batch,
  fields,
}: {
  readonly batch: Batch;
  readonly fields: readonly { readonly name: string }[];
}) {
  const act = useAct();
  return (
    <details className="ms-more">
      <summary>{m.messaging_read_otherwise()}</summary>
      <Form
        wide
        submitLabel={m.messaging_read_again()}
        onSubmit={async (values, form) => {
          const encoding = encodings.find((one) => one === values['encoding']);
          const phone = asTyped(form, 'phone');
          const columns = fields.flatMap(({ name }) => {
            const column = asTyped(form, `field-${name}`);
            return column === '' ? [] : [[name, column] as const];
          });
          await act(routes.readBatchAgain, {
            params: { id: batch.id },
            body: {
              ...(encoding !== undefined && { encoding }),
              columns: { ...(phone !== '' && { phone }), fields: Object.fromEntries(columns) },
            },
          });
        }}
      >
        <div className="ms-pair">
          <SelectField
            name="encoding"
            label={m.messaging_encoding()}
            options={[
              { value: '', label: m.messaging_encoding_found() },
              ...encodings.map((one) => ({ value: one, label: one.toUpperCase() })),
            ]}
          />
          <TextField name="phone" label={m.messaging_column_of_phone()} maxLength={100} />
          {fields.map(({ name }) => (
            <TextField
              key={name}
              name={`field-${name}`}
              label={m.messaging_column_of_field({ field: name })}
              maxLength={100}
            />
          ))}
        </div>
      </Form>
    </details>
  );
}
