import './messaging.css';
import { m } from 'virtual:messages';
import { PageHeader, useAnswer, usePathValue, useUrlState } from '#web/index';
import { routes } from '../contract.ts';
import { newVersionSearch } from './search-schemas.ts';
import { VersionEditor } from './version-editor.tsx';
import { WaitingPage } from './waiting-page.tsx';

/** Writes a new version of a template, from nothing or from an earlier one. */
export default function VersionNewPage() {
  const id = usePathValue('id');
  const [search] = useUrlState(newVersionSearch);
  const template = useAnswer(routes.getTemplate, { params: { id } });
  const from = search.from;
  const earlier = useAnswer(
    routes.getVersion,
    { params: { id: from ?? '' } },
    { enabled: from !== undefined },
  );
  const serviceId = template.data?.serviceId;
  const service = useAnswer(
    routes.getService,
    { params: { id: serviceId ?? '' } },
    { enabled: serviceId !== undefined },
  );
  const title = m.messaging_page_version_new();
  const back = {
    label: template.data?.name ?? m.messaging_page_template(),
    to: `/messaging/templates/${id}`,
  };
  const waits = [template, service, ...(from === undefined ? [] : [earlier])].find(
    (answer) => answer.data === undefined,
  );
  if (waits !== undefined || service.data === undefined || template.data === undefined)
    return <WaitingPage title={title} back={back} answer={waits ?? service} />;
  return (
    <div className="x-page">
      <PageHeader title={title} lead={m.messaging_version_new_lead()} back={back} />
      <VersionEditor template={template.data} service={service.data} earlier={earlier.data} />
    </div>
  );
}
