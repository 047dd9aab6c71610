import type { MigrationSet } from '../migrate.ts';

/** Tables of the HTTP layer: idempotency and the request log. */
export const httpMigrations: MigrationSet = {
  schema: 'http',
  folder: new URL('./migrations/', import.meta.url),
};
