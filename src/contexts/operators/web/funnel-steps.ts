import type { FunnelStepRow } from '../contract.ts';

/** The steps that make the picture, from all rows to the firms that operate; the others are shown beside their step. */
export const mainSteps = [
  'register-rows',
  'with-item',
  'in-being',
  'with-item-and-activity',
  'operating',
  'operating-registered',
] as const;

export interface Stage {
  readonly step: FunnelStepRow;
  /** Share of the step that it is a part of, 0..1; null where it is a part of none. */
  readonly share: number | null;
  /** The step that it is a part of. */
  readonly whole: FunnelStepRow | null;
  /** Length of the bar, 0..1, by the logarithm of the count. */
  readonly length: number;
  readonly beside: readonly FunnelStepRow[];
}

/** Orders the steps of a run into the picture. Findings of rules are left out: they have their own part. */
export function stagesOf(funnel: readonly FunnelStepRow[]): Stage[] {
  const steps = funnel.filter(({ step }) => !step.startsWith('finding:'));
  const main = mainSteps.flatMap((name) => steps.find(({ step }) => step === name) ?? []);
  const most = Math.max(1, ...main.map(({ count }) => count));
  const taken = new Set<string>(main.map(({ step }) => step));
  return main.map((step) => {
    const whole = steps.find((other) => other.step === step.of) ?? null;
    const beside = steps.filter(
      (other) => !taken.has(other.step) && stageFor(other, steps, taken) === step.step,
    );
    return {
      step,
      share: whole === null || whole.count === 0 ? null : step.count / whole.count,
      whole,
      length: Math.log10(step.count + 1) / Math.log10(most + 1),
      beside,
    };
  });
}

/** Where a side step stands: beside the main step it is a part of; one that is a part of none beside those who operate. */
function stageFor(step: FunnelStepRow, steps: readonly FunnelStepRow[], main: ReadonlySet<string>): string {
  if (step.step === 'operating-with-item') return 'operating';
  if (step.of === null) return 'operating';
  if (main.has(step.of)) return step.of;
  const parent = steps.find((other) => other.step === step.of);
  return parent === undefined ? 'operating' : stageFor(parent, steps, main);
}
