import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { backoffMs } from './backoff.ts';
import { connect, SmppConnectError, type ConnectOptions } from './client.ts';
import { encode } from './encode.ts';
import type { AnyPduInput } from './pdu.ts';
import { listen, type BindRequest, type ListenOptions, type SmppServer } from './server.ts';
import type { Session } from './session.ts';
import { SmppBindError, SmppClosedError } from './session-errors.ts';
import { statuses } from './statuses.ts';

async function serve(t: TestContext, options: Partial<ListenOptions> = {}): Promise<SmppServer> {
  const authenticate = (): number => statuses.ESME_ROK;
  const server = await listen({ host: '127.0.0.1', port: 0, systemId: 'SMSC', authenticate, ...options });
  t.after(() => server.close(0));
  return server;
}

const client = (port: number, options: Partial<ConnectOptions> = {}): Promise<Session> =>
  connect({
    host: '127.0.0.1',
    port,
    mode: 'transceiver',
    systemId: 'agency',
    password: 'secret',
    ...options,
  });

function raw(t: TestContext, port: number): Socket {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  return socket;
}

test('a bind is judged by who asks, and from where', async (t) => {
  const requests: BindRequest[] = [];
  const server = await serve(t, {
    authenticate: async (request) => {
      requests.push(request);
      await sleep(1);
      return request.password === 'secret' ? statuses.ESME_ROK : statuses.ESME_RINVPASWD;
    },
  });
  const session = await client(server.port, { systemType: 'VMA', addressRange: '^111', addrTon: 3 });
  assert.equal(session.peerSystemId, 'SMSC');
  assert.equal(session.mode, 'transceiver');
  assert.partialDeepStrictEqual(requests[0], {
    mode: 'transceiver',
    systemId: 'agency',
    systemType: 'VMA',
    addressRange: '^111',
    addrTon: 3,
    remoteAddress: '127.0.0.1',
    bindsOfSystem: 0,
    interfaceVersion: 0x34,
  });
  await assert.rejects(
    client(server.port, { password: 'wrong' }),
    (error: unknown) => error instanceof SmppBindError && error.status === statuses.ESME_RINVPASWD,
  );
  assert.equal(requests[1]?.bindsOfSystem, 1);
  while (server.connections > 1) await sleep(1);
  assert.equal(server.sessions.size, 1);
});

test('an authentication that fails by itself refuses the bind', async (t) => {
  const faults: unknown[] = [];
  const server = await serve(t, {
    authenticate: () => Promise.reject(new Error('no database')),
    handlers: { fault: (error) => void faults.push((error as Error).message) },
  });
  await assert.rejects(
    client(server.port),
    (error: unknown) => error instanceof SmppBindError && error.status === statuses.ESME_RBINDFAIL,
  );
  assert.deepEqual(faults, ['no database']);
});

test('binds above the limit are refused, connections above the limit are closed', async (t) => {
  const server = await serve(t, { maxBinds: 1, maxConnections: 2 });
  const session = await client(server.port);
  t.after(() => session.close());
  await assert.rejects(client(server.port), SmppBindError);
  while (server.connections > 1) await sleep(1);
  const idle = raw(t, server.port);
  await once(idle, 'connect');
  while (server.connections < 2) await sleep(1);
  await assert.rejects(client(server.port), (error: unknown) => error instanceof SmppClosedError);
});

test('who does not bind in time is let go, and so is who binds to nobody', async (t) => {
  const server = await serve(t, { bindDeadlineMs: 30 });
  const idle = raw(t, server.port);
  idle.resume();
  await once(idle, 'close');
  const mute = createServer(() => {});
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  t.after(() => mute.close());
  await assert.rejects(
    client((mute.address() as AddressInfo).port, { connectDeadlineMs: 30 }),
    (error: unknown) => error instanceof SmppClosedError && error.reason === 'bind-deadline',
  );
});

test('where nobody listens there is no connection', async (t) => {
  const server = await serve(t);
  await server.close();
  await assert.rejects(client(server.port), SmppConnectError);
});

test('bytes that are no SMPP are answered by generic_nack, and end the connection', async (t) => {
  const server = await serve(t);
  const socket = raw(t, server.port);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.equal(answer.toString('hex'), '00000010800000000000000200000000');
  await once(socket, 'close');
});

test('a stranger can send no long PDU', async (t) => {
  const server = await serve(t);
  const socket = raw(t, server.port);
  const payload: AnyPduInput = {
    command: 'data_sm',
    sequence: 1,
    tlvs: { messagePayload: Buffer.alloc(2000) },
  };
  socket.write(encode(payload));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.equal(answer.readUInt32BE(8), statuses.ESME_RINVCMDLEN);
});

test('the server unbinds its clients when it closes', async (t) => {
  const server = await serve(t);
  const session = await client(server.port);
  await server.close();
  assert.equal(await session.ended, 'unbound');
});

/** A certificate for localhost that signs itself. */
function certificate(t: TestContext): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-smpp-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', keyFile, '-out', certFile];
  execFileSync('openssl', ['req', '-x509', ...curve, ...files, '-days', '2', ...subject], { stdio: 'pipe' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
}

test('over TLS messages go both ways, and an unknown certificate is not trusted', async (t) => {
  const { key, cert } = certificate(t);
  const server = await serve(t, {
    tls: { key, cert },
    handlers: { submit_sm: (incoming) => void incoming.reply({ messageId: 'sealed' }) },
  });
  const session = await client(server.port, { tls: { ca: cert } });
  t.after(() => session.close());
  const answers = await Promise.all(
    Array.from({ length: 2000 }, () =>
      session.ask({ command: 'submit_sm', shortMessage: Buffer.alloc(140) }),
    ),
  );
  assert.ok(answers.every(({ messageId }) => messageId === 'sealed'));
  const [far] = [...server.sessions];
  await assert.rejects(far!.ask({ command: 'submit_sm' } as never), /sends no submit_sm/);
  await assert.rejects(client(server.port, { tls: {} }), SmppConnectError);
  const plain = raw(t, server.port);
  plain.write(encode({ command: 'enquire_link', sequence: 1 }));
  await once(plain, 'close');
  const half = connectTls({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
  half.on('error', () => {});
  await once(half, 'secureConnect');
  half.destroy();
  assert.equal((await session.ask({ command: 'submit_sm' })).messageId, 'sealed');
});

test('attempts to connect are spread out, and never further apart than a minute', () => {
  for (let failures = 0; failures < 40; failures++) {
    const bound = Math.min(60_000, 1000 * 2 ** failures);
    assert.equal(
      backoffMs(failures, () => 0),
      bound / 2,
    );
    assert.ok(backoffMs(failures) <= bound);
  }
});
