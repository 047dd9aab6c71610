import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decode,
  encode,
  Incoming,
  messageFields,
  segment,
  statuses,
  type AnyPduInput,
  type PduOf,
} from '#protocols/smpp';
import { HeldParts } from './held-parts.ts';

const TEXT = '各位市民您好，'.repeat(30);

/** Requests as they come from a client, and what was answered to each. */
function requests(text: string, reference = 7, destinationAddr = '886912345678') {
  const answers: (AnyPduInput & { status?: number })[] = [];
  const incoming = messageFields(segment(text), { reference }).map((fields, index) => {
    const pdu = decode(encode({ command: 'submit_sm', destinationAddr, ...fields }));
    return new Incoming<'submit_sm'>(pdu as PduOf<'submit_sm'>, (answer) => {
      answers[index] = answer;
      return true;
    });
  });
  return { incoming, answers };
}

test('no part of a long text is answered before the text is whole, in whatever order it comes', () => {
  const held = new HeldParts();
  const { incoming, answers } = requests(TEXT);
  const [last, ...others] = incoming.toReversed();
  for (const part of others) assert.equal(held.add(part), null);
  const whole = held.add(last as (typeof incoming)[number]);
  assert.equal(whole?.text, TEXT);
  assert.equal(whole.requests.length, incoming.length);
  assert.deepEqual(answers, []);
});

test('a text of one part is whole at once', () => {
  const { incoming } = requests('您好');
  assert.equal(new HeldParts().add(incoming[0] as (typeof incoming)[number])?.text, '您好');
});

test('parts to two numbers with the same reference are not mixed', () => {
  const held = new HeldParts();
  const one = requests(TEXT, 1, '886912345678');
  const other = requests(TEXT.replaceAll('您好', '再見'), 1, '886987654321');
  const texts: string[] = [];
  for (const [index, part] of one.incoming.entries()) {
    for (const incoming of [part, other.incoming[index]]) {
      const whole = incoming === undefined ? null : held.add(incoming);
      if (whole !== null) texts.push(whole.text);
    }
  }
  assert.deepEqual(texts, [TEXT, TEXT.replaceAll('您好', '再見')]);
});

test('parts whose brothers never come are refused, so that the client may send the text again', () => {
  let at = 0;
  const held = new HeldParts(() => at);
  const lost = requests(TEXT, 9);
  held.add(lost.incoming[0] as (typeof lost.incoming)[number]);
  at += 31_000;
  const next = requests('您好');
  held.add(next.incoming[0] as (typeof next.incoming)[number]);
  assert.equal(lost.answers[0]?.status, statuses.ESME_RSUBMITFAIL);
});

test('a binary message is refused by name', () => {
  const answers: AnyPduInput[] = [];
  const submit = { command: 'submit_sm', dataCoding: 4, shortMessage: Buffer.from([1, 2, 3]) } as const;
  const incoming = new Incoming<'submit_sm'>(decode(encode(submit)) as PduOf<'submit_sm'>, (answer) => {
    answers.push(answer);
    return true;
  });
  assert.equal(new HeldParts().add(incoming), null);
  assert.equal((answers[0] as { status?: number }).status, statuses.ESME_RINVDCS);
});
