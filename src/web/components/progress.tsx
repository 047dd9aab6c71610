/** How far something is; without a total it only says that it moves. */
export function Progress({
  label,
  done,
  total,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
}) {
  const share = total === null || total === 0 ? null : Math.min(100, Math.round((done / total) * 100));
  return (
    <span className="x-progress">
      <progress aria-label={label} max={100} {...(share !== null && { value: share })} />
      <span className="x-numbers">{share === null ? done.toLocaleString('en-US') : `${share}%`}</span>
    </span>
  );
}
