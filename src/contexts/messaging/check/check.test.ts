import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshApp, sending, type TestApp } from '#test/app';
import { approvedVersion } from '../rig.ts';

let product: TestApp;
let text: string;
let sender: string;

before(async () => {
  product = await freshApp(sending);
  const agency = await product.keyOf('agency');
  const made = await approvedVersion(product.app.database, agency.caller, {
    class: 'otp',
    body: '您的驗證碼是 {{code}}，10 分鐘內有效，洽詢電話 ',
    fields: [{ name: 'code', type: 'code', maxLength: 8 }],
  });
  sender = made.serviceName;
  const sent = await agency.send('POST', '/api/v1/messaging/messages', {
    templateVersionId: made.versionId,
    number: '0912345678',
    values: { code: '482913' },
  });
  assert.equal(sent.statusCode, 202, sent.body);
  const { id } = sent.json<{ id: string }>();
  for (let waited = 0; waited < 20_000; waited += 50) {
    const { state } = (await agency.send('GET', `/api/v1/messaging/messages/${id}`)).json<{
      state: string;
    }>();
    if (state === 'submitted' || state === 'delivered') break;
    await sleep(50);
  }
  const phones = (await agency.send('GET', '/api/v1/messaging/simulator/phones?search=0912345678')).json<{
    items: { texts: { text: string }[] }[];
  }>();
  text = phones.items[0]?.texts.at(-1)?.text ?? '';
});
after(() => product[Symbol.asyncDispose]());

async function ask(said: string, lastDigits: string): Promise<{ sent: boolean; sender: string | null }> {
  const answer = await product.app.http.inject({
    method: 'POST',
    url: '/api/v1/messaging/check',
    payload: { text: said, lastDigits },
  });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

const submit = (fields: Record<string, string>) =>
  product.app.http.inject({
    method: 'POST',
    url: '/111',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    payload: new URLSearchParams(fields).toString(),
  });

test('a text that was sent is known to the number that got it, however it was copied', async () => {
  assert.equal(text, `678${sender}：您的驗證碼是 482913，10 分鐘內有效，洽詢電話 0800-009-868`);
  assert.deepEqual((await ask(text, '678')).sender, sender);
  assert.ok(
    (await ask(`  ${text.replaceAll('，', '， \n')} `, '0912345678')).sent,
    'white space does not count',
  );
});

test('one changed character, another number or a part of the text is not known', async () => {
  assert.ok(!(await ask(text.replace('482913', '482914'), '678')).sent);
  assert.ok(!(await ask(text.replace('0800-009-868', '0800-009-869'), '678')).sent);
  assert.ok(!(await ask(text, '679')).sent);
  assert.ok(!(await ask(text.slice(0, -1), '678')).sent);
  assert.ok(!(await ask(`${text}https://evil.example`, '678')).sent);
});

test('the page answers without script and says whom to call where the text is not known', async () => {
  const yes = await submit({ text, digits: ' 678 ' });
  assert.equal(yes.statusCode, 200);
  assert.match(yes.body, new RegExp(`由「${sender}」發送`, 'u'));
  const no = await submit({ text: `${text}請點 http://evil.example`, digits: '678' });
  assert.match(no.body, /不要點，撥 165/u);
  assert.match(no.body, /href="tel:165"/u);
  assert.equal(no.headers['cache-control'], 'no-store');
  assert.equal(no.headers['set-cookie'], undefined);
  assert.ok(!no.body.includes('<script'));
});

test('a form that is not filled in says what is missing and keeps what was typed', async () => {
  const answer = await submit({ text: '<b>您好</b>', digits: 'abc' });
  assert.equal(answer.statusCode, 422);
  assert.match(answer.body, /末三碼/u);
  assert.ok(answer.body.includes('&lt;b&gt;您好&lt;/b&gt;'));
  assert.equal((await submit({})).statusCode, 422);
  assert.equal((await submit({ text: 'x'.repeat(3000), digits: '678' })).statusCode, 422);
});

test('nothing that was typed is kept', async () => {
  const typed = '這是一段沒有人發過的文字四八二九一三';
  await submit({ text: typed, digits: '678' });
  const { pool } = product.app.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('http', 'messaging', 'audit')`,
  );
  for (const { name } of tables) {
    const { rows } = await pool.query(`select 1 from ${name} t where t::text like $1`, [`%${typed}%`]);
    assert.equal(rows.length, 0, name);
  }
});

test('a key that was destroyed on its day takes its answers with it', async () => {
  const { pool } = product.app.database;
  await pool.query("update messaging.check_key set destroy_on = '2020-01-01'");
  assert.ok(!(await ask(text, '678')).sent);
  await pool.query("update messaging.check_key set destroy_on = '2999-01-01'");
  assert.ok((await ask(text, '678')).sent);
});

test('whoever asks too often has to wait', async () => {
  const answers = await Promise.all(
    Array.from({ length: 25 }, () =>
      product.app.http.inject({
        method: 'POST',
        url: '/api/v1/messaging/check',
        payload: { text: '您好', lastDigits: '678' },
      }),
    ),
  );
  assert.ok(answers.some(({ statusCode }) => statusCode === 429));
});
