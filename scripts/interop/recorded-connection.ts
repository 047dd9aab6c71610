/** What goes over a TCP connection, as a capture file that tshark reads (libpcap, raw IPv4). */
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

interface Recorded {
  readonly toServer: boolean;
  readonly octets: Buffer;
}

export interface Recorder {
  readonly port: number;
  /** The file, in which the server listens on `SERVER_PORT`. */
  capture(): Buffer;
  close(): Promise<void>;
}

export const SERVER_PORT = 2775;
const CLIENT_PORT = 40_000;
/** Octets of one segment: what an Ethernet frame carries, so that PDUs are cut as on a real line. */
const SEGMENT = 1448;
const RAW_IP = 101;

/** Stands before a server on loopback, passes everything on and keeps it. */
export async function recordConnection(serverPort: number): Promise<Recorder> {
  const recorded: Recorded[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const [from, to, toServer] of [
      [client, upstream, true],
      [upstream, client, false],
    ] as const) {
      sockets.add(from);
      from.on('data', (octets: Buffer) => recorded.push({ toServer, octets }));
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    capture: () => captureOf(recorded),
    async close() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

function captureOf(recorded: readonly Recorded[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(RAW_IP, 20);
  const frames: Buffer[] = [header];
  const next = { client: 1, server: 1 };
  for (const { toServer, octets } of recorded) {
    for (let at = 0; at < octets.length; at += SEGMENT) {
      const data = octets.subarray(at, at + SEGMENT);
      const [own, other] = toServer
        ? ([next.client, next.server] as const)
        : ([next.server, next.client] as const);
      frames.push(frame(frames.length, packet(toServer, own, other, data)));
      next[toServer ? 'client' : 'server'] += data.length;
    }
  }
  return Buffer.concat(frames);
}

function frame(index: number, octets: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(1_700_000_000 + Math.floor(index / 1000), 0);
  head.writeUInt32LE((index % 1000) * 1000, 4);
  head.writeUInt32LE(octets.length, 8);
  head.writeUInt32LE(octets.length, 12);
  return Buffer.concat([head, octets]);
}

/** IPv4 (RFC 791) and TCP (RFC 9293) without checksums, which tshark does not ask for. */
function packet(toServer: boolean, sequence: number, acknowledged: number, data: Buffer): Buffer {
  const head = Buffer.alloc(40);
  head[0] = 0x45;
  head.writeUInt16BE(40 + data.length, 2);
  head[8] = 64;
  head[9] = 6;
  head.set(toServer ? [10, 0, 0, 1] : [10, 0, 0, 2], 12);
  head.set(toServer ? [10, 0, 0, 2] : [10, 0, 0, 1], 16);
  head.writeUInt16BE(toServer ? CLIENT_PORT : SERVER_PORT, 20);
  head.writeUInt16BE(toServer ? SERVER_PORT : CLIENT_PORT, 22);
  head.writeUInt32BE(sequence, 24);
  head.writeUInt32BE(acknowledged, 28);
  head[32] = 0x50;
  head[33] = 0x18;
  head.writeUInt16BE(65_535, 34);
  return Buffer.concat([head, data]);
}
