import { m } from 'virtual:messages';
import { pick } from '#web/index';
import type { FindingDetail } from '../contract.ts';

const parts: Readonly<Record<string, { readonly label: () => string; readonly why: () => string }>> = {
  size: { label: () => m.operators_part_size(), why: () => m.operators_part_size_why() },
  repetition: { label: () => m.operators_part_repetition(), why: () => m.operators_part_repetition_why() },
  traffic: { label: () => m.operators_part_traffic(), why: () => m.operators_part_traffic_why() },
  age: { label: () => m.operators_part_age(), why: () => m.operators_part_age_why() },
};

/** What a part of the score is called. */
export function partLabel(part: string): string {
  return parts[part]?.label() ?? part;
}

/** Why a part of the score counts. */
export function partReason(part: string): string {
  return parts[part]?.why() ?? '';
}

/** A score as the sum of its parts: how much each adds, of how much it could, and what it looked at. */
export function ScoreParts({
  score,
  parts,
}: {
  readonly score: number;
  readonly parts: FindingDetail['scoreParts'];
}) {
  const most = parts.reduce((sum, part) => sum + part.weight, 0);
  return (
    <div className="x-card x-card--padded op-parts">
      <p className="op-parts__sum">
        <strong className="x-numbers">{score.toFixed(1)}</strong>
        <span className="x-muted">{m.operators_score_of({ most })}</span>
      </p>
      <dl>
        {parts.map((part) => (
          <div key={part.part}>
            <dt>
              {partLabel(part.part)}
              <span className="x-numbers">
                +{part.points.toFixed(1)} <span className="x-muted">/ {part.weight}</span>
              </span>
            </dt>
            <dd>
              <span className="op-parts__track" aria-hidden="true">
                <span style={{ width: `${part.weight === 0 ? 0 : (part.points / part.weight) * 100}%` }} />
              </span>
              <span>{pick(part)}</span>
              <span className="x-muted">{partReason(part.part)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
