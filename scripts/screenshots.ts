/**
 * Takes the pictures of README and docs: `node scripts/screenshots.ts [names]` writes `docs/images/<name>.png` of a fresh
 * sandbox. Needs Chromium, and says so.
 */
import { mkdirSync, statSync } from 'node:fs';
import type { Page } from 'playwright-core';
import {
  CHROMIUM_MISSING,
  findChromium,
  settle,
  signIn,
  withBrowser,
  type Look,
} from '../test/browser/browser.ts';
import { startSandbox } from '../test/browser/sandbox.ts';

interface Picture {
  readonly name: string;
  /** Below the address of the product; the console's pages begin with `/console`. */
  readonly path: string;
  /** Whose page it is; null without signing in. */
  readonly role: string | null;
  readonly look?: Partial<Look>;
  /** What is done before the picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const phone: Partial<Look> = { screen: 'phone' };
const dark: Partial<Look> = { scheme: 'dark' };
const pictures: readonly Picture[] = [
  { name: 'sign-in', path: '/console/sign-in', role: null },
  { name: 'home', path: '/console/', role: 'officer' },
  { name: 'home-dark', path: '/console/', role: 'officer', look: { ...dark, language: 'en' } },
  { name: 'home-phone', path: '/console/', role: 'officer', look: phone },
  { name: 'findings', path: '/console/findings', role: 'officer' },
  {
    name: 'finding',
    path: '/console/findings',
    role: 'officer',
    prepare: (page) => page.locator('tbody th a').first().click(),
  },
  { name: 'reconciliation', path: '/console/reconciliation', role: 'officer' },
  { name: 'operators', path: '/console/operators', role: 'officer' },
  {
    name: 'palette',
    path: '/console/',
    role: 'officer',
    prepare: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('統一編號、業者名稱、品牌或頁面').fill('支付');
      await page.waitForTimeout(1200);
    },
  },
  {
    name: 'audit',
    path: '/console/audit',
    role: 'auditor',
    prepare: async (page) => {
      await page.getByRole('button', { name: '驗證稽核軌跡' }).click();
      await page.locator('.x-notice').waitFor();
    },
  },
  { name: 'keys', path: '/console/developer/keys', role: 'administrator' },
  { name: 'public-home', path: '/', role: null },
  { name: 'public-home-phone', path: '/', role: null, look: phone },
  {
    name: 'text-template',
    path: '/console/messaging/templates',
    role: 'agency',
    prepare: async (page) => {
      await page.getByRole('link', { name: '到期提醒' }).click();
      await settle(page);
      await page
        .getByRole('link', { name: /第 1 版|版本 1/u })
        .first()
        .click();
      await page.waitForTimeout(2500);
    },
  },
  { name: 'text-phones', path: '/console/messaging/phones', role: 'agency', prepare: sendTexts },
  { name: 'text-check-phone', path: '/111', role: null, look: phone },
];

/** Single texts to invented numbers, as the page for one text sends them. */
async function sendTexts(page: Page): Promise<void> {
  const api = '/api/v1/messaging';
  const listed = await page.request.get(
    `${new URL(page.url()).origin}${api}/versions?state=approved&limit=200`,
  );
  const { items } = (await listed.json()) as {
    items: { id: string; class: string; fields: { name: string }[] }[];
  };
  const version = items.find(
    (one) => one.class === 'single' && one.fields.some(({ name }) => name === 'item'),
  );
  if (version === undefined) throw new Error('the sandbox has no version for single texts');
  for (const [index, item] of [
    '租屋補助',
    '育兒津貼',
    '綠色消費點數',
    '能源補助',
    '停車優惠',
    '健檢預約',
  ].entries()) {
    await page.evaluate(
      async ([path, body]) => {
        await fetch(path as string, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: body as string,
        });
      },
      [
        `${api}/messages`,
        JSON.stringify({
          templateVersionId: version.id,
          number: `09120031${index}7`,
          values: { item, number: `A11511${index}` },
        }),
      ],
    );
  }
  await page.waitForTimeout(3000);
}

if (findChromium() === null) {
  console.error(CHROMIUM_MISSING);
  process.exit(1);
}
const wanted = process.argv.slice(2);
const chosen = pictures.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
mkdirSync('docs/images', { recursive: true });
const sandbox = await startSandbox();
try {
  for (const picture of chosen) await take(picture, sandbox.url);
} finally {
  await sandbox.stop();
}

async function take({ name, path, role, look, prepare }: Picture, url: string): Promise<void> {
  const file = `docs/images/${name}.png`;
  await withBrowser(look ?? {}, async ({ page }) => {
    if (role !== null) await signIn(page, url, role);
    await page.goto(`${url}${path}`);
    await settle(page);
    await prepare?.(page);
    await settle(page);
    await page.waitForTimeout(400);
    await page.screenshot({ path: file, animations: 'disabled' });
  });
  console.log(`${file}  ${Math.round(statSync(file).size / 1024)} KiB`);
}
