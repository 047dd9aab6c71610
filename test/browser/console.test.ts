import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectNoAxeViolations } from './axe.ts';
import { settle, signIn, withBrowser, type Look } from './browser.ts';
import { sandboxUrl } from './sandbox.ts';

const looks: readonly Look[] = [
  { screen: 'desktop', scheme: 'light', language: 'zh-TW' },
  { screen: 'desktop', scheme: 'dark', language: 'en' },
  { screen: 'phone', scheme: 'light', language: 'en' },
  { screen: 'phone', scheme: 'dark', language: 'zh-TW' },
];

/** Pages of the shell by a role that sees them. */
const visits: Readonly<Record<string, readonly string[]>> = {
  officer: [
    '/',
    '/jobs',
    '/notifications',
    '/settings/profile',
    '/settings/password',
    '/settings/authenticator',
    '/settings/passkey',
    '/settings/people',
    '/nowhere',
  ],
  auditor: ['/audit', '/audit?from=2020-01-01&action=auth.signed_in'],
  administrator: [
    '/settings/people',
    '/settings/people/invite',
    '/settings/organisations',
    '/settings/organisations/new',
    '/developer/keys',
    '/developer/keys/new',
    '/developer/requests',
    '/developer/webhooks',
    '/developer/webhooks/new',
    '/developer/clock',
    '/developer/inbox',
  ],
};
const before = ['/sign-in', '/reset-password', '/invitation', '/invitation#unknown-token'];
const url = sandboxUrl();

async function isSound(page: Parameters<typeof settle>[0], path: string): Promise<void> {
  await page.goto(`${url}/console${path}`);
  await settle(page);
  await expectNoAxeViolations(page);
  assert.match(await page.title(), /\S+ · (信賴|Xinlai)$/, `title of ${path}`);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, `${path} is wider than the screen`);
}

for (const look of looks) {
  describe(`the console, ${look.screen}, ${look.scheme}, ${look.language}`, () => {
    it('is sound before signing in', () =>
      withBrowser(look, async ({ page, troubles }) => {
        for (const path of before) await isSound(page, path);
        assert.deepEqual(troubles, []);
      }));
    for (const [role, paths] of Object.entries(visits)) {
      it(`is sound for the ${role}`, () =>
        withBrowser(look, async ({ page, troubles }) => {
          await signIn(page, url, role);
          for (const path of paths) await isSound(page, path);
          assert.deepEqual(troubles, []);
        }));
    }
  });
}

describe('the shell', () => {
  it('leads back to the page that was asked for after signing in', () =>
    withBrowser({}, async ({ page }) => {
      await page.goto(`${url}/console/jobs?state=failed`);
      await page.waitForURL(/sign-in/);
      await page.locator('.x-roles button').first().click();
      await page.waitForURL(/\/console\/jobs\?state=failed$/);
    }));

  it('keeps the page when the language changes', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'officer');
      await page.goto(`${url}/console/jobs?state=failed`);
      await settle(page);
      const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { name: 'Background jobs' }).waitFor();
      assert.equal((await kept).status(), 200);
      assert.match(page.url(), /jobs\?state=failed$/);
      assert.equal(await page.getAttribute('html', 'lang'), 'en');
      // The language is kept with the person, and the next test signs in as the same one.
      const back = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
      await page.getByRole('button', { name: '中文' }).click();
      assert.equal((await back).status(), 200);
    }));

  it('speaks and looks at the next sign-in, on any machine, as the person chose', async () => {
    await withBrowser({ language: 'zh-TW', scheme: 'light' }, async ({ page }) => {
      await signIn(page, url, 'reviewer');
      const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
      await page.getByRole('button', { name: 'English' }).click();
      assert.equal((await kept).status(), 200);
    });
    await withBrowser({ language: 'zh-TW', scheme: 'light' }, async ({ page }) => {
      await signIn(page, url, 'reviewer');
      await page.locator('html[lang="en"]').waitFor();
      const back = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
      await page.getByRole('button', { name: '中文' }).click();
      assert.equal((await back).status(), 200);
      assert.equal(await page.getAttribute('html', 'lang'), 'zh-TW');
    });
  });

  it('moves the focus to the heading of the next page, and skips to content', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'officer');
      await page.getByRole('link', { name: '背景工作' }).click();
      await page.waitForFunction(() => document.activeElement?.id === 'page-title');
      await page.goto(`${url}/console/`);
      await settle(page);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement?.className), 'x-skip');
    }));

  it('finds pages by the palette, which a composing input method does not close', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'officer');
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('統一編號、業者名稱、品牌或頁面').fill('背景');
      await page
        .getByRole('option', { name: '背景工作' })
        .or(page.getByRole('button', { name: '背景工作' }).last())
        .first()
        .click();
      await page.waitForURL(/\/console\/jobs/);
    }));

  it('clears filters and brings them back', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'auditor');
      await page.goto(`${url}/console/audit?action=auth.signed_in`);
      await settle(page);
      await page.getByRole('button', { name: '清除篩選' }).click();
      await page.waitForURL((address) => address.search === '');
      await page.getByRole('button', { name: '復原' }).click();
      await page.waitForURL(/action=auth\.signed_in/);
    }));

  it('proves the audit trail at the press of a button', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'auditor');
      await page.goto(`${url}/console/audit`);
      await page.getByRole('button', { name: '驗證稽核軌跡' }).click();
      await page.getByText('軌跡完整，所有紀錄與封存時一致').waitFor();
    }));

  it('shows a key once, and the errors of a form on top and beside the field', () =>
    withBrowser({}, async ({ page }) => {
      await signIn(page, url, 'administrator');
      await page.goto(`${url}/console/developer/keys/new`);
      await page.getByRole('button', { name: '建立金鑰' }).click();
      const alert = page.getByRole('alert');
      await alert.getByRole('link', { name: '請填寫「名稱」' }).click();
      const name = page.getByLabel('名稱', { exact: true });
      assert.equal(await name.evaluate((field) => field === document.activeElement), true);
      await name.fill('物流');
      await page.getByRole('button', { name: '建立金鑰' }).click();
      await page.getByText('這是唯一一次顯示這把金鑰').waitFor();
      await page.getByRole('link', { name: '我已收好金鑰' }).click();
      await page.getByRole('rowheader', { name: '物流' }).waitFor();
    }));
});
