import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '#platform/errors';
import { html, Html } from '#platform/http/html';
import { languageOf } from '#platform/http/problem';
import { publicStyle } from './style.ts';

/** What frames every public page. */
export interface PublicFrame {
  readonly sandbox: boolean;
}

export interface PublicPage {
  readonly title: string;
  readonly body: Html;
  /** Path of the page in the navigation that is open. */
  readonly current?: string;
  readonly status?: number;
  /** True where the page shows what the visitor typed: no browser or proxy keeps it. */
  readonly isPersonal?: boolean;
}

const words = {
  'zh-TW': {
    product: '信賴',
    tagline: '電商信賴與防詐平台',
    skip: '跳到主要內容',
    main: '主選單',
    register: '業者查詢',
    check: '111 簡訊查證',
    openData: '開放資料',
    api: '開發者',
    console: '登入',
    other: 'English',
    otherTag: 'en',
    band: '示範環境：以下業者與數字皆為合成資料，不代表任何真實業者。',
    about: '關於與授權',
    accessibility: '無障礙宣告',
    hotline: '疑似詐騙請撥 165',
    footer: '本頁不使用 Cookie，不載入第三方內容，也不記錄您查詢的文字。',
  },
  en: {
    product: 'Xinlai',
    tagline: 'trust for online shopping',
    skip: 'Skip to the content',
    main: 'Main menu',
    register: 'Check a firm',
    check: 'Check a 111 text',
    openData: 'Open data',
    api: 'Developers',
    console: 'Sign in',
    other: '中文',
    otherTag: 'zh-TW',
    band: 'Demonstration: every firm and figure below is synthetic and stands for no real firm.',
    about: 'About and licences',
    accessibility: 'Accessibility',
    hotline: 'Suspect a fraud? Call 165',
    footer:
      'This page sets no cookie, loads nothing from third parties, and keeps no record of what you look up.',
  },
} as const;

const mark = new Html(
  '<svg width="34" height="34" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#0f5c5c"/><g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"><path d="M11.6 6.2 6.2 15M9.2 12.4V26"/><path d="M14.6 11.4h11.6M15.8 15.4h9.2M15.8 19.2h2.4"/><path d="M15.9 22.1l2.9 3.6 6.4-6.5"/></g><circle cx="20.4" cy="7" r="1.9" fill="#f0a15e"/></svg>',
);

/** A link that keeps the language of the page: Chinese is the default, English is said in the address. */
export function link(path: string, language: Language): string {
  if (language === 'zh-TW') return path;
  return `${path}${path.includes('?') ? '&' : '?'}lang=en`;
}

/** Sends a whole page: plain HTML, one request, no script, no cookie. */
export function sendPublicPage(
  request: FastifyRequest,
  reply: FastifyReply,
  frame: PublicFrame,
  page: PublicPage,
): FastifyReply {
  const language = languageOf(request);
  const w = words[language];
  const item = (path: string, label: string): Html =>
    html`<li>
      <a href="${link(path, language)}" ${page.current === path ? new Html(' aria-current="page"') : null}
        >${label}</a
      >
    </li>`;
  const made = html`<!doctype html>
    <html lang="${language === 'en' ? 'en' : 'zh-Hant-TW'}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>${page.title}｜${w.product} ${w.tagline}</title>
      <link rel="icon" href="/mark.svg" type="image/svg+xml" />
      <style nonce="${reply.cspNonce.style}">
        ${new Html(publicStyle)}
      </style>
      <body>
        <a class="skip" href="#main">${w.skip}</a>
        ${frame.sandbox && html`<div class="band" role="note"><div class="wrap">${w.band}</div></div>`}
        <header>
          <div class="wrap">
            <a class="name" href="${link('/', language)}"
              >${mark}<span>${w.product} <small>${w.tagline}</small></span></a
            >
            <nav aria-label="${w.main}">
              <ul>
                ${item('/register', w.register)}${item('/111', w.check)}${item('/open-data', w.openData)}${item('/docs', w.api)}${item('/console/', w.console)}
                <li>
                  <a
                    lang="${w.otherTag}"
                    hreflang="${w.otherTag}"
                    href="${otherLanguage(request.url, language)}"
                    >${w.other}</a
                  >
                </li>
              </ul>
            </nav>
          </div>
        </header>
        <main id="main"><div class="wrap">${page.body}</div></main>
        <footer>
          <div class="wrap">
            <p>
              <strong><a href="tel:165">${w.hotline}</a></strong>
            </p>
            <p>${w.footer}</p>
            <ul>
              ${item('/about', w.about)}${item('/accessibility', w.accessibility)}
            </ul>
          </div>
        </footer>
      </body>
    </html>`;
  return reply
    .status(page.status ?? 200)
    .type('text/html; charset=utf-8')
    .header('content-language', language)
    .header('cache-control', page.isPersonal === true ? 'no-store' : 'no-cache')
    .send(made.text);
}

/** The same address in the other language. */
function otherLanguage(url: string, language: Language): string {
  const [path = '/', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('lang', language === 'en' ? 'zh-TW' : 'en');
  return `${path}?${parameters.toString()}`;
}

/** Picks the text of the page's language. */
export function pick(language: Language, zh: string, en: string): string {
  return language === 'en' ? en : zh;
}
