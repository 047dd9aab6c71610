/** `xinlai doctor`: every setting with its origin, and whether what the product needs is there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadConfig, type Config } from '#platform/config';
import { openDatabase } from '#platform/database';
import { filesFolderOf } from '#platform/files/files';
import { environmentName, secretSettings, settingsSchema, type SettingName } from '#platform/settings';
import packageJson from '../../package.json' with { type: 'json' };
import { bad, checkDatabase, checkFiles, checkKeys, checkSpace, good, type Check } from './doctor-checks.ts';
import { sayingErrors } from './open-database.ts';

export function define(command: Command): void {
  command.option('--json', '以 JSON 輸出 (machine-readable)').action(async (options: { json?: boolean }) => {
    const config = await sayingErrors(() => Promise.resolve().then(() => loadConfig()));
    const settings = settingsOf(config);
    const checks = [
      ...checkKeys(config),
      await checkSpace(config),
      await checkFiles(filesFolderOf(config.dataFolder)),
      ...(await databaseChecks(config)),
    ];
    const ok = checks.every((check) => check.state !== 'bad');
    process.exitCode = ok ? 0 : 1;
    if (options.json === true) {
      process.stdout.write(
        `${JSON.stringify({ ok, version: packageJson.version, node: process.version, settings, checks })}\n`,
      );
      return;
    }
    process.stdout.write(`Xinlai ${packageJson.version}, Node ${process.version}\n\n`);
    for (const { name, value, origin } of settings) process.stdout.write(`${name}=${value}  (${origin})\n`);
    process.stdout.write('\n');
    const marks = { good: '✓', warning: '!', bad: '✗' } as const;
    for (const check of checks) {
      process.stdout.write(`${marks[check.state]} ${check.name}: ${check.text.zh}\n`);
      if (check.text.en !== check.text.zh) process.stdout.write(`    ${check.text.en}\n`);
    }
  });
}

interface ShownSetting {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

function settingsOf(config: Config): ShownSetting[] {
  const names = Object.keys(settingsSchema.properties) as SettingName[];
  return names.map((name) => {
    const value = config.settings[name];
    const shown = value === undefined ? '' : secretSettings.has(name) ? '********' : String(value);
    return { name: environmentName(name), value: shown, origin: config.origins[name] };
  });
}

async function databaseChecks(config: Config): Promise<Check[]> {
  if (
    config.settings.databaseUrl === undefined &&
    !existsSync(join(config.dataFolder, 'postgres', 'PG_VERSION'))
  ) {
    return [
      good('database', '內建資料庫將於首次啟動時建立', 'the embedded database is made at the first start'),
    ];
  }
  try {
    const database = await openDatabase(config, { exclusive: false, poolSize: 2 });
    try {
      return await checkDatabase(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    return [bad('database', error)];
  }
}
