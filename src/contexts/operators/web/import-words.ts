import { m } from 'virtual:messages';
import type { Tone } from '#web/index';

const states: Readonly<Record<string, { readonly label: () => string; readonly tone: Tone }>> = {
  previewed: { label: () => m.operators_import_previewed(), tone: 'warning' },
  running: { label: () => m.operators_import_running(), tone: 'info' },
  done: { label: () => m.operators_import_done(), tone: 'success' },
  failed: { label: () => m.operators_import_failed(), tone: 'danger' },
  cancelled: { label: () => m.operators_import_cancelled(), tone: 'neutral' },
};

/** The state of an import in a word. */
export function importStateWord(state: string): { readonly label: string; readonly tone: Tone } {
  return { label: states[state]?.label() ?? state, tone: states[state]?.tone ?? 'neutral' };
}
