/** Compiled by Paraglide from `messages/*.json` of the shell and of every context when the console is built. */
declare module 'virtual:messages' {
  import type { Catalogue } from '#web/message-catalogue';

  export const m: Catalogue;
}

declare module 'virtual:language' {
  export type Locale = 'zh-TW' | 'en';
  export function getLocale(): Locale;
  export function setLocale(locale: Locale, options?: { reload?: boolean }): void;
}

declare module '*.css';

interface ImportMeta {
  /** Filled in when the console is built: the modules that match, by path. */
  glob<T>(pattern: string, options: { eager: true; import: 'default' }): Record<string, T>;
}
