import { Icon, type IconName } from './icon.tsx';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger' | 'accent';

const icons: Readonly<Record<Tone, IconName>> = {
  neutral: 'ring',
  info: 'info',
  success: 'check',
  warning: 'alert',
  danger: 'stop',
  accent: 'flag',
};

/** A state as mark and word; the colour only repeats it. */
export function StatusBadge({
  tone,
  label,
  icon,
}: {
  readonly tone: Tone;
  readonly label: string;
  readonly icon?: IconName;
}) {
  return (
    <span className={`x-badge x-badge--${tone}`}>
      <Icon name={icon ?? icons[tone]} size={14} />
      {label}
    </span>
  );
}
