/** The reference pages that follow from the code: errors and settings. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allErrors, type ErrorDefinition } from '#platform/errors';
import { environmentName, secretSettings, settingsSchema, type SettingName } from '#platform/settings';

const GENERATED = '<!-- Written by `node scripts/write-docs.ts`; a test fails where it is stale. -->';

/** Every error that the code defines, by area; loads each file that defines some. */
export async function errorsPage(root: string): Promise<string> {
  const files = globSync('src/**/*.ts', { cwd: root }).filter(
    (path) =>
      !path.endsWith('.test.ts') && /\bdefineErrors\(\s*'/.test(readFileSync(join(root, path), 'utf8')),
  );
  for (const file of files) await import(join(root, file));
  const areas = Map.groupBy(
    [...allErrors()].sort(([a], [b]) => (a < b ? -1 : 1)),
    ([code]) => code.split('.', 1)[0] ?? code,
  );
  const sections = [...areas].map(([area, errors]) => `## ${area}\n\n${errorTable(errors)}`);
  return `# 錯誤代碼 Errors

${GENERATED}

介面以 \`application/problem+json\`（RFC 9457）回覆錯誤；\`code\` 不會改變，文字可能改進。\`errors[]\` 以 JSON pointer 指出每個欄位的問題。
The API answers errors as \`application/problem+json\`; \`code\` is stable, texts may improve. \`{…}\` is filled in. “again later”
means that the same request may succeed later; anything else needs a change first.

${sections.join('\n\n')}
`;
}

function errorTable(errors: readonly (readonly [string, ErrorDefinition])[]): string {
  const rows = errors.map(([code, { status, retryable, zh, en }]) => {
    const later = retryable === true ? ' again later' : '';
    return `| <a id="${code}"></a>\`${code}\` | ${status}${later} | ${cell(zh)}<br>${cell(en)} |`;
  });
  return ['| code | status | zh-TW, English |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Every setting with its environment variable, default and meaning. */
export function settingsPage(): string {
  const rows = Object.entries(settingsSchema.properties).map(([key, schema]) => {
    const name = key as SettingName;
    const { default: preset, description, minimum, maximum, anyOf } = schema as SettingSchema;
    const choices = anyOf?.map((one) => `\`${one.const}\``).join(', ');
    const range = minimum === undefined || maximum === undefined ? '' : ` (${minimum}–${maximum})`;
    const secret = secretSettings.has(name) ? ' Secret: never printed.' : '';
    const value = preset === undefined || preset === '' ? '–' : `\`${String(preset)}\``;
    const choice = choices === undefined ? '' : ` One of ${choices}.`;
    return `| \`${key}\` | \`${environmentName(name)}\` | ${value} | ${cell(description ?? '')}${range}.${choice}${secret} |`;
  });
  return `# 設定 Settings

${GENERATED}

每項設定可用環境變數，或寫在設定檔（JSON，預設為 \`<data>/xinlai.json\`，可用 \`XINLAI_CONFIG\` 指定）；環境變數優先。
A setting comes from its environment variable, else from the configuration file (JSON with the names of the first column;
\`<data>/xinlai.json\`, or the file that \`XINLAI_CONFIG\` names), else it has its default. \`<VARIABLE>_FILE\` names a file that
holds the value, for secrets. A setting that is not known or not valid ends the start with its name and origin.

| setting | variable | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

interface SettingSchema {
  readonly default?: string | number | boolean;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly { readonly const: string }[];
}

/** Text inside a Markdown table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', '<br>');
}
