/** Kannel of Debian (bearerbox and smsbox) as child processes, against a message centre on loopback. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  kannelConfiguration,
  type KannelPlace,
  type KannelPorts,
  type KannelShape,
} from './configuration.ts';

export interface Kannel {
  readonly ports: KannelPorts;
  readonly configurationFile: string;
  /** CPU seconds of bearerbox and smsbox since they started. */
  cpuSeconds(): { readonly bearerbox: number; readonly smsbox: number };
  /** Ends both, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts both in an own folder; resolves when smsbox takes HTTP requests, or without it when bearerbox takes boxes. Rejects
 * with the end of the logs after 20 s.
 */
export async function startKannel(
  shape: KannelShape,
  folder: string,
  smsc: KannelPlace['smsc'],
  withSmsbox = true,
): Promise<Kannel> {
  mkdirSync(folder, { recursive: true });
  if (shape.store === 'spool') mkdirSync(join(folder, 'store'), { recursive: true });
  const [admin, boxes, sendsms] = await freePorts();
  const ports = { admin, boxes, sendsms };
  const configurationFile = join(folder, 'kannel.conf');
  writeFileSync(configurationFile, kannelConfiguration(shape, { folder, ports, smsc }));
  const children: ChildProcess[] = [];
  const run = (program: string): ChildProcess => {
    const output = openSync(join(folder, `${program}.out`), 'w');
    const child = spawn(program, ['-v', '4', configurationFile], { stdio: ['ignore', output, output] });
    children.push(child);
    return child;
  };
  const endAll = (): void => children.forEach((child) => child.kill('SIGKILL'));
  process.on('exit', endAll);
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) await end(child);
    process.off('exit', endAll);
  };
  try {
    const bearerbox = run('bearerbox');
    await listening(boxes, bearerbox, folder);
    const smsbox = withSmsbox ? run('smsbox') : null;
    if (smsbox !== null) await listening(sendsms, smsbox, folder);
    return {
      ports,
      configurationFile,
      stop,
      cpuSeconds: () => ({ bearerbox: cpuOf(bearerbox.pid), smsbox: cpuOf(smsbox?.pid) }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const TICKS_PER_SECOND = 100;

/** CPU seconds of a process and its threads, from /proc; 0 for one that has ended. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports as [number, number, number];
}

async function listening(port: number, child: ChildProcess, folder: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.on('error', () => {}).destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const logs = ['bearerbox', 'smsbox'].map((name) => tailOf(join(folder, `${name}.out`)));
  throw new Error(`Kannel does not listen on ${port}: ${logs.join('\n')}`);
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(-1500);
  } catch {
    return '';
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  // Kannel flushes its store on the way out, and hangs where the peer is gone.
  const killed = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(killed);
}
