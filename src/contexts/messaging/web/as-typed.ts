/** A field of a form as it was typed, trimmed: not folded, for folding would change full-width signs of names and texts. */
export function asTyped(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
