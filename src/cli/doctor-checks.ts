import { existsSync, readdirSync, statSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import { AppError, type Bilingual } from '#platform/errors';
import { keyFolderOf, openRootKeys, rootKeyFile } from '#platform/vault/vault';
import { allMigrations } from '../migrations.ts';
import { pendingMigrations } from './pending-migrations.ts';

/** One thing looked at. */
export interface Check {
  readonly name: string;
  readonly state: 'good' | 'warning' | 'bad';
  readonly text: Bilingual;
}

const GIB = 1024 ** 3;
/** Free space below which a warning is given, and below which the product is about to stop. */
const SPACE_WARNING = 5 * GIB;
const SPACE_BAD = GIB;
/** Seconds by which the clocks of this machine and of the database may differ. */
const CLOCK_SECONDS = 5;

/** Looks at the keys, without making any. */
export function checkKeys(config: Config): Check[] {
  const file = rootKeyFile(config);
  const checks: Check[] = [];
  if (config.settings.mode === 'sandbox' && config.settings.vaultKeyFile === undefined && !existsSync(file)) {
    return [good('root key', `${file} 將於首次啟動時建立`, `${file} is made at the first start`)];
  }
  try {
    openRootKeys(config);
    checks.push(good('root key', file, file));
  } catch (error) {
    checks.push(bad('root key', error));
  }
  const folder = keyFolderOf(config);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    const mode = statSync(path).mode & 0o777;
    if ((mode & 0o077) === 0 || name === 'audit-verifiers.txt') continue;
    const shown = mode.toString(8).padStart(4, '0');
    checks.push(
      warning(
        'key files',
        `${path} 的權限是 ${shown}，應為 0600`,
        `${path} has mode ${shown}; it should be 0600`,
      ),
    );
  }
  return checks;
}

/** Looks at the free space of the data folder. */
export async function checkSpace(config: Config): Promise<Check> {
  const folder = existsSync(config.dataFolder) ? config.dataFolder : join(config.dataFolder, '..');
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const size = `${(free / GIB).toFixed(1)} GiB`;
    if (free < SPACE_BAD)
      return {
        ...warning('disk space', `${folder} 只剩 ${size}`, `only ${size} left in ${folder}`),
        state: 'bad',
      };
    if (free < SPACE_WARNING)
      return warning('disk space', `${folder} 只剩 ${size}`, `only ${size} left in ${folder}`);
    return good('disk space', `可用 ${size}`, `${size} free`);
  } catch (error) {
    return bad('disk space', error);
  }
}

/** Looks at the database: reach, version, Chinese search, clock, migrations, sealing. */
export async function checkDatabase(database: Database): Promise<Check[]> {
  const { rows } = await database.pool.query<{
    version: string;
    found: boolean;
    seconds: number;
    superuser: boolean;
  }>(
    `select current_setting('server_version') as version, public.show_trgm('綠界科技') <> '{}' as found,
       extract(epoch from clock_timestamp())::float8 as seconds, current_setting('is_superuser') = 'on' as superuser`,
  );
  const [row] = rows;
  if (row === undefined) return [];
  const apart = Math.abs(row.seconds - Date.now() / 1000);
  const { names: pending } = await pendingMigrations(database, allMigrations);
  const checks: Check[] = [
    Number.parseInt(row.version, 10) >= 18
      ? good('database', `PostgreSQL ${row.version}`, `PostgreSQL ${row.version}`)
      : warning(
          'database',
          `PostgreSQL ${row.version}，應為 18 以上`,
          `PostgreSQL ${row.version}; 18 or newer is wanted`,
        ),
    row.found
      ? good('chinese search', '可搜尋中文', 'trigrams of Chinese are found')
      : { ...warning('chinese search', '無法搜尋中文', 'Chinese cannot be searched'), state: 'bad' },
    apart < CLOCK_SECONDS
      ? good('clock', `與資料庫相差 ${apart.toFixed(1)} 秒`, `${apart.toFixed(1)} s apart from the database`)
      : {
          ...warning(
            'clock',
            `與資料庫相差 ${apart.toFixed(0)} 秒`,
            `${apart.toFixed(0)} s apart from the database`,
          ),
          state: 'bad',
        },
    pending.length === 0
      ? good('migrations', '皆已套用', 'all applied')
      : warning(
          'migrations',
          `${pending.length} 項待套用，請執行 xinlai upgrade`,
          `${pending.length} pending; run \`xinlai upgrade\``,
        ),
  ];
  if (!pending.some((name) => name.startsWith('audit/'))) checks.push(await checkSealing(database));
  return checks;
}

async function checkSealing(database: Database): Promise<Check> {
  const { rows } = await database.pool.query<{ late: number }>(
    `select count(*)::int as late from audit.entry where seq is null and at < now() - interval '5 minutes'`,
  );
  const late = rows[0]?.late ?? 0;
  if (late === 0) return good('audit', '稽核紀錄皆已封存', 'no record waits for sealing');
  return warning(
    'audit',
    `${late} 筆稽核紀錄逾 5 分鐘未封存`,
    `${late} audit records wait for sealing for over 5 minutes`,
  );
}

/** Whether the file store can be written where it is. */
export async function checkFiles(folder: string): Promise<Check> {
  const kept = await readdir(folder).catch(() => null);
  if (kept === null) return good('files', '將於首次收件時建立', 'made when the first file comes in');
  return good('files', folder, folder);
}

/** What went wrong, as a check. */
export function bad(name: string, error: unknown): Check {
  const text =
    error instanceof AppError
      ? { zh: error.text('zh-TW'), en: error.text('en') }
      : { zh: (error as Error).message, en: (error as Error).message };
  return { name, state: 'bad', text };
}

export function good(name: string, zh: string, en: string): Check {
  return { name, state: 'good', text: { zh, en } };
}

function warning(name: string, zh: string, en: string): Check {
  return { name, state: 'warning', text: { zh, en } };
}
