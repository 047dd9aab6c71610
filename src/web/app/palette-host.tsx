import { lazy, Suspense, useEffect, useState } from 'react';

const load = () => import('./palette.tsx');
const Palette = lazy(load);
const opening = new EventTarget();

/** Opens the global search. */
export function openPalette(): void {
  opening.dispatchEvent(new Event('open'));
}

/** Holds the global search and loads it when it is first asked for: ⌘K, Ctrl K, or the button in the bar. */
export function PaletteHost() {
  const [state, setState] = useState({ wanted: false, open: false });
  useEffect(() => {
    const open = (): void => setState({ wanted: true, open: true });
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.isComposing ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.key.toLowerCase() !== 'k'
      )
        return;
      event.preventDefault();
      open();
    };
    // Fetched ahead, so that no letter typed right after the keys is lost.
    const ahead = setTimeout(() => void load(), 1500);
    opening.addEventListener('open', open);
    document.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(ahead);
      opening.removeEventListener('open', open);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  if (!state.wanted) return null;
  return (
    <Suspense fallback={null}>
      <Palette isOpen={state.open} onClose={() => setState({ wanted: true, open: false })} />
    </Suspense>
  );
}
