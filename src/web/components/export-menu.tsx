import { Menu } from '@mantine/core';
import { m } from 'virtual:messages';
import { Icon } from './icon.tsx';

export interface ExportFormat {
  readonly label: string;
  /** Address that answers with the file, filters included; see `addressOf`. */
  readonly href: string;
}

/** The list as files, with the filters that are set. */
export function ExportMenu({ formats }: { readonly formats: readonly ExportFormat[] }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="x-button x-button--quiet">
          <Icon name="download" size={16} />
          {m.export_button()}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format.label} component="a" href={format.href} download>
            {format.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
