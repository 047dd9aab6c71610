import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConnectOptions } from './client.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Outcome } from './exchange.ts';
import type { Incoming } from './incoming.ts';
import type { AnyPduInput, MalformedPdu, Pdu, ResponsePdu } from './pdu.ts';
import { listen, type ListenOptions, type SmppServer } from './server.ts';
import type { Session } from './session.ts';
import { SmppClosedError, SmppLostError, SmppStateError } from './session-errors.ts';
import { statuses } from './statuses.ts';

async function serve(t: TestContext, options: Partial<ListenOptions> = {}): Promise<SmppServer> {
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'SMSC',
    authenticate: () => statuses.ESME_ROK,
    ...options,
  });
  t.after(() => server.close(0));
  return server;
}

async function bindTo(t: TestContext, port: number, options: Partial<ConnectOptions> = {}): Promise<Session> {
  const session = await connect({
    host: '127.0.0.1',
    port,
    mode: 'transceiver',
    systemId: 'agency',
    password: 'secret',
    ...options,
  });
  t.after(() => session.close());
  return session;
}

/** A peer that is driven by hand: answers binds, and shows what else comes. */
async function scripted(
  t: TestContext,
  answer: (pdu: Pdu | MalformedPdu, write: (pdu: AnyPduInput) => void, socket: Socket) => void,
): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= rest.readUInt32BE(0)) {
        const pdu = decode(rest, 0, rest.readUInt32BE(0));
        rest = rest.subarray(rest.readUInt32BE(0));
        const write = (response: AnyPduInput): void => void socket.write(encode(response));
        if (pdu.command === 'bind_transceiver')
          write({ command: 'bind_transceiver_resp', sequence: pdu.sequence, systemId: 'S' });
        else answer(pdu, write, socket);
      }
    });
    t.after(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const outcomeOf = (session: Session, tag = 'tag'): Promise<Outcome<string>> =>
  new Promise((resolve) => session.request({ command: 'submit_sm' }, tag, resolve));

test('a request ends in its own response, with the tag of its sender', async (t) => {
  const server = await serve(t, {
    handlers: { submit_sm: (incoming) => void incoming.reply({ messageId: incoming.pdu.sourceAddr }) },
  });
  const session = await bindTo(t, server.port);
  const outcomes: Outcome<number>[] = [];
  await new Promise<void>((resolve) => {
    for (let tag = 0; tag < 50; tag++) {
      session.request({ command: 'submit_sm', sourceAddr: `${tag}` }, tag, (outcome) => {
        if (outcomes.push(outcome) === 50) resolve();
      });
    }
  });
  for (const outcome of outcomes) {
    assert.equal(outcome.outcome, 'answered');
    assert.partialDeepStrictEqual(outcome.response, {
      command: 'submit_sm_resp',
      messageId: `${outcome.tag}`,
    });
  }
  assert.equal(session.outstanding, 0);
});

test('all requests of one turn leave in one write', async (t) => {
  const chunks: number[] = [];
  const server = createServer((socket) => {
    socket.once('data', (bind: Buffer) => {
      socket.on('data', (chunk) => chunks.push(chunk.length));
      socket.write(
        encode({ command: 'bind_transceiver_resp', sequence: bind.readUInt32BE(12), systemId: 'S' }),
      );
    });
    t.after(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const session = await bindTo(t, (server.address() as AddressInfo).port);
  for (let count = 0; count < 20; count++) {
    session.request({ command: 'submit_sm' }, null, () => {});
    // A turn of the loop holds many of promises.
    await Promise.resolve();
  }
  while (chunks.length === 0) await sleep(1);
  assert.deepEqual(chunks, [20 * encode({ command: 'submit_sm' }).length]);
});

test('the window is never exceeded, and a slot that is not released stays taken', async (t) => {
  let most = 0;
  let waiting: Incoming<'submit_sm'>[] = [];
  const server = await serve(t, {
    handlers: {
      submit_sm: (incoming) => {
        waiting.push(incoming);
        most = Math.max(most, waiting.length);
        if (waiting.length < 7) return;
        for (const one of waiting) one.reply({ messageId: 'm' });
        waiting = [];
      },
    },
  });
  const session = await bindTo(t, server.port, { window: 7, autoRelease: false });
  const settled: Outcome<number>[] = [];
  await new Promise<void>((resolve) => {
    for (let tag = 0; session.room > 0; tag++) {
      session.request({ command: 'submit_sm' }, tag, (outcome) => {
        if (settled.push(outcome) === 7) resolve();
      });
    }
  });
  assert.equal(session.outstanding, 0);
  assert.equal(session.room, 0, 'answered, and not released');
  assert.throws(() => session.request({ command: 'submit_sm' }, 0, () => {}), SmppStateError);
  settled[0]?.release();
  settled[0]?.release();
  assert.equal(session.room, 1, 'a slot is freed once');
  for (const outcome of settled) outcome.release();
  assert.equal(session.room, 7);
  assert.equal(most, 7);
});

test('askers wait for room in their order, and a value that does not fit blocks nobody', async (t) => {
  const seen: string[] = [];
  const server = await serve(t, {
    handlers: {
      submit_sm: async (incoming) => {
        seen.push(incoming.pdu.sourceAddr);
        await sleep(1);
        incoming.reply({ messageId: incoming.pdu.sourceAddr });
      },
    },
  });
  const session = await bindTo(t, server.port, { window: 2 });
  const asked = Array.from({ length: 12 }, (_, index) =>
    session.ask({ command: 'submit_sm', sourceAddr: index % 4 === 3 ? '1'.repeat(30) : `${index}` }),
  );
  const results = await Promise.allSettled(asked);
  assert.deepEqual(
    results.map((result) => result.status),
    asked.map((_, index) => (index % 4 === 3 ? 'rejected' : 'fulfilled')),
  );
  assert.deepEqual(seen, ['0', '1', '2', '4', '5', '6', '8', '9', '10']);
});

test('sequence numbers run to 0x7FFFFFFF and begin again at 1', async (t) => {
  const server = await serve(t, { handlers: { submit_sm: (incoming) => void incoming.reply({}) } });
  const session = await bindTo(t, server.port, { firstSequence: 0x7ffffffd });
  const sequences: number[] = [];
  for (let count = 0; count < 4; count++) {
    const outcome = await outcomeOf(session);
    assert.equal(outcome.outcome, 'answered');
    sequences.push(outcome.sequence);
  }
  assert.deepEqual(sequences, [0x7ffffffe, 0x7fffffff, 1, 2]);
});

test('when the connection breaks every outstanding request is lost by name, and once', async (t) => {
  const port = await scripted(t, (pdu, write, socket) => {
    if (pdu.sequence === 4) write({ command: 'submit_sm_resp', sequence: 3, messageId: 'm' });
    if (pdu.sequence === 6) setImmediate(() => socket.destroySoon());
  });
  const closed: string[] = [];
  const session = await bindTo(t, port, { handlers: { closed: (reason) => void closed.push(reason) } });
  const told = new Map<string, string>();
  for (const tag of ['a', 'b', 'c', 'd', 'e']) {
    session.request({ command: 'submit_sm' }, tag, (outcome) => {
      assert.ok(!told.has(outcome.tag));
      told.set(outcome.tag, outcome.outcome === 'lost' ? outcome.cause : outcome.outcome);
    });
  }
  assert.equal(await session.ended, 'ended');
  assert.deepEqual(Object.fromEntries(told), {
    a: 'closed',
    b: 'answered',
    c: 'closed',
    d: 'closed',
    e: 'closed',
  });
  assert.deepEqual(closed, ['ended']);
  assert.throws(() => session.request({ command: 'submit_sm' }, null, () => {}), SmppStateError);
  await assert.rejects(session.ask({ command: 'submit_sm' }), SmppClosedError);
});

test('a response that comes after its deadline is shown, and belongs to nothing', async (t) => {
  const unmatched: ResponsePdu[] = [];
  const port = await scripted(t, (pdu, write) => {
    if (pdu.command === 'submit_sm')
      setTimeout(() => write({ command: 'submit_sm_resp', sequence: pdu.sequence, messageId: 'late' }), 150);
    else if (pdu.command === 'enquire_link') write({ command: 'enquire_link_resp', sequence: pdu.sequence });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const session = await bindTo(t, port, {
    responseDeadlineMs: 40,
    handlers: {
      unmatched: (response) => {
        unmatched.push(response);
        resolve();
      },
    },
  });
  const outcome = await outcomeOf(session);
  assert.partialDeepStrictEqual(outcome, { outcome: 'lost', cause: 'deadline', tag: 'tag' });
  assert.equal(session.room, 100);
  await promise;
  assert.partialDeepStrictEqual(unmatched, [{ sequence: outcome.sequence, messageId: 'late' }]);
  await assert.rejects(session.ask({ command: 'submit_sm' }), SmppLostError);
});

test('a response of another command or of another session is not taken for the own', async (t) => {
  const ports = await scripted(t, (pdu, write) => {
    if (pdu.command !== 'submit_sm') return;
    write({ command: 'query_sm_resp', sequence: pdu.sequence, messageId: 'wrong' });
    write({ command: 'submit_sm_resp', sequence: pdu.sequence + 1000, messageId: 'wrong' });
    write({ command: 'submit_sm_resp', sequence: pdu.sequence, messageId: 'right' });
    write({ command: 'submit_sm_resp', sequence: pdu.sequence, messageId: 'twice' });
  });
  let unmatched = 0;
  const first = await bindTo(t, ports, { handlers: { unmatched: () => void unmatched++ } });
  assert.equal((await first.ask({ command: 'submit_sm' })).messageId, 'right');
  first.close();
  await first.ended;
  assert.equal(unmatched, 3);
  const second = await bindTo(t, ports);
  assert.equal((await second.ask({ command: 'submit_sm' })).messageId, 'right');
});

test('generic_nack and an unreadable response end the request that they name', async (t) => {
  const port = await scripted(t, (pdu, write, socket) => {
    if (pdu.sequence === 2) write({ command: 'generic_nack', status: 3, sequence: 2 });
    if (pdu.sequence === 3) socket.write(Buffer.from('00000010800000040000000000000003', 'hex'));
  });
  const session = await bindTo(t, port);
  const nacked = await outcomeOf(session);
  assert.partialDeepStrictEqual(nacked, {
    outcome: 'answered',
    response: { command: 'generic_nack', status: 3 },
  });
  assert.partialDeepStrictEqual(await outcomeOf(session), { outcome: 'lost', cause: 'malformed' });
  assert.equal(session.state, 'bound');
});

test('a peer that lives and says nothing is asked, and stays', async (t) => {
  const enquiries: number[] = [];
  const port = await scripted(t, (pdu, write) => {
    if (pdu.command !== 'enquire_link') return;
    enquiries.push(pdu.sequence);
    write({ command: 'enquire_link_resp', sequence: pdu.sequence });
  });
  const session = await bindTo(t, port, { enquireAfterMs: 20, enquireDeadlineMs: 2000 });
  while (enquiries.length < 3) await sleep(5);
  assert.equal(session.state, 'bound');
});

test('a half-open peer is found out, and what it owes is lost', async (t) => {
  const port = await scripted(t, () => {});
  const session = await bindTo(t, port, { enquireAfterMs: 20, enquireDeadlineMs: 40 });
  const outcome = outcomeOf(session);
  assert.equal(await session.ended, 'half-open');
  assert.partialDeepStrictEqual(await outcome, { outcome: 'lost', cause: 'closed' });
});

test('the server asks a silent client, too', async (t) => {
  const server = await serve(t, { enquireAfterMs: 20, enquireDeadlineMs: 40 });
  const socket = connectTcp(server.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(encode({ command: 'bind_receiver', sequence: 1, systemId: 'mute' }));
  const commands: string[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += chunk.readUInt32BE(at))
      commands.push(decode(chunk, at, at + chunk.readUInt32BE(at)).command);
  });
  await once(socket, 'close');
  assert.deepEqual(commands, ['bind_receiver_resp', 'enquire_link']);
});

test('split binds: the transmitter sends, the receiver hears', async (t) => {
  const server = await serve(t, {
    handlers: { submit_sm: (incoming) => void incoming.reply({ messageId: 'm' }) },
  });
  const transmitter = await bindTo(t, server.port, { mode: 'transmitter' });
  const heard: string[] = [];
  const receiver = await bindTo(t, server.port, {
    mode: 'receiver',
    handlers: {
      deliver_sm: (incoming) => {
        heard.push(incoming.pdu.shortMessage.toString());
        incoming.reply({});
      },
    },
  });
  assert.equal((await transmitter.ask({ command: 'submit_sm' })).messageId, 'm');
  assert.throws(() => receiver.request({ command: 'submit_sm' }, null, () => {}), /sends no submit_sm/);
  const [toTransmitter, toReceiver] = [...server.sessions];
  const receipt = { command: 'deliver_sm', shortMessage: Buffer.from('receipt') } as const;
  assert.equal((await toReceiver!.ask(receipt)).status, 0);
  assert.throws(() => toTransmitter!.request(receipt, null, () => {}), SmppStateError);
  assert.deepEqual(heard, ['receipt']);
});

test('what a bind does not carry is refused with ESME_RINVBNDSTS, what nobody handles with ESME_RINVCMDID', async (t) => {
  const server = await serve(t);
  const socket = connectTcp(server.port, '127.0.0.1');
  t.after(() => socket.destroy());
  const answers: number[][] = [];
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += chunk.readUInt32BE(at)) {
      const { command, status, sequence } = decode(chunk, at, at + chunk.readUInt32BE(at)) as Pdu;
      answers.push([sequence, status, command.length]);
    }
  });
  const send = (pdu: AnyPduInput): void => void socket.write(encode(pdu));
  send({ command: 'submit_sm', sequence: 1 });
  send({ command: 'enquire_link', sequence: 2 });
  send({ command: 'bind_transmitter', sequence: 3, systemId: 'a' });
  while (answers.length < 3) await sleep(1);
  send({ command: 'bind_transmitter', sequence: 4, systemId: 'a' });
  send({ command: 'submit_sm', sequence: 5 });
  send({ command: 'deliver_sm', sequence: 6 });
  send({ command: 'query_sm', sequence: 7 });
  while (answers.length < 7) await sleep(1);
  assert.deepEqual(
    answers.map(([sequence, status]) => [sequence, status]),
    [
      [1, statuses.ESME_RINVBNDSTS],
      [2, 0],
      [3, 0],
      [4, statuses.ESME_RALYBND],
      [5, statuses.ESME_RINVCMDID],
      [6, statuses.ESME_RINVBNDSTS],
      [7, statuses.ESME_RINVCMDID],
    ],
  );
});

test('a handler that throws answers ESME_RSYSERR, and the session goes on', async (t) => {
  const faults: unknown[] = [];
  const server = await serve(t, {
    handlers: {
      submit_sm: () => {
        throw new Error('at once');
      },
      query_sm: () => Promise.reject(new Error('later')),
      cancel_sm: (incoming) => void incoming.refuse(statuses.ESME_RCANCELFAIL),
      fault: (error) => void faults.push((error as Error).message),
    },
  });
  const session = await bindTo(t, server.port);
  assert.equal((await session.ask({ command: 'submit_sm' })).status, statuses.ESME_RSYSERR);
  assert.equal((await session.ask({ command: 'query_sm' })).status, statuses.ESME_RSYSERR);
  assert.equal((await session.ask({ command: 'cancel_sm' })).status, statuses.ESME_RCANCELFAIL);
  assert.deepEqual(faults, ['at once', 'later']);
});

test('no more requests are taken than may wait for an answer, and all are answered in the end', async (t) => {
  const waiting: Incoming<'submit_sm'>[] = [];
  const server = await serve(t, {
    maxUnanswered: 5,
    handlers: { submit_sm: (incoming) => void waiting.push(incoming) },
  });
  const session = await bindTo(t, server.port, { window: 100 });
  const asked = Array.from({ length: 100 }, () => session.ask({ command: 'submit_sm' }));
  let answered = 0;
  while (answered < 100) {
    while (waiting.length === 0) await sleep(1);
    await sleep(1);
    assert.ok(waiting.length <= 5, `${waiting.length} are waiting`);
    waiting.shift()?.reply({ messageId: 'm' });
    answered++;
  }
  await Promise.all(asked);
});

test('a paused session sees nothing, and loses nothing', async (t) => {
  const server = await serve(t, {
    handlers: { submit_sm: (incoming) => void incoming.reply({ messageId: 'm' }) },
  });
  const session = await bindTo(t, server.port, { responseDeadlineMs: 30 });
  session.pause();
  const outcome = outcomeOf(session);
  await sleep(120);
  assert.equal(session.outstanding, 1, 'an answer that we do not read is not late');
  session.resume();
  assert.equal((await outcome).outcome, 'answered');
});

test('a peer that takes no bytes is not read from, and is left after the deadline', async (t) => {
  const server = await serve(t, { maxBacklog: 65_536, responseDeadlineMs: 150, enquireDeadlineMs: 100 });
  const socket = connectTcp(server.port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.pause();
  socket.write(encode({ command: 'bind_transceiver', sequence: 1, systemId: 'greedy' }));
  const enquiries = Buffer.concat(
    Array.from({ length: 4000 }, () => encode({ command: 'enquire_link', sequence: 2 })),
  );
  let written = 0;
  const flood = setInterval(() => {
    if (socket.writableLength > 1_000_000) return;
    socket.write(enquiries);
    written += enquiries.length;
  }, 1);
  t.after(() => clearInterval(flood));
  while (server.sessions.size === 0) await sleep(1);
  const [session] = [...server.sessions];
  assert.equal(await session!.ended, 'stalled');
  assert.ok(written > 65_536);
});

test('unbind waits for what is under way, takes nothing new, and ends both sides', async (t) => {
  const waiting: Incoming<'submit_sm'>[] = [];
  const server = await serve(t, { handlers: { submit_sm: (incoming) => void waiting.push(incoming) } });
  const session = await bindTo(t, server.port);
  const [far] = [...server.sessions];
  const outcome = outcomeOf(session);
  while (waiting.length === 0) await sleep(1);
  const unbound = session.unbind();
  assert.throws(() => session.request({ command: 'submit_sm' }, null, () => {}), SmppStateError);
  waiting[0]?.reply({ messageId: 'm' });
  await unbound;
  assert.equal((await outcome).outcome, 'answered');
  assert.equal(await session.ended, 'unbound');
  assert.equal(await far!.ended, 'unbound');
});

test('255 octets of short_message need SMPP 5.0 on both sides', async (t) => {
  const server = await serve(t, {
    interfaceVersion: 0x50,
    handlers: {
      submit_sm: (incoming, { interfaceVersion }) =>
        void incoming.reply({
          messageId: `${incoming.pdu.shortMessage.length}`,
          ...(interfaceVersion >= 0x50 ? { tlvs: { congestionState: 85 } } : {}),
        }),
    },
  });
  const old = await bindTo(t, server.port);
  const shortMessage = Buffer.alloc(255);
  assert.equal(old.interfaceVersion, 0x34);
  await assert.rejects(old.ask({ command: 'submit_sm', shortMessage }), /at most 254/);
  assert.equal((await old.ask({ command: 'submit_sm' })).tlvs.congestionState, undefined);
  const recent = await bindTo(t, server.port, { interfaceVersion: 0x50 });
  assert.equal(recent.interfaceVersion, 0x50);
  const response = await recent.ask({ command: 'submit_sm', shortMessage });
  assert.partialDeepStrictEqual(response, { messageId: '255', tlvs: { congestionState: 85 } });
});
