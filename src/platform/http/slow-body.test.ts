import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, testHttp } from '#test/http';
import { refuseSlowBodies } from './slow-body.ts';

/** A server that asks for 1,000 bytes a second after a tenth of a second. */
async function server() {
  const app = await testHttp({});
  refuseSlowBodies(app, { graceMs: 100, bytesPerSecond: 1000, everyMs: 20 });
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null));
  app.post('/json', (request) => Promise.resolve({ got: request.body }));
  app.post('/stream', async (request) => {
    let bytes = 0;
    for await (const chunk of request.raw) bytes += (chunk as Buffer).length;
    return { bytes };
  });
  app.post('/later', async (request) => {
    request.raw.pause();
    await released;
    let bytes = 0;
    for await (const chunk of request.raw) bytes += (chunk as Buffer).length;
    return { bytes };
  });
  app.get('/long', async (_request, reply) => {
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let n = 0; n < 10; n++) {
      reply.raw.write(`data: ${n}\n\n`);
      await sleep(50);
    }
    reply.raw.end();
    return reply.hijack();
  });
  const port = Number(new URL(await listen(app)).port);
  return {
    release: () => release(),
    open: (head: string) => caller(port, head),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

function caller(port: number, head: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => {});
  const answer = new Promise<string>((resolve) =>
    socket.once('close', () => resolve(Buffer.concat(parts).toString())),
  );
  socket.write(`${head}\r\nhost: x\r\nconnection: close\r\n`);
  return { socket, answer };
}

const octets = 'content-type: application/octet-stream';

test('a JSON body that trickles in is ended with 408 as problem+json', async () => {
  await using t = await server();
  const { socket, answer } = t.open('POST /json HTTP/1.1');
  socket.write('content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"a":"');
  const trickle = setInterval(() => socket.writable && socket.write('x'), 20);
  const text = await answer;
  clearInterval(trickle);
  assert.match(text, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  assert.match(text, /content-type: application\/problem\+json/);
  assert.match(text, /"code":"http\.too_slow"/);
});

test('an upload that stops is ended, also in chunks', async () => {
  await using t = await server();
  const { socket, answer } = t.open('POST /stream HTTP/1.1');
  socket.write(`${octets}\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`);
  assert.match(await answer, /^HTTP\/1\.1 408 /);
});

test('an upload that keeps its pace lasts as long as it needs', async () => {
  await using t = await server();
  const { socket, answer } = t.open('POST /stream HTTP/1.1');
  socket.write(`${octets}\r\ncontent-length: 40000\r\n\r\n`);
  for (let n = 0; n < 40; n++) {
    socket.write('x'.repeat(1000));
    await sleep(20);
  }
  assert.match(await answer, /"bytes":40000/);
});

test('time in which the product does not read is not counted against the sender', async () => {
  await using t = await server();
  const { socket, answer } = t.open('POST /later HTTP/1.1');
  socket.write(`${octets}\r\ncontent-length: 300\r\n\r\n${'x'.repeat(100)}`);
  await sleep(500);
  t.release();
  socket.write('x'.repeat(200));
  assert.match(await answer, /"bytes":300/);
});

test('a long answer to a request without a body is not touched', async () => {
  await using t = await server();
  const { socket, answer } = t.open('GET /long HTTP/1.1');
  socket.write('\r\n');
  assert.match(await answer, /data: 9/);
});

test('a body that goes on after the answer does not hold its connection', async () => {
  await using t = await server();
  const { socket, answer } = t.open('POST /nowhere HTTP/1.1');
  socket.write(`${octets}\r\ncontent-length: 100000\r\n\r\nx`);
  assert.match(await answer, /^HTTP\/1\.1 404 /);
});
