import { StatusBadge, type Tone } from '../components/status-badge.tsx';

const tones: readonly (readonly [from: number, tone: Tone])[] = [
  [500, 'danger'],
  [400, 'warning'],
  [300, 'info'],
  [200, 'success'],
];

/** The status of an answer, marked by its class. */
export function HttpStatus({ status }: { readonly status: number }) {
  return (
    <StatusBadge tone={tones.find(([from]) => status >= from)?.[1] ?? 'neutral'} label={String(status)} />
  );
}
