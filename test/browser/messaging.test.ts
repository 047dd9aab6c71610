import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { expectNoAxeViolations } from './axe.ts';
import { settle, signIn, withBrowser, type Look } from './browser.ts';
import { sandboxUrl } from './sandbox.ts';

const url = sandboxUrl();
/** Reading, sealing and sending on a slow machine. */
const LONG = { timeout: 60_000 };

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${url}/console${path}`);
  await settle(page);
}

interface Listed {
  readonly id: string;
  readonly class: string;
  readonly templateId: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

async function items<T>(page: Page, path: string): Promise<T[]> {
  const answer = await page.request.get(`${url}/api/v1/messaging/${path}`);
  assert.equal(answer.status(), 200, path);
  return ((await answer.json()) as { items: T[] }).items;
}

/** An approved version of a class that the sandbox brings. */
async function versionFor(page: Page, wanted: 'batch' | 'single'): Promise<Listed> {
  const versions = await items<Listed>(page, 'versions?state=approved&limit=200');
  // Newest first: what other journeys made stands before it.
  const found = versions.findLast((version) => version.class === wanted && version.fields.length > 0);
  assert.ok(found, `the sandbox has a version of the class ${wanted}`);
  return found;
}

const samples: Readonly<Record<string, string>> = {
  date: '115/11/30',
  amount: '1200',
  number: '12',
  time: '14:30',
  code: 'A1B2',
};

/** A list of recipients in Big5: the names are Han, one number is a landline, one repeats the first. */
function recipients(version: Listed, numbers: readonly string[]): string {
  const header = ['手機號碼', ...version.fields.map(({ name }) => name)];
  const rows = numbers.map((number) => [
    number,
    ...version.fields.map(({ type }) => samples[type] ?? '王小明'),
  ]);
  return [header, ...rows].map((row) => row.join(',')).join('\r\n');
}

/** `手機號碼` and `王小明` in Big5; Node writes no Big5 itself. */
const BIG5: Readonly<Record<string, readonly number[]>> = {
  手: [0xa4, 0xe2],
  機: [0xbe, 0xf7],
  號: [0xb8, 0xb9],
  碼: [0xbd, 0x58],
  王: [0xa4, 0xfd],
  小: [0xa4, 0x70],
  明: [0xa9, 0xfa],
};
const big5 = (text: string): Buffer =>
  Buffer.from([...text].flatMap((character) => BIG5[character] ?? [character.codePointAt(0) ?? 0x3f]));

/** Numbers that no other run of the sandbox used. */
function freshNumbers(count: number): string[] {
  const start = Date.now() % 1_000_000;
  return Array.from(
    { length: count },
    (_, index) => `09${String(12_000_000 + start * 10 + index).slice(-8)}`,
  );
}

describe('the work with 111', () => {
  it('shows a template on the phone while it is written, and has it approved by another person', async () => {
    const name = `提醒 ${Date.now()}`;
    const path = await withBrowser({}, async ({ page, troubles }) => {
      await signIn(page, url, 'agency');
      await open(page, '/messaging/templates/new');
      await page.getByLabel('範本名稱').fill(name);
      await page.getByRole('button', { name: '下一步：撰寫內容' }).click();
      await page.getByRole('heading', { name: '撰寫新版本' }).waitFor();
      await page.getByLabel('本文', { exact: true }).fill('{{姓名}}您好，您的申請已受理，請洽');
      const bubble = page.locator('.ms-bubble__text');
      await bubble.getByText('王小明').waitFor();
      assert.match(await bubble.innerText(), /^678.+：王小明您好，您的申請已受理，請洽/u);
      await page.getByLabel('試填').fill('http://evil.example');
      await page.locator('.ms-field__problem').waitFor();
      await page.getByLabel('試填').fill('陳大文');
      await bubble.getByText('陳大文').waitFor();
      await page.getByText(/\d+ \/ 70/u).waitFor();
      await page.getByRole('button', { name: '儲存為新版本' }).click();
      await page.getByRole('button', { name: '送審' }).click();
      await page.getByText('等待另一人審核').waitFor();
      assert.deepEqual(troubles, []);
      return new URL(page.url()).pathname.replace('/console', '');
    });
    await withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'agency-reviewer');
      await open(page, path);
      await page.getByRole('button', { name: '核准', exact: true }).click();
      await page
        .getByText(/已核准，內容凍結|待主管機關核定/u)
        .first()
        .waitFor();
    });
  });

  it('goes from a Big5 file with bad rows over corrections, seal and approval to the report, and to the phones', async () => {
    const [first = '', second = '', third = ''] = freshNumbers(3);
    const name = `測試批次 ${Date.now()}`;
    const path = await withBrowser({}, async ({ page, troubles }) => {
      await signIn(page, url, 'agency');
      const version = await versionFor(page, 'batch');
      await open(page, `/messaging/batches/new?version=${version.id}`);
      await page.getByLabel('批次名稱').fill(name);
      await page.getByRole('button', { name: '下一步：上傳名單' }).click();
      await page.getByRole('heading', { name: '收件名單' }).waitFor();
      await page.locator('input[type=file]').setInputFiles({
        name: '名單.csv',
        mimeType: 'text/csv',
        buffer: big5(recipients(version, [first, second.slice(1), '02-23808411', first])),
      });
      await page.getByText('不會發送的列').waitFor(LONG);
      await page.getByText('第 4 列').first().waitFor();
      await page.getByText('補回 Excel 吃掉的開頭 0').waitFor();
      await page.locator('dd', { hasText: /^big5$/u }).waitFor();
      await page.getByText('上傳更正後的列').click();
      await page.locator('input[type=file]').setInputFiles({
        name: '更正.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(recipients(version, [third])),
      });
      await page.getByRole('button', { name: '封存 3 位收件人' }).click(LONG);
      await page.getByText('等待核准').first().waitFor(LONG);
      assert.deepEqual(troubles, []);
      return new URL(page.url()).pathname.replace('/console', '');
    });
    await withBrowser({}, async ({ page, troubles }) => {
      await signIn(page, url, 'agency-reviewer');
      await open(page, '/messaging/approvals');
      await page.getByRole('rowheader', { name }).getByRole('link').click();
      await page.getByRole('heading', { name }).waitFor();
      const bubble = page.locator('.ms-bubble__text');
      await bubble.waitFor();
      const text = await bubble.innerText();
      await page.getByLabel('若在發送時段外，改到下一個時段開始').uncheck();
      await page.getByRole('button', { name: '核准發送給 3 人' }).click();
      await page
        .getByText(/發送中|已完成|已核准，等待時間/u)
        .first()
        .waitFor(LONG);
      await page.getByRole('heading', { name: '報表' }).waitFor(LONG);
      await open(page, `/messaging/phones?q=${first.slice(-6)}`);
      await page.locator('.ms-wall').getByText(text).first().waitFor(LONG);
      assert.deepEqual(troubles, []);
    });
    await withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'agency');
      await open(page, path);
      await page.getByText('100%').first().waitFor(LONG);
    });
  });

  it('sends one text and follows it until it is delivered', () =>
    withBrowser({}, async ({ page, troubles }) => {
      await signIn(page, url, 'agency');
      const version = await versionFor(page, 'single');
      const [number = ''] = freshNumbers(1);
      await open(page, `/messaging/messages/new?version=${version.id}`);
      await page.getByLabel('收件手機號碼').fill(number);
      for (const { name, type } of version.fields)
        await page.getByLabel(name, { exact: true }).fill(samples[type] ?? '王小明');
      await page.getByRole('button', { name: '送出簡訊' }).click();
      await page.getByText('電信回報手機已收到。').waitFor(LONG);
      assert.deepEqual(troubles, []);
    }));
});

const looks: readonly Look[] = [
  { screen: 'desktop', scheme: 'light', language: 'zh-TW' },
  { screen: 'phone', scheme: 'dark', language: 'en' },
];

/** Every page of 111 of an agency, with something on it. */
async function agencyPages(page: Page): Promise<string[]> {
  const version = await versionFor(page, 'batch');
  const [service] = await items<{ id: string }>(page, 'services');
  const [batch] = await items<{ id: string }>(page, 'batches');
  const [message] = await items<{ id: string }>(page, 'messages');
  return [
    '/',
    '/messaging/batches',
    '/messaging/batches?state=failed',
    '/messaging/batches/new',
    ...(batch === undefined ? [] : [`/messaging/batches/${batch.id}`]),
    '/messaging/batches/bat_00000000000000',
    '/messaging/messages',
    '/messaging/messages/new',
    ...(message === undefined ? [] : [`/messaging/messages/${message.id}`]),
    '/messaging/approvals',
    '/messaging/services',
    '/messaging/services/new',
    `/messaging/services/${service?.id}`,
    `/messaging/services/${service?.id}/edit`,
    `/messaging/services/${service?.id}/pause`,
    '/messaging/templates',
    '/messaging/templates/new',
    `/messaging/templates/${version.templateId}`,
    `/messaging/templates/${version.templateId}/write?from=${version.id}`,
    `/messaging/versions/${version.id}`,
    `/messaging/versions/${version.id}/withdraw`,
    '/messaging/quota',
    '/messaging/smpp',
    '/messaging/smpp/new',
    '/messaging/phones',
  ];
}

/** Those of who runs the links and oversees the agencies. */
const ministryPages = [
  '/messaging/agencies',
  '/messaging/agencies/policy',
  '/messaging/links',
  '/messaging/phones',
];

async function isSound(page: Page, path: string): Promise<void> {
  await open(page, path);
  await expectNoAxeViolations(page);
  assert.match(await page.title(), /\S+ · (信賴|Xinlai)$/, `title of ${path}`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, `${path} is wider than the screen`);
}

for (const look of looks) {
  describe(`111, ${look.screen}, ${look.scheme}, ${look.language}`, () => {
    it('is sound on every page of an agency', () =>
      withBrowser(look, async ({ page, troubles }) => {
        await signIn(page, url, 'agency');
        for (const path of await agencyPages(page)) await isSound(page, path);
        assert.deepEqual(troubles, []);
      }));

    it('is sound on every page of the ministry', () =>
      withBrowser(look, async ({ page, troubles }) => {
        await signIn(page, url, 'administrator');
        for (const path of ministryPages) await isSound(page, path);
        assert.deepEqual(troubles, []);
      }));
  });
}
