import { useNavigate } from '@tanstack/react-router';
import { authRoutes } from '#platform/auth/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ConfirmPage } from '../components/confirm-page.tsx';
import { Instant } from '../components/figures.tsx';
import { roleLabel } from '../components/roles.ts';
import { FoundPage } from './found-page.tsx';

/** Takes a person out of the organisation. */
export default function RemovePersonPage() {
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.page_people(), to: '/settings/people' };
  return (
    <FoundPage route={authRoutes.listPeople} title={m.page_remove_person()} back={back}>
      {(person) => (
        <ConfirmPage
          title={m.remove_of({ name: person.name })}
          back={back}
          consequence={m.remove_text()}
          facts={[
            { label: m.field_name(), value: person.name },
            { label: m.field_email(), value: person.email },
            { label: m.field_roles(), value: person.roles.map(roleLabel).join(m.list_separator()) },
            { label: m.people_since(), value: <Instant at={person.memberSince} /> },
          ]}
          mustType={person.name}
          confirmLabel={m.people_remove()}
          onConfirm={async () => {
            await act(authRoutes.removePerson, { params: { id: person.id } });
            await navigate({ to: back.to });
          }}
        />
      )}
    </FoundPage>
  );
}
