import { language } from '#web/index';

/** Several things in a row, parted as the reader's language parts them. */
export const listed = (values: readonly string[]): string =>
  values.join(language() === 'en' ? ', ' : '\u3001');
