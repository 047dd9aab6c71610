import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import {
  ButtonLink,
  EmptyState,
  Form,
  Loading,
  PageHeader,
  SelectField,
  TextField,
  useAct,
  useAnswer,
  useUrlState,
} from '#web/index';
import { routes } from '../contract.ts';
import { asTyped } from './as-typed.ts';
import { newTemplateSearch } from './search-schemas.ts';

/** A new template: its service and name; the words come next, with its first version. */
export default function TemplateNewPage() {
  const [search] = useUrlState(newTemplateSearch);
  const { data } = useAnswer(routes.listServices, { query: { limit: 200 } });
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.messaging_page_templates(), to: '/messaging/templates' };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.messaging_page_template_new()}
        lead={m.messaging_template_new_lead()}
        back={back}
      />
      {data === undefined ? (
        <Loading rows={3} />
      ) : data.items.length === 0 ? (
        <div className="x-card">
          <EmptyState
            icon="building"
            title={m.messaging_services_none()}
            action={<ButtonLink to="/messaging/services/new">{m.messaging_page_service_new()}</ButtonLink>}
          >
            {m.messaging_services_none_text()}
          </EmptyState>
        </div>
      ) : (
        <Form
          submitLabel={m.messaging_write_words()}
          aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
          onSubmit={async ({ serviceId = '' }, form) => {
            const made = await act(routes.createTemplate, {
              body: { serviceId, name: asTyped(form, 'name') },
            });
            await navigate({ to: '/messaging/templates/$id/write', params: { id: made.id } });
          }}
        >
          <SelectField
            name="serviceId"
            label={m.messaging_service()}
            required
            options={data.items.map(({ id, name }) => ({ value: id, label: name }))}
            {...(search.service !== undefined && { defaultValue: search.service })}
          />
          <TextField
            name="name"
            label={m.messaging_template_name()}
            hint={m.messaging_template_name_hint()}
            maxLength={80}
            required
          />
        </Form>
      )}
    </div>
  );
}
