import Type, { type Static } from 'typebox';

/**
 * Every setting of the product: environment variable `XINLAI_<NAME>` (`DATABASE_URL` keeps its usual name) or the same
 * key in the file named by `XINLAI_CONFIG` (default `<data>/xinlai.json`). The environment wins over the file.
 * A value that is a secret may come from a file: `XINLAI_<NAME>_FILE`.
 */
export const settingsSchema = Type.Object({
  mode: Type.Union([Type.Literal('sandbox'), Type.Literal('live')], {
    default: 'sandbox',
    description: 'sandbox: simulators and test data; live: real parties, stricter start-up checks',
  }),
  host: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  port: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65535,
    description: 'port to listen on; 0 chooses a free one',
  }),
  data: Type.String({
    default: './data',
    description: 'folder of everything that the product keeps on disk',
  }),
  databaseUrl: Type.Optional(
    Type.String({ description: 'an outside PostgreSQL 18 instead of the embedded one' }),
  ),
  publicUrl: Type.Optional(
    Type.String({ description: 'address under which browsers and partners reach the product' }),
  ),
  vaultKeyFile: Type.Optional(
    Type.String({ description: 'file of the root key (32 bytes, base64); required in live mode' }),
  ),
  logLevel: Type.Union(
    [
      Type.Literal('debug'),
      Type.Literal('info'),
      Type.Literal('warn'),
      Type.Literal('error'),
      Type.Literal('silent'),
    ],
    { default: 'info', description: 'least level that is logged' },
  ),
  roles: Type.String({
    default: 'web,worker,smpp',
    description: 'what this process does, parted by commas: web, worker, smpp',
  }),
  smppPort: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65535,
    description: 'port of the SMPP server for agencies; 0: a free one in the sandbox, none in live mode',
  }),
  smppHost: Type.Optional(
    Type.String({
      description: 'address on which the SMPP server for agencies listens; that of HTTP where empty',
    }),
  ),
  smppCertificateFile: Type.Optional(
    Type.String({ description: 'certificate (PEM) of the SMPP server; without it binds are not encrypted' }),
  ),
  smppKeyFile: Type.Optional(Type.String({ description: 'private key (PEM) of that certificate' })),
  trustedProxies: Type.String({
    default: '',
    description: 'addresses or networks of proxies whose X-Forwarded-For counts',
  }),
  allowPublicSandbox: Type.Boolean({
    default: false,
    description: 'lets a sandbox listen on another address than loopback',
  }),
  smtpUrl: Type.Optional(
    Type.String({ description: 'SMTP server for invitations and notices; the sandbox has its own inbox' }),
  ),
  mailFrom: Type.String({ default: 'no-reply@xinlai.example', description: 'sender of mails' }),
  oidcIssuer: Type.Optional(Type.String({ description: 'OpenID Connect issuer for single sign-on' })),
  oidcClientId: Type.Optional(Type.String({ description: 'client id at that issuer' })),
  oidcClientSecret: Type.Optional(Type.String({ description: 'client secret at that issuer' })),
  malwareScanCommand: Type.Optional(
    Type.String({ description: 'command that gets a file path and exits 0 when clean, 1 when infected' }),
  ),
  uploadLimitMb: Type.Integer({
    default: 1024,
    minimum: 1,
    maximum: 4096,
    description: 'largest upload, in MiB; a list of 23 million recipients has about 600',
  }),
  metricsNetworks: Type.String({
    default: '',
    description:
      'addresses or networks that may read /metrics beside loopback, parted by commas: 10.1.0.0/16',
  }),
  metricsToken: Type.Optional(
    Type.String({
      minLength: 16,
      description:
        'whoever sends it as a bearer token may read /metrics from anywhere; at least 16 characters',
    }),
  ),
  otlpEndpoint: Type.Optional(
    Type.String({ description: 'OpenTelemetry collector (OTLP over HTTP); off when empty' }),
  ),
});

export type Settings = Static<typeof settingsSchema>;
export type SettingName = keyof Settings;

/** Settings whose value is never printed. */
export const secretSettings: ReadonlySet<SettingName> = new Set([
  'databaseUrl',
  'metricsToken',
  'oidcClientSecret',
  'smtpUrl',
]);

/** The environment variable of a setting: `vaultKeyFile` → `XINLAI_VAULT_KEY_FILE`. */
export function environmentName(name: SettingName): string {
  if (name === 'databaseUrl') return 'DATABASE_URL';
  return `XINLAI_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
