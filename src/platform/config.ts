import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import Value from 'typebox/value';
import { defineErrors } from './errors.ts';
import { environmentName, settingsSchema, type SettingName, type Settings } from './settings.ts';

const errors = defineErrors('config', {
  invalid: {
    status: 500,
    zh: '設定 {name} 的值不正確：{problem}（來源：{origin}）。請更正後再啟動。',
    en: 'setting {name} is not valid: {problem} (from {origin}). Correct it and start again.',
  },
  unknown: {
    status: 500,
    zh: '設定檔 {origin} 有不認得的設定 {name}。',
    en: 'the configuration file {origin} has an unknown setting {name}.',
  },
  unreadable: {
    status: 500,
    zh: '無法讀取設定檔 {origin}：{problem}',
    en: 'cannot read the configuration file {origin}: {problem}',
  },
});

/** Where the value of a setting came from, for `xinlai doctor`. */
export type Origins = Readonly<Record<SettingName, string>>;

export interface Config {
  readonly settings: Settings;
  readonly origins: Origins;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
}

const names = Object.keys(settingsSchema.properties) as SettingName[];

/** Reads defaults < file < environment, validates, and makes paths absolute. Throws `config.*` on anything wrong. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, folder = process.cwd()): Config {
  const dataFolder = absolute(env['XINLAI_DATA'] ?? './data', folder);
  const file = absolute(env['XINLAI_CONFIG'] ?? join(dataFolder, 'xinlai.json'), folder);
  const fromFile = readFile(file, env['XINLAI_CONFIG'] !== undefined);
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const name of names) {
    const variable = environmentName(name);
    const secretFile = name.endsWith('File') ? undefined : env[`${variable}_FILE`];
    if (env[variable] !== undefined && env[variable] !== '') {
      values[name] = env[variable];
      origins[name] = variable;
    } else if (secretFile !== undefined && secretFile !== '') {
      values[name] = readSecret(name, absolute(secretFile, folder));
      origins[name] = `${variable}_FILE`;
    } else if (name in fromFile) {
      values[name] = fromFile[name];
      origins[name] = file;
    } else {
      origins[name] = 'default';
    }
  }
  const settings = Value.Default(settingsSchema, Value.Convert(settingsSchema, values)) as Settings;
  const [problem] = Value.Errors(settingsSchema, settings);
  if (problem !== undefined) {
    const name = problem.instancePath.slice(1) as SettingName;
    throw errors.invalid({
      name: environmentName(name),
      problem: problem.message,
      origin: origins[name] ?? 'default',
    });
  }
  return {
    settings: {
      ...settings,
      ...(settings.vaultKeyFile && { vaultKeyFile: absolute(settings.vaultKeyFile, folder) }),
    },
    origins: origins as Origins,
    dataFolder: absolute(settings.data, folder),
  };
}

function absolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : resolve(folder, path);
}

function readSecret(name: SettingName, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw errors.invalid(
      { name: environmentName(name), problem: (cause as Error).message, origin: path },
      { cause },
    );
  }
}

function readFile(file: string, required: boolean): Record<string, unknown> {
  if (!required && !existsSync(file)) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw errors.unreadable({ origin: file, problem: (cause as Error).message }, { cause });
  }
  const values = parsed as Record<string, unknown>;
  for (const name of Object.keys(values)) {
    if (!(names as string[]).includes(name)) throw errors.unknown({ name, origin: file });
  }
  return values;
}
