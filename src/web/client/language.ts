/** The languages of the console. */
export type Language = 'zh-TW' | 'en';

let current: Language = 'zh-TW';
const watchers = new Set<() => void>();

/** The language that the person reads now; also sent with every call, so that problems come in it. */
export function language(): Language {
  return current;
}

/** Sets the language everywhere; `main.tsx` draws the page anew at the same address. */
export function changeLanguage(next: Language): void {
  if (next === current) return;
  current = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
  for (const watcher of watchers) watcher();
}

/** Calls back after each change; returns how to stop. */
export function onLanguage(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The text of a pair that an answer brings in both languages. */
export function pick(words: { readonly zh: string; readonly en: string }): string {
  return current === 'en' ? words.en : words.zh;
}
