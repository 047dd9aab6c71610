import './messaging.css';
import { m } from 'virtual:messages';
import { ButtonLink, FilterBar, PageHeader, useMay, useUrlState } from '#web/index';
import { templatesSearch } from './search-schemas.ts';
import { useServiceNames } from './service-names.ts';
import { TemplateTable } from './template-table.tsx';

/** The templates of all services of the agency. */
export default function TemplatesPage() {
  const [search, setSearch] = useUrlState(templatesSearch);
  const services = useServiceNames();
  const mayWrite = useMay('messaging.templates');
  return (
    <div className="x-page">
      <PageHeader
        title={m.messaging_page_templates()}
        lead={m.messaging_templates_lead()}
        actions={
          mayWrite ? (
            <ButtonLink to="/messaging/templates/new" kind="primary">
              {m.messaging_page_template_new()}
            </ButtonLink>
          ) : null
        }
      />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'serviceId',
            label: m.messaging_service(),
            options: services.list.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]}
      />
      <TemplateTable serviceId={search.serviceId} services={services} />
    </div>
  );
}
