/** The product under measurement: PostgreSQL and the server as they start by default, in a new folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { type Caller, permissionsOf } from '#platform/access';
import { connect, type Database } from '#platform/database';
import { newId } from '#platform/id';
import { startEmbeddedPostgres } from '#platform/postgres/embedded';
import type { SandboxFile } from '#platform/sandbox-file';
import { countParts } from '#protocols/smpp';
import { loadSendable } from '../../src/contexts/messaging/catalogue/versions.ts';
import { type NewChunk, queueChunks, writeChunks } from '../../src/contexts/messaging/chunk.ts';
import { openRig, type Rig } from '../../src/contexts/messaging/dispatch/rig.ts';
import { approvedVersion } from '../../src/contexts/messaging/rig.ts';
import type { MessageClass } from '../../src/contexts/messaging/tables.ts';
import { ended } from './child.ts';
import { cpuOf, cpuOfFamily } from './cpu-time.ts';

/** A version whose texts have 70 characters with a value of six digits. */
export interface BenchVersion {
  readonly serviceId: string;
  readonly versionId: string;
  readonly text: (number: string, code: string) => string;
}

export interface Product {
  readonly port: number;
  /** Value of the Authorization header: a key of an agency. */
  readonly authorization: string;
  readonly versions: Readonly<Record<MessageClass, BenchVersion>>;
  /** Lines that say how it runs. */
  readonly settings: readonly string[];
  /** Leads every link to this port, with this contract rate in parts a second for each, and waits for the binds. */
  linkTo(port: number, rate: number): Promise<void>;
  /** Seals a batch; answers how to start it. */
  seal(numbers: readonly string[]): Promise<SealedBatch>;
  /** CPU seconds so far. */
  cpuSeconds(): ProductCpu;
  stop(): Promise<void>;
}

export interface ProductCpu {
  /** With its sending thread. */
  readonly server: number;
  readonly postgres: number;
}

export const sumOf = ({ server, postgres }: ProductCpu): number => server + postgres;

export interface SealedBatch {
  readonly id: string;
  /** Queues it; it is sent from the commit on. */
  start(): Promise<void>;
  /** Messages by outcome. */
  outcomes(): Promise<Readonly<Record<string, number>>>;
  /** Ends what was not sent yet. */
  end(): Promise<void>;
}

const TELECOMS = ['cht', 'twm', 'fet'] as const;
export const WINDOW = 100;
const CODE = '482913';
/** Messages of a chunk, as the product seals batches. */
const CHUNK = 1000;

