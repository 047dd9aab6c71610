import { useNavigate } from '@tanstack/react-router';
import { authRoutes } from '#platform/auth/contract';
import type { Role } from '#platform/access';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { ChecksField, Form } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { roleOptions } from '../components/roles.ts';
import { FoundPage } from './found-page.tsx';

/** What a person may do; works from their next request on. */
export default function RolesPage() {
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.page_people(), to: '/settings/people' };
  return (
    <FoundPage route={authRoutes.listPeople} title={m.page_roles()} back={back}>
      {(person) => (
        <div className="x-page x-page--narrow">
          <PageHeader title={m.roles_of({ name: person.name })} lead={m.roles_lead()} back={back} />
          <Form
            submitLabel={m.save()}
            aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
            onSubmit={async (_, form) => {
              await act(authRoutes.changeRoles, {
                params: { id: person.id },
                body: { roles: form.getAll('roles') as Role[] },
              });
              await navigate({ to: back.to });
            }}
          >
            <ChecksField
              name="roles"
              legend={m.field_roles()}
              options={roleOptions()}
              checked={person.roles}
            />
          </Form>
        </div>
      )}
    </FoundPage>
  );
}
