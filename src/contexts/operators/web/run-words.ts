import { m } from 'virtual:messages';
import type { Tone } from '#web/index';

const states: Readonly<Record<string, { readonly label: () => string; readonly tone: Tone }>> = {
  running: { label: () => m.operators_run_running(), tone: 'info' },
  done: { label: () => m.operators_run_done(), tone: 'success' },
  failed: { label: () => m.operators_run_state_failed(), tone: 'danger' },
};

/** The state of a run in a word. */
export function runStateWord(state: string): { readonly label: string; readonly tone: Tone } {
  return { label: states[state]?.label() ?? state, tone: states[state]?.tone ?? 'neutral' };
}
