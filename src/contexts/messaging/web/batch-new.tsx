import './messaging.css';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  EmptyState,
  Form,
  Loading,
  PageHeader,
  TextField,
  useAct,
  useAnswer,
  useUrlState,
} from '#web/index';
import { routes } from '../contract.ts';
import { asTyped } from './as-typed.ts';
import { PreviewPhone } from './preview-phone.tsx';
import { newBatchSearch } from './search-schemas.ts';
import { usePreview } from './use-preview.ts';
import { VersionSelect } from './version-select.tsx';

/** A new batch: what is sent, and what the batch is called. The recipients come next. */
export default function BatchNewPage() {
  const [search, setSearch] = useUrlState(newBatchSearch);
  const { data } = useAnswer(routes.listVersions, { query: { state: 'approved', limit: 200 } });
  const act = useAct();
  const navigate = useNavigate();
  const versions = (data?.items ?? []).filter((version) => version.class === 'batch');
  const chosen = versions.find(({ id }) => id === search.version) ?? versions[0];
  const { data: preview } = usePreview(chosen === undefined ? null : { versionId: chosen.id });
  const back = { label: m.messaging_page_batches(), to: '/messaging/batches' };
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_batch_new()} lead={m.messaging_batch_new_lead()} back={back} />
      {data === undefined ? (
        <Loading />
      ) : chosen === undefined ? (
        <div className="x-card">
          <EmptyState
            icon="text"
            title={m.messaging_none_for_batches()}
            action={<ButtonLink to="/messaging/templates">{m.messaging_page_templates()}</ButtonLink>}
          >
            {m.messaging_none_for_batches_text()}
          </EmptyState>
        </div>
      ) : (
        <div className="ms-beside">
          <div className="x-stack">
            <VersionSelect
              versions={versions}
              value={chosen.id}
              onChoose={(version) => setSearch({ version }, { replace: true })}
            />
            <Form
              submitLabel={m.messaging_next_recipients()}
              aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
              onSubmit={async (_values, form) => {
                const made = await act(routes.createBatch, {
                  body: { name: asTyped(form, 'name'), templateVersionId: chosen.id },
                });
                await navigate({ to: '/messaging/batches/$id', params: { id: made.id } });
              }}
            >
              <TextField
                name="name"
                label={m.messaging_batch_name()}
                hint={m.messaging_batch_name_hint()}
                maxLength={100}
                required
              />
            </Form>
          </div>
          <aside className="ms-beside__phone" aria-label={m.messaging_preview_label()}>
            <PreviewPhone preview={preview} body={chosen.body} />
          </aside>
        </div>
      )}
    </div>
  );
}
