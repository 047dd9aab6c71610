import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useSignedIn } from '../app/viewer.tsx';
import { useList } from '../client/list.ts';
import { useAct } from '../client/use-answer.ts';
import { AppLink, ButtonLink } from '../components/app-link.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { roleLabel } from '../components/roles.ts';
import { EmptyState, Notice, problemText } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';

type Person = AnswerOf<typeof authRoutes.listPeople>['items'][number];
type Invitation = AnswerOf<typeof authRoutes.listInvitations>['items'][number];

const peopleColumns = (self: string | undefined): readonly Column<Person>[] => [
  {
    key: 'name',
    header: m.field_name(),
    isName: true,
    cell: (person) => (
      <>
        {person.name}
        {person.id === self ? <span className="x-muted"> {m.people_self()}</span> : null}
        <div className="x-muted">{person.email}</div>
      </>
    ),
  },
  {
    key: 'roles',
    header: m.field_roles(),
    cell: (person) => person.roles.map(roleLabel).join(m.list_separator()),
  },
  {
    key: 'factor',
    header: m.people_factor(),
    priority: 2,
    cell: (person) =>
      person.secondFactor ? (
        <StatusBadge tone="success" label={m.people_factor_yes()} />
      ) : (
        <StatusBadge tone="warning" label={m.people_factor_no()} />
      ),
  },
  {
    key: 'seen',
    header: m.people_seen(),
    priority: 3,
    cell: (person) => <Instant at={person.lastSeenAt} ago />,
  },
  {
    key: 'acts',
    header: m.field_acts(),
    cell: (person) => (
      <span className="x-row">
        <AppLink
          to="/settings/people/$id/roles"
          params={{ id: person.id }}
          label={m.roles_of({ name: person.name })}
        >
          {m.people_roles()}
        </AppLink>
        <AppLink
          to="/settings/people/$id/remove"
          params={{ id: person.id }}
          label={m.remove_of({ name: person.name })}
        >
          {m.people_remove()}
        </AppLink>
      </span>
    ),
  },
];

/** Who belongs to the organisation, and who is invited. */
export default function PeoplePage() {
  const viewer = useSignedIn();
  const people = useList(authRoutes.listPeople, { query: {} });
  const invite = (
    <ButtonLink to="/settings/people/invite" kind="primary">
      <Icon name="plus" size={16} />
      {m.people_invite()}
    </ButtonLink>
  );
  return (
    <div className="x-page">
      <PageHeader title={m.page_people()} lead={m.people_lead()} actions={invite} />
      <DataTable
        caption={m.page_people()}
        columns={peopleColumns(viewer.person?.id)}
        list={people}
        rowKey={(person) => person.id}
        empty={<EmptyState icon="people" title={m.people_none()} action={invite} />}
      />
      <Invitations />
    </div>
  );
}

function Invitations() {
  const act = useAct();
  const [problem, setProblem] = useState<string | null>(null);
  const list = useList(authRoutes.listInvitations, { query: {} }, { cursorName: 'invitations' });
  const withdraw = (invitation: Invitation) => async () => {
    setProblem(null);
    await act(authRoutes.withdrawInvitation, { params: { id: invitation.id } }).catch((error: unknown) =>
      setProblem(problemText(error as Error)),
    );
  };
  if (list.rows?.length === 0) return null;
  return (
    <Section title={m.people_invited()}>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <DataTable
        caption={m.people_invited()}
        list={list}
        rowKey={(invitation) => invitation.id}
        columns={[
          {
            key: 'name',
            header: m.field_name(),
            isName: true,
            cell: (invitation) => (
              <>
                {invitation.name}
                <div className="x-muted">{invitation.email}</div>
              </>
            ),
          },
          {
            key: 'roles',
            header: m.field_roles(),
            priority: 2,
            cell: (invitation) => invitation.roles.map(roleLabel).join(m.list_separator()),
          },
          {
            key: 'until',
            header: m.field_valid_until(),
            priority: 2,
            cell: (invitation) => <Instant at={invitation.expiresAt} ago />,
          },
          {
            key: 'acts',
            header: m.field_acts(),
            cell: (invitation) => (
              <button
                type="button"
                className="x-textbutton"
                aria-label={m.withdraw_of({ name: invitation.name })}
                onClick={() => void withdraw(invitation)()}
              >
                {m.people_withdraw()}
              </button>
            ),
          },
        ]}
        empty={null}
      />
    </Section>
  );
}
