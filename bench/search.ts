/**
 * Search over 1.7 million operators through HTTP at 200 requests a second, open loop, against the bare SQL statement at
 * the same rate: what HTTP, validation and access rules add. The server is a process of its own on the embedded
 * PostgreSQL; both sides alternate in one run and ask the same queries in the same order.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { searchOperators } from '../src/contexts/operators/search.ts';
import { generateSources } from '../src/contexts/operators/synthetic/generate-sources.ts';
import type { OperatorsTables } from '../src/contexts/operators/tables.ts';
import { connect, type Database } from '../src/platform/database.ts';
import { runningEmbeddedUrl } from '../src/platform/postgres/embedded.ts';
import type { SandboxFile } from '../src/platform/sandbox-file.ts';
import { foreignShare, machineCpu, median, packageVersion, report, spread } from './harness.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache', 'bench-search');
const sources = join(root, '.cache', 'bench-reconcile-national-1');
const RATE = 200;
const SECONDS = 8;
/** Both sides run this long before the first round: code that is compiled and buffers that are filled count for neither. */
const WARM_UP_SECONDS = 10;
/** Organisations that may search; their limits a minute are for one organisation each. */
const askers = ['ministry', 'agency', 'police', 'verification-body'] as const;

interface Query {
  readonly sort: 'number' | 'part of a name' | 'brand';
  readonly text: string;
}

export async function run({ full }: { full: boolean }): Promise<void> {
  const server = await startServer();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.kill('SIGTERM'));
  try {
    const sandbox = JSON.parse(await readFile(join(cache, 'sandbox.json'), 'utf8')) as SandboxFile;
    await importNational(sandbox);
    const url = runningEmbeddedUrl(cache);
    if (url === null) throw new Error('the embedded PostgreSQL does not run');
    const database = connect(url, 16);
    try {
      await measure(database, sandbox, server.pid ?? 0, full);
    } finally {
      await database.close();
    }
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
}

async function measure(
  database: Database,
  sandbox: SandboxFile,
  server: number,
  full: boolean,
): Promise<void> {
  const { rows } = await database.pool.query<{ operators: number; names: number }>(
    'select (select count(*) from operators.operator) as operators, (select count(*) from operators.operator_name) as names',
  );
  console.log(
    `operators ${rows[0]?.operators}, names ${rows[0]?.names}; fastify ${packageVersion('fastify')}, pg ${packageVersion('pg')}, PostgreSQL 18 embedded`,
  );
  const queries = await chooseQueries(database);
  const db = database.of<OperatorsTables>('operators');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const keys = askers.map((kind) => sandbox.keys[kind]);
  const overHttp = (query: Query, index: number): Promise<void> =>
    ask(agent, sandbox.baseUrl, keys[index % keys.length] ?? '', query.text);
  const bare = async (query: Query): Promise<void> => void (await searchOperators(db, query.text, 20));
  await openLoop(queries, overHttp, WARM_UP_SECONDS);
  await openLoop(queries, bare, WARM_UP_SECONDS);
  const p99: { http: number[]; sql: number[] } = { http: [], sql: [] };
  const foreign: number[] = [];
  for (let round = 1; round <= (full ? 15 : 5); round++) {
    const before = machineCpu();
    const ownBefore = ownCpu(server);
    // Neither side always comes first.
    const early = round % 2 === 1 ? await openLoop(queries, overHttp, SECONDS) : null;
    const sql = await openLoop(queries, bare, SECONDS);
    const http = early ?? (await openLoop(queries, overHttp, SECONDS));
    foreign.push(foreignShare(before, ownCpu(server) - ownBefore));
    p99.http.push(
      percentile(
        http.map((one) => one.ms),
        0.99,
      ),
    );
    p99.sql.push(
      percentile(
        sql.map((one) => one.ms),
        0.99,
      ),
    );
    for (const sort of ['number', 'part of a name', 'brand'] as const) {
      const of = (list: typeof http, share: number): string =>
        percentile(
          list.filter((one) => one.sort === sort).map((one) => one.ms),
          share,
        ).toFixed(2);
      console.log(
        `round ${round} ${sort}: http p50 ${of(http, 0.5)} p99 ${of(http, 0.99)} ms, sql p50 ${of(sql, 0.5)} p99 ${of(sql, 0.99)} ms`,
      );
    }
  }
  const added = p99.http.map((value, round) => value - (p99.sql[round] ?? 0));
  console.log(
    `p99 http ${median(p99.http).toFixed(2)} ms (spread ${Math.round(spread(p99.http) * 100)}%), sql ${median(p99.sql).toFixed(2)} ms (spread ${Math.round(spread(p99.sql) * 100)}%)`,
  );
  report([
    {
      name: 'search-added-p99',
      ours: median(added),
      peer: null,
      goal: { atMost: 5 },
      unit: 'ms',
      noise: median(foreign),
    },
    {
      name: 'search-http-p99',
      ours: median(p99.http),
      peer: median(p99.sql),
      goal: { atMost: 100 },
      unit: 'ms',
    },
  ]);
}

