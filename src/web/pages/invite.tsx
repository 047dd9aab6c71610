import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import type { Role } from '#platform/access';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { CodeBlock } from '../components/copy-button.tsx';
import { Instant } from '../components/figures.tsx';
import { ChecksField, Form, TextField, type Values } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { roleOptions } from '../components/roles.ts';
import { Notice } from '../components/states.tsx';

/** Invites a person by mail; where no mail goes out, the one-time link is shown to hand over. */
export default function InvitePage() {
  const act = useAct();
  const [made, setMade] = useState<AnswerOf<typeof authRoutes.invite> | null>(null);
  const back = { label: m.page_people(), to: '/settings/people' };
  const invite = async (values: Values, form: FormData): Promise<void> => {
    const roles = form.getAll('roles') as Role[];
    setMade(
      await act(authRoutes.invite, {
        body: { name: values['name'] ?? '', email: values['email'] ?? '', roles },
      }),
    );
  };
  if (made !== null) {
    return (
      <div className="x-page x-page--narrow">
        <PageHeader title={m.invited_title({ name: made.name })} back={back} />
        <Notice tone="success">
          {made.link === null ? m.invited_mailed({ email: made.email }) : m.invited_link()}{' '}
          <Instant at={made.expiresAt} ago />
        </Notice>
        {made.link === null ? null : <CodeBlock label={m.invited_link_label()} text={made.link} />}
        <p>
          <ButtonLink to={back.to} kind="primary">
            {m.page_people()}
          </ButtonLink>
        </p>
      </div>
    );
  }
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_invite()} back={back} />
      <Form
        submitLabel={m.invite_submit()}
        onSubmit={invite}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
      >
        <TextField name="name" label={m.field_name()} maxLength={100} required />
        <TextField
          name="email"
          label={m.field_email()}
          type="email"
          inputMode="email"
          maxLength={254}
          required
        />
        <ChecksField name="roles" legend={m.field_roles()} options={roleOptions()} checked={['viewer']} />
      </Form>
    </div>
  );
}
