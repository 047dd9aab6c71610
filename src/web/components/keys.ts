/** True where a press is meant for typing, or for the browser, and not for a list: input methods compose with letters. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey)
    return true;
  const target = event.target as HTMLElement | null;
  if (target === null) return false;
  return (
    target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest('[role="dialog"], [role="menu"]') !== null
  );
}
