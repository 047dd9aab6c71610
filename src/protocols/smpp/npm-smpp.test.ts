import assert from 'node:assert/strict';
import { once, type EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { test } from 'node:test';
import { connect } from './client.ts';
import { listen } from './server.ts';
import { statuses } from './statuses.ts';

type Fields = Readonly<Record<string, unknown>>;
interface PeerPdu {
  readonly command_status: number;
  readonly [field: string]: unknown;
  response(fields?: Fields): PeerPdu;
}
interface PeerSession extends EventEmitter {
  bind_transceiver(fields: Fields, answered: (pdu: PeerPdu) => void): void;
  submit_sm(fields: Fields, answered: (pdu: PeerPdu) => void): void;
  deliver_sm(fields: Fields, answered?: (pdu: PeerPdu) => void): void;
  query_sm(fields: Fields, answered: (pdu: PeerPdu) => void): void;
  enquire_link(answered: (pdu: PeerPdu) => void): void;
  unbind(answered: (pdu: PeerPdu) => void): void;
  send(pdu: PeerPdu): void;
  close(): void;
}
const smpp = createRequire(import.meta.url)('smpp') as {
  connect(options: { readonly url: string }): PeerSession;
  createServer(accepted: (session: PeerSession) => void): Server;
};

const han = '數位發展部：您申請的資料已可下載，請洽 1922';
const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** A call of the peer with one answer. */
const answer = (call: (answered: (pdu: PeerPdu) => void) => void): Promise<PeerPdu> =>
  new Promise((resolve) => call(resolve));

test('npm smpp as client binds, sends Han text, gets its receipt, asks and unbinds', async () => {
  const texts: string[] = [];
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'ours',
    authenticate: ({ password }) => (password === 'right' ? statuses.ESME_ROK : statuses.ESME_RINVPASWD),
    handlers: {
      submit_sm: async (incoming, session) => {
        texts.push(Buffer.from(incoming.pdu.shortMessage).swap16().toString('utf16le'));
        incoming.reply({ messageId: '5F3A' });
        const taken = await session.ask({
          command: 'deliver_sm',
          esmClass: 4,
          sourceAddr: incoming.pdu.destinationAddr,
          destinationAddr: incoming.pdu.sourceAddr,
          shortMessage: Buffer.from('id:5F3A stat:DELIVRD'),
          tlvs: { receiptedMessageId: '5F3A', messageState: 2 },
        });
        texts.push(`receipt ${taken.status}`);
      },
      query_sm: (incoming) =>
        void incoming.reply({ messageId: incoming.pdu.messageId, messageState: 2, finalDate: '' }),
    },
  });
  const peer = smpp.connect({ url: `smpp://127.0.0.1:${server.port}` });
  await once(peer, 'connect');
  const bound = await answer((done) => peer.bind_transceiver({ system_id: 'npm', password: 'right' }, done));
  assert.equal(bound.command_status, 0);
  assert.equal(bound['system_id'], 'ours');
  const receipt = once(peer, 'deliver_sm') as Promise<[PeerPdu]>;
  const submitted = await answer((done) =>
    peer.submit_sm(
      { source_addr: '111', destination_addr: '886912345678', data_coding: 8, short_message: han },
      done,
    ),
  );
  assert.equal(submitted['message_id'], '5F3A');
  const [delivered] = await receipt;
  assert.equal(delivered['receipted_message_id'], '5F3A');
  assert.equal(delivered['message_state'], 2);
  peer.send(delivered.response());
  const queried = await answer((done) => peer.query_sm({ message_id: '5F3A' }, done));
  assert.equal(queried['message_state'], 2);
  assert.equal((await answer((done) => peer.enquire_link(done))).command_status, 0);
  assert.deepEqual(texts, [han, 'receipt 0']);
  assert.equal((await answer((done) => peer.unbind(done))).command_status, 0);
  peer.close();
  await server.close();
});

test('npm smpp as client is told the status of a refused bind', async () => {
  const authenticate = (): number => statuses.ESME_RINVPASWD;
  const server = await listen({ host: '127.0.0.1', port: 0, systemId: 'ours', authenticate });
  const peer = smpp.connect({ url: `smpp://127.0.0.1:${server.port}` });
  await once(peer, 'connect');
  const refused = await answer((done) => peer.bind_transceiver({ system_id: 'npm', password: 'no' }, done));
  assert.equal(refused.command_status, statuses.ESME_RINVPASWD);
  peer.close();
  await server.close();
});

test('npm smpp as server takes a full window of ours, and its receipts come back', async () => {
  const texts = new Set<unknown>();
  const server = smpp.createServer((session) => {
    session.on('error', () => {});
    for (const command of ['bind_transceiver', 'enquire_link', 'unbind'])
      session.on(command, (pdu: PeerPdu) => session.send(pdu.response({ system_id: 'npm' })));
    session.on('submit_sm', (pdu: PeerPdu) => {
      texts.add((pdu['short_message'] as { message: unknown }).message);
      const id = String(pdu['source_addr']);
      session.send(pdu.response({ message_id: id }));
      session.deliver_sm({
        esm_class: 4,
        receipted_message_id: id,
        message_state: 2,
        short_message: 'stat:DELIVRD',
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const delivered: string[] = [];
  const whole = Promise.withResolvers<void>();
  const session = await connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    mode: 'transceiver',
    systemId: 'ours',
    password: 'p',
    window: 50,
    handlers: {
      deliver_sm: (incoming) => {
        incoming.reply({});
        if (delivered.push(incoming.pdu.tlvs.receiptedMessageId ?? '') === 200) whole.resolve();
      },
    },
  });
  assert.equal(session.peerSystemId, 'npm');
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      session.ask({
        command: 'submit_sm',
        sourceAddr: `${index}`,
        dataCoding: 8,
        shortMessage: ucs2(`${han}${index}`),
      }),
    ),
  );
  assert.deepEqual(
    answers.map(({ messageId }) => messageId),
    answers.map((_, index) => `${index}`),
  );
  await whole.promise;
  assert.deepEqual(new Set(delivered), new Set(answers.map(({ messageId }) => messageId)));
  assert.deepEqual(texts, new Set(answers.map((_, index) => `${han}${index}`)));
  await session.unbind();
  assert.equal(await session.ended, 'unbound');
  server.close();
});
