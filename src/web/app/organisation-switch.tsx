import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { authRoutes } from '#platform/auth/contract';
import { m } from 'virtual:messages';
import { call } from '../client/call.ts';
import { pick } from '../client/language.ts';
import { Icon } from '../components/icon.tsx';
import { useSignedIn } from './viewer.tsx';

const named = (one: { nameZh: string; nameEn: string }): string => pick({ zh: one.nameZh, en: one.nameEn });

/** For whom the person works now; who belongs to several may change it. */
export function OrganisationSwitch() {
  const viewer = useSignedIn();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (viewer.organisations.length < 2) {
    return (
      <span className="x-bar__organisation">
        <Icon name="building" size={16} />
        {named(viewer.organisation)}
      </span>
    );
  }
  const choose = async (organisationId: string): Promise<void> => {
    await call(authRoutes.switchOrganisation, { body: { organisationId } });
    await navigate({ to: '/' });
    await client.resetQueries();
  };
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button
          type="button"
          className="x-bar__button x-bar__organisation"
          aria-label={m.organisation_switch({ name: named(viewer.organisation) })}
        >
          <Icon name="building" size={16} />
          {named(viewer.organisation)}
          <Icon name="down" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{m.organisation_choose()}</Menu.Label>
        {viewer.organisations.map((one) => (
          <Menu.Item
            key={one.id}
            rightSection={one.id === viewer.organisation.id ? <Icon name="check" size={16} /> : undefined}
            onClick={() => void choose(one.id)}
          >
            {named(one)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
