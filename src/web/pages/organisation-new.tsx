import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import { organisationKinds, type OrganisationKind } from '#platform/access';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { CodeBlock } from '../components/copy-button.tsx';
import { Instant } from '../components/figures.tsx';
import { Form, SelectField, TextField, type Values } from '../components/form.tsx';
import { kindLabel } from '../components/kinds.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Notice } from '../components/states.tsx';

type Made = AnswerOf<typeof authRoutes.createOrganisation>;

/** Adds an organisation and invites the person who will manage it. */
export default function OrganisationNewPage() {
  const act = useAct();
  const [made, setMade] = useState<Made | null>(null);
  const back = { label: m.page_organisations(), to: '/settings/organisations' };
  if (made !== null) {
    return (
      <div className="x-page x-page--narrow">
        <PageHeader title={m.organisation_made({ name: made.organisation.nameZh })} back={back} />
        {made.invitation === null ? null : (
          <Notice tone="success">
            {made.invitation.link === null
              ? m.invited_mailed({ email: made.invitation.email })
              : m.invited_link()}{' '}
            <Instant at={made.invitation.expiresAt} ago />
          </Notice>
        )}
        {typeof made.invitation?.link === 'string' ? (
          <CodeBlock label={m.invited_link_label()} text={made.invitation.link} />
        ) : null}
      </div>
    );
  }
  const create = async (values: Values): Promise<void> => {
    const { ubn = '', email = '', name = '' } = values;
    setMade(
      await act(authRoutes.createOrganisation, {
        body: {
          kind: values['kind'] as OrganisationKind,
          nameZh: values['nameZh'] ?? '',
          nameEn: values['nameEn'] ?? '',
          ...(ubn !== '' && { ubn }),
          administrator: { email, name },
        },
      }),
    );
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.organisation_add()} back={back} />
      <Form
        submitLabel={m.organisation_add()}
        onSubmit={create}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
      >
        <SelectField
          name="kind"
          label={m.organisation_kind()}
          required
          defaultValue="operator"
          options={organisationKinds.map((kind) => ({ value: kind, label: kindLabel(kind) }))}
        />
        <TextField name="nameZh" label={m.organisation_name_zh()} maxLength={100} required />
        <TextField name="nameEn" label={m.organisation_name_en()} maxLength={150} required />
        <TextField
          name="ubn"
          label={m.organisation_ubn()}
          hint={m.organisation_ubn_hint()}
          inputMode="numeric"
          maxLength={8}
          width="short"
        />
        <TextField name="name" label={m.organisation_administrator()} maxLength={100} required />
        <TextField
          name="email"
          label={m.field_email()}
          type="email"
          inputMode="email"
          maxLength={254}
          required
        />
      </Form>
    </div>
  );
}
