import { m } from 'virtual:messages';

/** The mark: 信 (a person and their word), whose last stroke is a tick. */
export function Mark({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="x-mark-ground" width="32" height="32" rx="7" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="M11.6 6.2 6.2 15M9.2 12.4V26" />
        <path d="M14.6 11.4h11.6M15.8 15.4h9.2M15.8 19.2h2.4" />
        <path d="M15.9 22.1l2.9 3.6 6.4-6.5" />
      </g>
      <circle cx="20.4" cy="7" r="1.9" fill="#f0a15e" />
    </svg>
  );
}

/** Mark and name together, as on the top left of every page. */
export function Wordmark() {
  return (
    <span className="x-wordmark">
      <Mark size={34} />
      <span>
        <strong>{m.product_name()}</strong>
        <small>{m.product_tagline()}</small>
      </span>
    </span>
  );
}
