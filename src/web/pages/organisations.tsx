import { authRoutes } from '#platform/auth/contract';
import type { AnswerOf } from '#platform/http/contract';
import { organisationKinds } from '#platform/access';
import { m } from 'virtual:messages';
import { pick } from '../client/language.ts';
import { useList } from '../client/list.ts';
import { oneOf } from '../client/search-params.ts';
import { useUrlState } from '../client/url-state.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant, Ubn } from '../components/figures.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { EmptyState } from '../components/states.tsx';
import { kindLabel } from '../components/kinds.ts';

type Organisation = AnswerOf<typeof authRoutes.listOrganisations>['items'][number];

const schema = { kind: oneOf(...organisationKinds) };

const columns = (): readonly Column<Organisation>[] => [
  {
    key: 'name',
    header: m.field_name(),
    isName: true,
    cell: (one) => pick({ zh: one.nameZh, en: one.nameEn }),
  },
  { key: 'kind', header: m.organisation_kind(), cell: (one) => kindLabel(one.kind) },
  { key: 'ubn', header: m.organisation_ubn(), priority: 2, cell: (one) => <Ubn value={one.ubn} /> },
  { key: 'people', header: m.organisation_people(), priority: 2, numeric: true, cell: (one) => one.people },
  { key: 'since', header: m.job_created(), priority: 3, cell: (one) => <Instant at={one.createdAt} /> },
];

/** Every organisation on the platform; for administrators of the ministry. */
export default function OrganisationsPage() {
  const [search, setSearch] = useUrlState(schema);
  const list = useList(authRoutes.listOrganisations, { query: search });
  const add = (
    <ButtonLink to="/settings/organisations/new" kind="primary">
      <Icon name="plus" size={16} />
      {m.organisation_add()}
    </ButtonLink>
  );
  return (
    <div className="x-page">
      <PageHeader title={m.page_organisations()} lead={m.organisations_lead()} actions={add} />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'kind',
            label: m.organisation_kind(),
            options: organisationKinds.map((kind) => ({ value: kind, label: kindLabel(kind) })),
          },
        ]}
      />
      <DataTable
        caption={m.page_organisations()}
        columns={columns()}
        list={list}
        rowKey={(one) => one.id}
        empty={<EmptyState icon="building" title={m.organisations_none()} action={add} />}
      />
    </div>
  );
}
