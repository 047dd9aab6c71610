import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Where Chromium stands, by `XINLAI_CHROMIUM` or the usual places; null where there is none. */
export function findChromium(): string | null {
  const places = [
    process.env['XINLAI_CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  return places.find((place) => place !== undefined && existsSync(place)) ?? null;
}

/** What to do where Chromium is missing. */
export const CHROMIUM_MISSING =
  'Chromium is not installed: browser tests and screenshots need it.\n' +
  '  Debian, Ubuntu:  apt-get install chromium fonts-noto-cjk\n' +
  '  elsewhere:       set XINLAI_CHROMIUM to the program of a Chromium or Chrome';

/** Screens that every page is tried on. */
export const screens = {
  desktop: { width: 1360, height: 860 },
  phone: { width: 390, height: 844 },
} as const;
export type Screen = keyof typeof screens;

export interface Look {
  readonly screen: Screen;
  readonly scheme: 'light' | 'dark';
  readonly language: 'zh-TW' | 'en';
}

/** A page in a browser of its own, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts, refusals of the content security policy, and requests that left this machine. */
  readonly troubles: readonly string[];
}

/** Opens a browser that reaches loopback only, runs `use`, and leaves nothing behind. */
export async function withBrowser<T>(look: Partial<Look>, use: (open: OpenPage) => Promise<T>): Promise<T> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(CHROMIUM_MISSING);
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-browser-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: screens[look.screen ?? 'desktop'],
    colorScheme: look.scheme ?? 'light',
    locale: look.language ?? 'zh-TW',
    timezoneId: 'Asia/Taipei',
    reducedMotion: 'reduce',
    hasTouch: look.screen === 'phone',
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(15_000);
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
        troubles.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      const isOurs = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) || !protocol.startsWith('http');
      if (!isOurs) troubles.push(`request to ${hostname}`);
    });
    return await use({ page, context, troubles });
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until nothing is loading any more. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.waitForFunction(
    () =>
      document.querySelector('h1') !== null &&
      document.querySelector('.x-loading, [aria-busy="true"]') === null,
  );
}

/** Signs in as a person of the sandbox by their seat (`officer`, `auditor`, `operator` …), by the button on the sign-in page. */
export async function signIn(page: Page, baseUrl: string, seat: string): Promise<void> {
  await page.goto(`${baseUrl}/console/sign-in`);
  await page.locator(`button[data-seat="${seat}"]`).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
  await settle(page);
}
