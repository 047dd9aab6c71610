import { m } from 'virtual:messages';
import { ErrorState, Form, Loading, Notice, Section, TextField, useAct, useAnswer } from '#web/index';
import { routes, type ImportDetail } from '../contract.ts';
import { todayInTaipei } from './days.ts';
import { decisionsOf } from './import-decision.ts';
import { ImportFileCard } from './import-file-card.tsx';
import { useRun } from './run-data.ts';

/** What the product makes of each file, for a person to correct; then the import starts. */
export function ImportPreview({ data }: { readonly data: ImportDetail }) {
  const kinds = useAnswer(routes.listSourceKinds, {});
  const newest = useRun(undefined);
  const act = useAct();
  if (kinds.data === undefined)
    return kinds.error === null ? (
      <Loading rows={8} />
    ) : (
      <ErrorState error={kinds.error} retry={() => void kinds.refetch()} />
    );
  const { items } = kinds.data;
  const unknown = data.files.filter((file) => file.kind === null).length;
  const asksShrink = data.problem?.code === 'operators.list_shrunken';
  return (
    <Section title={m.operators_preview_title()} lead={m.operators_preview_lead()}>
      {unknown === 0 ? null : (
        <Notice tone="warning">{m.operators_preview_unknown({ count: unknown })}</Notice>
      )}
      <Form
        wide
        submitLabel={m.operators_import_confirm()}
        onSubmit={async ({ asOf = '' }, form) => {
          await act(routes.confirmImport, {
            params: { id: data.id },
            body: {
              files: decisionsOf(data.files, items, form),
              ...(asOf !== '' && { asOf }),
              ...(form.get('acceptShrink') === 'yes' && { acceptShrink: true }),
            },
          });
        }}
      >
        <div className="op-cards">
          {data.files.map((file) => (
            <ImportFileCard key={file.id} file={file} kinds={items} />
          ))}
        </div>
        <div className="op-after">
          <TextField
            name="asOf"
            type="date"
            label={m.operators_import_as_of()}
            hint={m.operators_import_as_of_hint()}
            defaultValue={newest.data?.asOf ?? todayInTaipei()}
            key={newest.data?.asOf}
            width="short"
          />
          {asksShrink ? (
            <label className="x-check">
              <input type="checkbox" name="acceptShrink" value="yes" />
              <span>
                {m.operators_accept_shrink()}
                <small className="x-muted">{m.operators_accept_shrink_hint()}</small>
              </span>
            </label>
          ) : null}
        </div>
      </Form>
    </Section>
  );
}