/** Starts all of it in an empty folder; about ten seconds. */
export async function startProduct(folder: string): Promise<Product> {
  mkdirSync(folder, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const postgres = await startEmbeddedPostgres(folder);
    stops.push(() => postgres.stop());
    const postmaster = Number(
      readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0],
    );
    stops.push(endWithUs(postmaster, 'SIGINT'));
    const server = await startServer(folder, postgres.url);
    stops.push(endWithUs(server.pid!, 'SIGTERM'));
    stops.push(async () => {
      server.kill('SIGTERM');
      await ended(server, 20_000);
    });
    const sandbox = JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8')) as SandboxFile;
    const database = connect(postgres.url, 8);
    stops.push(() => database.close());
    const rig = await openRig(database, folder);
    const caller = callerOf(sandbox);
    const versions = {
      otp: await versionOf(database, caller, 'otp'),
      single: await versionOf(database, caller, 'single'),
      batch: await versionOf(database, caller, 'batch'),
    };
    // The sandbox's own telecoms are slow on purpose.
    await database.pool.query("update messaging.link set state = 'disabled'");
    // Whenever the bench runs.
    await database.pool.query("update messaging.service set send_from = '00:00', send_until = '23:59:59'");
    return {
      port: Number(new URL(sandbox.baseUrl).port),
      authorization: `Bearer ${sandbox.keys.agency}`,
      versions,
      settings: await settingsOf(database),
      async linkTo(port, rate) {
        await writeLinks(database, rig, port, rate);
        await bound(database);
      },
      seal: (numbers) => sealBatch(rig, caller, versions.batch, numbers),
      cpuSeconds: () => ({
        server: cpuOf(server.pid!),
        postgres: cpuOfFamily(postmaster),
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A bench that is interrupted takes the process with it; the simulator and Kannel's see to themselves. Answers how to forget it. */
function endWithUs(pid: number, signal: NodeJS.Signals): () => Promise<void> {
  const end = (): void => void process.kill(pid, signal);
  process.once('exit', end);
  return async () => void process.off('exit', end);
}

async function startServer(folder: string, databaseUrl: string): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      XINLAI_DATA: folder,
      XINLAI_PORT: '0',
      XINLAI_LOG_LEVEL: 'warn',
      // Citizens ask from many addresses.
      XINLAI_TRUSTED_PROXIES: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4000);
      if (text.includes('ready:')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return child;
}

function callerOf(sandbox: SandboxFile): Caller {
  return {
    by: 'person',
    actorId: newId('usr'),
    organisation: {
      id: sandbox.signIns['agency']?.organisation ?? 'org_sandbox_agency',
      kind: 'agency',
      ubn: null,
    },
    roles: ['officer'],
    permissions: permissionsOf('agency', ['officer']),
    space: 'test',
  };
}

/** Fills the body until a text has 70 characters. */
async function versionOf(database: Database, caller: Caller, kind: MessageClass): Promise<BenchVersion> {
  const make = async (body: string) => {
    const { serviceId, versionId } = await approvedVersion(database, caller, {
      class: kind,
      body,
      fields: [{ name: 'code', type: 'code', maxLength: 8 }],
    });
    const request = {
      organisationId: caller.organisation.id,
      space: caller.space,
      templateVersionId: versionId,
    };
    const { compose } = await loadSendable(database.of('messaging'), request);
    return { serviceId, versionId, text: (number: string, code: string) => compose(number, () => code) };
  };
  const begun = '您申請的案件已核定，查詢碼{{code}}';
  const length = (version: BenchVersion): number => version.text('912345678', CODE).length;
  const short = await make(`${begun}請洽`);
  const version = await make(`${begun}${'謹'.repeat(70 - length(short))}請洽`);
  const text = version.text('912345678', CODE);
  if (text.length !== 70 || countParts(text) !== 1) throw new Error(`the text has ${text.length} characters`);
  return version;
}

async function writeLinks(database: Database, rig: Rig, port: number, rate: number): Promise<void> {
  for (const telecom of TELECOMS) {
    const id = `lnk_bench_${telecom}`;
    await rig.addLink({ id, telecom, port, window: WINDOW, rate });
    // A telecom gives receipts to any bind of the same system_id.
    await database.pool.query(
      'update messaging.link set port = $2, parts_per_second = $3, system_id = $4 where id = $1',
      [id, port, rate, `gov111-${telecom}`],
    );
  }
}

/** Waits until the sender has read the links anew, which it does once a second, and is bound to each. */
async function bound(database: Database): Promise<void> {
  await sleep(2500);
  await database.pool.query('delete from messaging.link_health');
  for (const until = performance.now() + 20_000; performance.now() < until; await sleep(100)) {
    const { rows } = await database.pool.query<{ up: number }>(
      `select count(distinct link_id)::int as up from messaging.link_health
       where state = 'bound' and link_id like 'lnk_bench_%'`,
    );
    if (rows[0]?.up === TELECOMS.length) return;
  }
  throw new Error('the links are not bound');
}

async function sealBatch(
  { database, vault }: Rig,
  caller: Caller,
  { serviceId, versionId }: BenchVersion,
  numbers: readonly string[],
): Promise<SealedBatch> {
  const id = newId('bat');
  const now = Temporal.Now.instant();
  await database.pool.query(
    `insert into messaging.batch (id, organisation_id, space, service_id, template_version_id, name, state,
       row_count, created_by, creator_id, created_at) values ($1, $2, $3, $4, $5, $1, 'sending', $6, $7, $7, now())`,
    [id, caller.organisation.id, caller.space, serviceId, versionId, numbers.length, caller.actorId],
  );
  const chunks: NewChunk[] = [];
  for (let from = 0; from < numbers.length; from += CHUNK) {
    const own = numbers.slice(from, from + CHUNK);
    chunks.push({
      organisationId: caller.organisation.id,
      space: caller.space,
      serviceId,
      templateVersionId: versionId,
      batchId: id,
      class: 'batch',
      telecom: TELECOMS[(from / CHUNK) % TELECOMS.length]!,
      content: { numbers: own, fields: { code: own.map(() => CODE) }, parts: own.map(() => 1) },
      notBefore: now,
      validUntil: now.add({ hours: 24 }),
      deleteBy: Temporal.Now.plainDateISO().add({ days: 10 }),
    });
  }
  const ids = await database
    .of('messaging')
    .transaction()
    .execute((trx) => writeChunks(trx, vault, chunks, caller));
  return {
    id,
    async start() {
      await database
        .of('messaging')
        .transaction()
        .execute(async (trx) => {
          await sql`update messaging.batch set state = 'sending', started_at = now() where id = ${id}`.execute(
            trx,
          );
          await queueChunks(trx, ids);
        });
    },
    async outcomes() {
      const { rows } = await database.pool.query<{ kind: string; messages: number }>(
        'select kind, sum(messages)::bigint as messages from messaging.tally where subject_id = $1 group by kind',
        [id],
      );
      return Object.fromEntries(rows.map(({ kind, messages }) => [kind, messages]));
    },
    async end() {
      await database.pool.query(
        'delete from messaging.chunk_queue where batch_id = $1 and link_id is null and not started',
        [id],
      );
    },
  };
}

async function settingsOf(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes',
       'wal_sync_method', 'shared_buffers', 'max_wal_size', 'data_checksums', 'server_version') order by name`,
  );
  return [
    `ours: ${rows.map(({ name, setting }) => `${name} ${setting}`).join(', ')}`,
    `ours: ${TELECOMS.length} links, each a transmitter and a receiver, window ${WINDOW}; one server process, all roles`,
  ];
}
