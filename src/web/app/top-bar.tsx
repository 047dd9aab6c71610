import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { signOut } from '../client/sign-in.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { JobTray } from './job-tray.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { NotificationBell } from './notification-bell.tsx';
import { OrganisationSwitch } from './organisation-switch.tsx';
import { forgetLook, useScheme } from './own-look.ts';
import { openPalette } from './palette-host.tsx';
import { useSignedIn } from './viewer.tsx';

/** The bar on top: menu (phones), search, organisation, jobs, notifications, language, scheme, account. */
export function TopBar({ menuOpen, onMenu }: { readonly menuOpen: boolean; readonly onMenu: () => void }) {
  return (
    <header className="x-bar x-no-print">
      <button
        type="button"
        className="x-bar__button x-bar__menu"
        aria-expanded={menuOpen}
        aria-controls="navigation"
        onClick={onMenu}
      >
        <Icon name={menuOpen ? 'close' : 'menu'} />
        <span>{m.shell_menu()}</span>
      </button>
      <button
        type="button"
        className="x-bar__search"
        onClick={openPalette}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <Icon name="search" size={18} />
        <span>{m.shell_search()}</span>
        <kbd aria-hidden="true">{/Mac|iP/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <div className="x-bar__right">
        <OrganisationSwitch />
        <JobTray />
        <NotificationBell />
        <LanguageSwitch />
        <SchemeSwitch />
        <Account />
      </div>
    </header>
  );
}

const schemes: readonly {
  readonly value: 'light' | 'dark' | 'auto';
  readonly icon: IconName;
  readonly label: () => string;
}[] = [
  { value: 'auto', icon: 'screen', label: () => m.scheme_auto() },
  { value: 'light', icon: 'sun', label: () => m.scheme_light() },
  { value: 'dark', icon: 'moon', label: () => m.scheme_dark() },
];

function SchemeSwitch() {
  const [colorScheme, setColorScheme] = useScheme();
  const current = schemes.find(({ value }) => value === colorScheme) ?? schemes[0]!;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className="x-bar__button"
          aria-label={m.scheme_label({ scheme: current.label() })}
        >
          <Icon name={current.icon} size={18} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, icon, label }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon name={icon} size={16} />}
            rightSection={value === colorScheme ? <Icon name="check" size={16} /> : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Account() {
  const viewer = useSignedIn();
  const navigate = useNavigate();
  const client = useQueryClient();
  const name = viewer.person?.name ?? viewer.organisation.nameZh;
  const leave = async (): Promise<void> => {
    await signOut().catch(() => null);
    await navigate({ to: '/sign-in' });
    client.clear();
    forgetLook(client);
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className="x-bar__button x-bar__account">
          <span className="x-initial" aria-hidden="true">
            {name.slice(0, 1)}
          </span>
          <span className="x-bar__name">{name}</span>
          <Icon name="down" size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{viewer.person?.email}</Menu.Label>
        <Menu.Item
          leftSection={<Icon name="person" size={16} />}
          onClick={() => void navigate({ to: '/settings/profile' })}
        >
          {m.page_profile()}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="exit" size={16} />} onClick={() => void leave()}>
          {m.sign_out()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
