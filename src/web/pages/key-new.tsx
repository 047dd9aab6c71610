import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import { permissions, type Permission, type Role } from '#platform/access';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useSignedIn } from '../app/viewer.tsx';
import { useAct } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import {
  ChecksField,
  Form,
  SelectField,
  TextAreaField,
  TextField,
  type Values,
} from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { roleLabel } from '../components/roles.ts';
import { NewSecret } from './new-secret.tsx';

type NewKey = AnswerOf<typeof authRoutes.createKey>;

/** A new API key: name, space, roles, scopes, networks, end. Its secret is shown once. */
export default function KeyNewPage() {
  const viewer = useSignedIn();
  const act = useAct();
  const [made, setMade] = useState<NewKey | null>(null);
  if (made !== null) return <NewSecret secret={made.secret} name={made.name} />;
  const create = async (values: Values, form: FormData): Promise<void> => {
    const chosen = form.getAll('roles') as Role[];
    const scopes = form.getAll('scopes') as Permission[];
    const networks = (values['networks'] ?? '').split(/[\s,]+/).filter((network) => network !== '');
    const { expiresOn = '' } = values;
    setMade(
      await act(authRoutes.createKey, {
        body: {
          name: values['name'] ?? '',
          space: values['space'] === 'live' ? 'live' : 'test',
          ...(chosen.length > 0 && { roles: chosen }),
          ...(scopes.length > 0 && { scopes }),
          networks,
          expiresAt: expiresOn === '' ? null : new Date(`${expiresOn}T23:59:59+08:00`).toISOString(),
        },
      }),
    );
  };
  const back = { label: m.page_keys(), to: '/developer/keys' };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_key_new()} lead={m.key_new_lead()} back={back} />
      <Form
        submitLabel={m.key_create()}
        onSubmit={create}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
      >
        <TextField name="name" label={m.field_name()} hint={m.key_name_hint()} maxLength={100} required />
        <SelectField
          name="space"
          label={m.key_space()}
          hint={m.key_space_hint()}
          required
          defaultValue={viewer.space}
          options={[
            { value: 'test', label: m.space_test() },
            { value: 'live', label: m.space_live() },
          ]}
        />
        <ChecksField
          name="roles"
          legend={m.field_roles()}
          hint={m.key_roles_hint()}
          options={viewer.roles.map((role) => ({ value: role, label: roleLabel(role) }))}
          checked={viewer.roles}
        />
        <ChecksField
          name="scopes"
          legend={m.key_scopes()}
          hint={m.key_scopes_hint()}
          options={permissions
            .filter((permission) => viewer.permissions.includes(permission))
            .map((permission) => ({ value: permission, label: permission }))}
        />
        <TextAreaField name="networks" label={m.key_networks()} hint={m.key_networks_hint()} rows={3} />
        <TextField name="expiresOn" label={m.key_expires()} type="date" width="short" />
      </Form>
    </div>
  );
}