/** CPU seconds so far of this process, the server and PostgreSQL with its backends. */
function ownCpu(server: number): number {
  const postmaster = Number(
    readFileSync(join(cache, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0],
  );
  const roots = new Set([process.pid, server, postmaster]);
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      // After the name: state, parent, …; utime, stime, cutime, cstime are the 12th to 15th.
      if (!roots.has(Number(entry)) && Number(fields[1]) !== postmaster) continue;
      ticks += [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return ticks / 100;
}

/** Sends at a fixed rate whether or not earlier ones were answered; a late start counts as waiting. */
async function openLoop(
  queries: readonly Query[],
  send: (query: Query, index: number) => Promise<void>,
  seconds: number,
) {
  const done: { sort: Query['sort']; ms: number }[] = [];
  const under: Promise<void>[] = [];
  const start = performance.now();
  for (let index = 0; index < RATE * seconds; index++) {
    const due = start + (index * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    const query = queries[index % queries.length] as Query;
    under.push(
      send(query, index).then(() => void done.push({ sort: query.sort, ms: performance.now() - due })),
    );
  }
  await Promise.all(under);
  return done;
}

function ask(agent: Agent, baseUrl: string, key: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${baseUrl}/api/v1/operators/search?q=${encodeURIComponent(text)}`,
      { agent, headers: { authorization: `Bearer ${key}` } },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
        );
      },
    );
    call.on('error', reject);
    call.end();
  });
}

/** A third numbers, a third parts of two to four characters of names on file, a third brands. */
async function chooseQueries(database: Database): Promise<Query[]> {
  const { rows: names } = await database.pool.query<{ ubn: string; folded: string }>(
    `select ubn, folded from operators.operator_name tablesample bernoulli (0.1) repeatable (1) where kind = 'legal' and length(folded) >= 3 order by ubn limit 800`,
  );
  const { rows: brands } = await database.pool.query<{ name: string }>(
    `select distinct name from operators.operator_name where kind = 'brand' order by name`,
  );
  return names.flatMap(({ ubn, folded }, index): Query[] => {
    const part = [...folded].slice(index % 2, (index % 2) + 2 + (index % 3)).join('');
    const brand = brands[index % Math.max(1, brands.length)]?.name ?? part;
    return [
      { sort: 'number', text: ubn },
      { sort: 'part of a name', text: part },
      { sort: 'brand', text: brand },
    ];
  });
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

async function startServer(): Promise<ChildProcess> {
  await mkdir(cache, { recursive: true });
  const child = spawn(process.execPath, [join(root, 'src', 'main.ts')], {
    cwd: root,
    env: { ...process.env, XINLAI_DATA: cache, XINLAI_PORT: '0', XINLAI_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('ready:')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return child;
}

/** Imports the national registers once, over the API; about 2.4 million rows. Not part of what is measured. */
async function importNational(sandbox: SandboxFile): Promise<void> {
  const mark = join(cache, 'national-imported');
  if (existsSync(mark)) return;
  if (!existsSync(sources)) {
    await rm(`${sources}.part`, { recursive: true, force: true });
    await mkdir(`${sources}.part`, { recursive: true });
    await generateSources({ seed: 1, out: `${sources}.part`, size: 'national', formats: 'csv' });
    await rename(`${sources}.part`, sources);
  }
  const began = performance.now();
  const form = new FormData();
  for (const name of await readdir(sources))
    form.append('files', new Blob([await readFile(join(sources, name))]), name);
  const headers = { authorization: `Bearer ${sandbox.keys.ministry}` };
  const uploaded = await fetch(`${sandbox.baseUrl}/api/v1/operators/imports`, {
    method: 'POST',
    headers,
    body: form,
  });
  const { id } = (await uploaded.json()) as { id: string };
  const address = `${sandbox.baseUrl}/api/v1/operators/imports/${id}`;
  await fetch(`${address}/confirm`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ acceptShrink: true }),
  });
  for (;;) {
    const state = ((await (await fetch(address, { headers })).json()) as { state: string; problem: unknown })
      .state;
    if (state === 'done') break;
    if (state !== 'running') throw new Error(`the import is ${state}`);
    await sleep(1000);
  }
  console.log(`prepared: national registers imported in ${Math.round((performance.now() - began) / 1000)} s`);
  await writeFile(mark, new Date().toISOString());
}
