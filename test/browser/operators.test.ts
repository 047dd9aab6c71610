import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Static, TSchema } from 'typebox';
import { routes } from '#contracts/operators';
import { expectNoAxeViolations } from './axe.ts';
import { settle, signIn, withBrowser, type Look } from './browser.ts';
import { sandboxUrl } from './sandbox.ts';

const url = sandboxUrl();
/** An import and the run after it, on a slow machine. */
const LONG = { timeout: 120_000 };

/** An answer of the API to the person of the page. */
async function ask<S extends TSchema>(
  page: Page,
  route: { url: string; response: { 200: S } },
  query = '',
  params: Readonly<Record<string, string>> = {},
): Promise<Static<S>> {
  const path = route.url.replace(/(?<=\/):(\w+)/g, (_, name: string) => params[name] ?? '');
  const answer = await page.request.get(`${url}${path}${query}`);
  assert.equal(answer.status(), 200, path);
  return (await answer.json()) as Static<S>;
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${url}/console${path}`);
  await settle(page);
}

/** The newest run is computed again; the notice says so. */
async function computedAgain(page: Page): Promise<string> {
  const notice = page.locator('.x-notice--success', { hasText: '已重新勾稽' });
  await notice.getByText('查看完整差異').waitFor(LONG);
  return notice.innerText();
}

describe('the work of a case officer', () => {
  it('goes from a folder to the funnel, a finding, a judgement, and a finding less; the audit trail shows it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xinlai-sources-'));
    try {
      const { findingId, name } = await withBrowser({}, async ({ page, troubles }) => {
        await signIn(page, url, 'officer');
        const { items } = await ask(page, routes.listOperators, '?step=in-being&limit=2');
        const [numbered, named] = items;
        assert.ok(numbered?.ubn && named?.ubn, 'the sandbox has firms in being');
        writeFileSync(
          join(folder, 'reply.csv'),
          `統一編號,名稱,年度,代理收付日均餘額\n${numbered.ubn},${named.name},2022,500\n`,
        );

        await open(page, '/imports/new');
        await page.locator('input[webkitdirectory]').setInputFiles(folder);
        await page.getByRole('button', { name: '上傳並預覽' }).click();
        await page.getByText('已辨識：金管會函復').waitFor();
        await page.getByRole('button', { name: '確認並匯入' }).click();
        await page.getByRole('link', { name: '開啟勾稽結果' }).click(LONG);
        await page.getByRole('heading', { name: '漏斗', exact: true }).waitFor(LONG);

        await page.getByRole('link', { name: /統一編號與名稱不符/ }).click();
        await page.getByRole('heading', { name: '查核發現', level: 1 }).waitFor();
        await page.getByLabel('業者或統一編號').fill(numbered.ubn);
        await page.waitForURL(/[?&]q=/);
        await settle(page);
        await page.getByRole('rowheader', { name: numbered.name }).getByRole('link').click();
        await page.getByRole('heading', { name: '統一編號與名稱不符' }).waitFor();
        await page.getByText(named.name).first().waitFor();
        const findingId = new URL(page.url()).pathname.split('/').at(-1) ?? '';

        await open(page, '/matches?outcome=conflict');
        await page.getByRole('rowheader', { name: named.name }).getByRole('link').click();
        await page.getByRole('radio', { name: new RegExp(named.name) }).check();
        await page.getByLabel('接著開啟下一筆待判定').uncheck();
        await page.keyboard.press('1');
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/matches\?.*run=/);
        assert.match(await computedAgain(page), /消失 1 項/);

        await open(page, `/findings/${findingId}`);
        await page.getByText('已不成立').first().waitFor();
        assert.deepEqual(troubles, []);
        return { findingId, name: named.name };
      });
      assert.match(findingId, /^fnd_/, name);
      await withBrowser({}, async ({ page }) => {
        await signIn(page, url, 'auditor');
        await open(page, '/audit?action=operators.match_judged');
        await page.getByText('operators.match_judged').first().waitFor();
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('dismisses a finding with a reason, and takes it back', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'officer');
      const { items } = await ask(page, routes.listFindings, '?state=open&limit=1');
      const id = items[0]?.id ?? '';
      await open(page, `/findings/${id}`);
      await page.getByRole('link', { name: '排除此發現' }).click();
      await page.getByRole('button', { name: '排除此發現' }).click();
      await page.getByRole('link', { name: '請填寫「理由」' }).waitFor();
      await page.getByLabel('理由').fill('測試排除');
      await page.getByRole('button', { name: '排除此發現' }).click();
      await page.getByText('測試排除').first().waitFor();
      await page.getByRole('button', { name: '恢復待處理' }).click();
      await page.getByRole('link', { name: '排除此發現' }).waitFor();
    }));

  it('finds an operator while typing, and by the palette', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'officer');
      const { items } = await ask(page, routes.listOperators, '?status=operating&limit=1');
      const name = items[0]?.name ?? '';
      await open(page, '/operators');
      await page.getByLabel('查詢業者').fill(name.slice(0, 4));
      await page.locator('.op-hits').getByText(name).first().click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('統一編號、業者名稱、品牌或頁面').fill(items[0]?.ubn ?? '');
      await page.locator('[data-action]', { hasText: name }).first().waitFor();
    }));

  it('keeps filters in the address and a view of them on the server', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'officer');
      await open(page, '/findings');
      await page.getByLabel('嚴重度').selectOption('critical');
      await page.waitForURL(/severity=critical/);
      await page.getByRole('button', { name: '已存的篩選' }).click();
      await page.locator('#view-name').fill('重大');
      await page.locator('.x-views__save button').click();
      await open(page, '/findings');
      await page.getByRole('button', { name: /已存的篩選/ }).click();
      await page.getByRole('menuitem', { name: '重大', exact: true }).click();
      await page.waitForURL(/severity=critical/);
    }));
});

const looks: readonly Look[] = [
  { screen: 'desktop', scheme: 'light', language: 'zh-TW' },
  { screen: 'phone', scheme: 'dark', language: 'en' },
  { screen: 'desktop', scheme: 'dark', language: 'zh-TW' },
];

/** Every page of the register, with something on it. */
async function allPages(page: Page): Promise<string[]> {
  const [operator] = (await ask(page, routes.listOperators, '?status=operating&limit=1')).items;
  const [finding] = (await ask(page, routes.listFindings, '?limit=1')).items;
  const [match] = (await ask(page, routes.listMatches, '?limit=1')).items;
  const [taken] = (await ask(page, routes.listImports, '?limit=1')).items;
  return [
    '/',
    '/reconciliation',
    '/reconciliation/new',
    '/findings',
    '/findings?q=nothing-like-it',
    `/findings/${finding?.id}`,
    `/findings/${finding?.id}/dismiss`,
    '/findings/fnd_0000000000000000',
    '/operators',
    '/operators?step=operating-without-item',
    `/operators/${operator?.ubn}`,
    `/operators/${operator?.ubn}?validOn=2022-06-30`,
    `/operators/${operator?.ubn}/declare`,
    '/matches',
    '/matches?show=all',
    `/matches/judge?key=${match?.key}`,
    '/judgements',
    '/imports',
    '/imports/new',
    `/imports/${taken?.id}`,
    '/runs',
    '/runs/compare',
    '/rules',
  ];
}

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
  describe(`the register, ${look.screen}, ${look.scheme}, ${look.language}`, () => {
    it('is sound on every page', () =>
      withBrowser(look, async ({ page, troubles }) => {
        await signIn(page, url, 'officer');
        for (const path of await allPages(page)) await isSound(page, path);
        assert.deepEqual(troubles, []);
      }));
    it('is sound for a reviewer who sets weights, and a firm that looks at itself', async () => {
      await withBrowser(look, async ({ page }) => {
        await signIn(page, url, 'reviewer');
        await isSound(page, '/rules/weights');
      });
      await withBrowser(look, async ({ page }) => {
        await signIn(page, url, 'operator');
        await isSound(page, '/own');
      });
    });
  });
}
