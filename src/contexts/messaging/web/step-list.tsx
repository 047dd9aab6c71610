import { Icon } from '#web/index';

/** Steps of something in their order: those behind, the one under way, those ahead. */
export function StepList({
  label,
  steps,
  at,
}: {
  readonly label: string;
  readonly steps: readonly string[];
  /** The step under way; `steps.length` where all are behind. */
  readonly at: number;
}) {
  return (
    <ol className="ms-steps" aria-label={label}>
      {steps.map((step, index) => {
        const state = index < at ? 'behind' : index === at ? 'here' : 'ahead';
        return (
          <li key={step} data-state={state} {...(state === 'here' && { 'aria-current': 'step' })}>
            <span className="ms-steps__mark" aria-hidden="true">
              <Icon name={state === 'behind' ? 'check' : state === 'here' ? 'refresh' : 'ring'} size={16} />
            </span>
            {step}
          </li>
        );
      })}
    </ol>
  );
}
