/**
 * After a move to another page the focus belongs on its heading, so that it is read out and Tab goes on from there. It
 * stays wanted until the person does something: a heading drawn while loading may be replaced by the final one.
 */
let isAwaited = false;

/** A move to another page begins. */
export function expectArrival(): void {
  isAwaited = true;
  for (const act of ['keydown', 'pointerdown'] as const) {
    addEventListener(act, () => (isAwaited = false), { once: true, capture: true });
  }
}

/** Gives the focus to a heading that was just drawn, where a move led to it. */
export function arriveAt(heading: HTMLElement | null): void {
  if (isAwaited) heading?.focus({ preventScroll: true });
}
