import { m } from 'virtual:messages';
import { count } from '#web/index';

/** How much of a month's parts is used, with a line where the warning begins. */
export function QuotaBar({
  used,
  limit,
  warnPercent,
}: {
  readonly used: number;
  readonly limit: number;
  readonly warnPercent: number;
}) {
  const share = limit === 0 ? 100 : Math.min(100, (used / limit) * 100);
  return (
    <div className="ms-quota" data-warns={share >= warnPercent}>
      <div
        className="ms-quota__bar"
        role="meter"
        aria-label={m.messaging_quota_bar()}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        aria-valuetext={m.messaging_quota_of({ used: count(used), limit: count(limit) })}
      >
        <span style={{ inlineSize: `${share}%` }} />
        <i style={{ insetInlineStart: `${warnPercent}%` }} />
      </div>
      <p className="ms-lead x-muted x-numbers">
        {m.messaging_quota_of({ used: count(used), limit: count(limit) })}
      </p>
    </div>
  );
}
