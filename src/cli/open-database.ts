/** What the commands around the database share: opening it beside a server, and saying errors in both languages. */
import type { Config } from '#platform/config';
import { openDatabase, type Database } from '#platform/database';
import { AppError, type Bilingual } from '#platform/errors';
import { CommandFailure } from './command-line.ts';

/** Runs `work` with the configured database, which is closed again; `exclusive` refuses to run beside a server. */
export async function withDatabase<T>(
  config: Config,
  options: { readonly exclusive: boolean },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return sayingErrors(async () => {
    const database = await openDatabase(config, { exclusive: options.exclusive, poolSize: 4 });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  });
}

/** Turns a refusal of the product into the end of the command, with its message in both languages. */
export async function sayingErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError)
      throw new CommandFailure(inBoth({ zh: error.text('zh-TW'), en: error.text('en') }));
    throw error;
  }
}

/** A text in both languages, the second one indented below the first. */
export function inBoth(text: Bilingual): string {
  return `${text.zh}\n        ${text.en}`;
}
