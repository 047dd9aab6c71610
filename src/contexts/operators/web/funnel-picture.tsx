import type { ReactNode } from 'react';
import { m } from 'virtual:messages';
import { AppLink, count, Icon, pick } from '#web/index';
import type { FunnelStepRow } from '../contract.ts';
import { stagesOf, type Stage } from './funnel-steps.ts';

/** The picture of a run: each step a bar with its count, what it lost, and what lies beside it. Every count opens its list. */
export function FunnelPicture({
  funnel,
  run,
  brief = false,
}: {
  readonly funnel: readonly FunnelStepRow[];
  /** The run whose lists the counts open; the newest where it is left out. */
  readonly run?: string | undefined;
  /** Without what lies beside the steps. */
  readonly brief?: boolean;
}) {
  return (
    <div className="x-card op-funnel">
      <ol className="op-funnel__steps">
        {stagesOf(funnel).map((stage) => (
          <li key={stage.step.step} data-step={stage.step.step}>
            <Loss stage={stage} />
            <StepLink step={stage.step} run={run} className="op-step">
              <span className="op-step__count x-numbers">{count(stage.step.count)}</span>
              <span className="op-step__body">
                <span className="op-step__label">{pick(stage.step)}</span>
                <span className="op-step__bar" aria-hidden="true">
                  <span style={{ width: `${Math.max(stage.length * 100, 0.5)}%` }} />
                </span>
              </span>
            </StepLink>
            {brief || stage.beside.length === 0 ? null : <Beside steps={stage.beside} run={run} />}
          </li>
        ))}
      </ol>
      <p className="op-funnel__note">{m.operators_funnel_scale()}</p>
    </div>
  );
}

function Loss({ stage: { share, whole } }: { readonly stage: Stage }) {
  if (share === null || whole === null) return null;
  return (
    <p className="op-loss">
      <Icon name="down" size={14} />
      {m.operators_funnel_loss({
        whole: pick(whole),
        lost: percent(1 - share),
        left: percent(share),
      })}
    </p>
  );
}

function Beside({
  steps,
  run,
}: {
  readonly steps: readonly FunnelStepRow[];
  readonly run: string | undefined;
}) {
  return (
    <ul className="op-beside">
      {steps.map((step) => (
        <li key={step.step}>
          <StepLink step={step} run={run} className="op-beside__link">
            <span>{pick(step)}</span>
            <strong className="x-numbers">{count(step.count)}</strong>
          </StepLink>
        </li>
      ))}
    </ul>
  );
}

/** A step leads to the list that it counts. */
function StepLink({
  step,
  run,
  className,
  children,
}: {
  readonly step: FunnelStepRow;
  readonly run: string | undefined;
  readonly className: string;
  readonly children: ReactNode;
}) {
  if (step.opens?.list === 'operators') {
    return (
      <AppLink to="/operators" search={{ step: step.opens.key, run }} className={className}>
        {children}
      </AppLink>
    );
  }
  if (step.opens?.list === 'findings') {
    return (
      <AppLink to="/findings" search={{ rule: step.opens.key }} className={className}>
        {children}
      </AppLink>
    );
  }
  return (
    <AppLink to="/reconciliation" search={{ run, part: 'sources' }} className={className}>
      {children}
    </AppLink>
  );
}

/** 0.9953 is 99.5%; what is not all is never written as 100%. */
export function percent(share: number): string {
  const rounded = (share * 100).toFixed(1);
  if (rounded === '100.0' && share < 1) return '>99.9%';
  if (rounded === '0.0' && share > 0) return '<0.1%';
  return `${rounded.replace(/\.0$/, '')}%`;
}
