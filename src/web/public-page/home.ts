import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '#platform/errors';
import { html, type Html } from '#platform/http/html';
import { languageOf } from '#platform/http/problem';
import attribution from '../../../datasets/attribution.json' with { type: 'json' };
import { link, pick, sendPublicPage, type PublicFrame } from './page.ts';

/** What the contexts put on the home page. */
export interface HomeParts {
  /** The box that a citizen types into. */
  search(language: Language): Html;
  sections(language: Language): Promise<readonly Html[]>;
}

/** The public pages that belong to no context: home, about, accessibility. */
export function registerHome(app: FastifyInstance, frame: PublicFrame, parts: HomeParts): void {
  const limited = { config: { limitPerMinute: 240 } };
  app.get('/', limited, async (request, reply) => {
    const language = languageOf(request);
    const body = html`<h1>${pick(language, '網路購物，先查再付', 'Check before you pay')}</h1>
      <p class="lead">
        ${pick(language, '誰在賣、誰在收款、誰在送貨：信賴把散落在各機關的登記資料對在一起，讓主管機關看得到該管誰，也讓您查得到對方是誰。', 'Who sells, who collects, who delivers: Xinlai matches the registers of many agencies, so that the authority sees whom to act on, and you see whom you deal with.')}
      </p>
      ${parts.search(language)}${await parts.sections(language)}
      <section>
        <h2>${pick(language, '給機關與業者', 'For agencies and firms')}</h2>
        <p>
          ${pick(language, '主管機關、電信、警政、驗證機構與業者由此登入工作台。', 'Ministries, telecoms, police, verification bodies and firms work in the console.')}
        </p>
        <p><a class="button" href="/console/">${pick(language, '登入工作台', 'Sign in')}</a></p>
      </section>`;
    return sendPublicPage(request, reply, frame, { title: pick(language, '首頁', 'Home'), body });
  });
  app.get('/about', limited, (request, reply) => {
    const language = languageOf(request);
    return sendPublicPage(request, reply, frame, {
      title: pick(language, '關於與授權', 'About and licences'),
      body: about(language),
    });
  });
  app.get('/accessibility', limited, (request, reply) => {
    const language = languageOf(request);
    return sendPublicPage(request, reply, frame, {
      title: pick(language, '無障礙宣告', 'Accessibility'),
      body: accessibility(language),
    });
  });
}

/** The answer to a browser for an address that is not there. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply, frame: PublicFrame): FastifyReply {
  const language = languageOf(request);
  return sendPublicPage(request, reply, frame, {
    title: pick(language, '沒有這個頁面', 'No such page'),
    status: 404,
    body: html`<h1>${pick(language, '沒有這個頁面', 'There is no such page')}</h1>
<p>${pick(language, '網址可能打錯，或頁面已移走。若您是從簡訊或郵件點進來，請先確認寄件者；有疑問請撥 165。', 'The address may be mistyped, or the page has moved. If you came from a text or mail, check who sent it; call 165 if in doubt.')}</p>
<p><a class="button" href="${link('/', language)}">${pick(language, '回首頁', 'Home')}</a></p>`,
  });
}

function about(language: Language): Html {
  return html`<h1>${pick(language, '關於與授權', 'About and licences')}</h1>
    <p>
      ${pick(language, '信賴是以 Apache-2.0 授權釋出的開放原始碼軟體，由各機關與業者在自己的主機上執行。', 'Xinlai is open-source software under Apache-2.0 that agencies and firms run on their own servers.')}
    </p>
    <h2>${pick(language, '資料來源', 'Sources of data')}</h2>
    <ul>
      ${attribution.map((source) => html`<li>${source.statement}</li>`)}
    </ul>
    <h2>${pick(language, '個人資料', 'Personal data')}</h2>
    <p>
      ${pick(language, '公開頁面不使用 Cookie，不載入第三方內容，不記錄查詢文字。', 'Public pages set no cookie, load nothing from third parties and keep no record of what is looked up.')}
    </p>
    <p><a href="${link('/open-data', language)}">${pick(language, '下載開放資料', 'Open data')}</a></p>`;
}

function accessibility(language: Language): Html {
  return html`<h1>${pick(language, '無障礙宣告', 'Accessibility statement')}</h1>
    <p>
      ${pick(language, '本站公開頁面以網站無障礙規範 110.07（WCAG 2.1）AA 等級為目標設計：不用指令碼即可使用，可只用鍵盤操作，支援深色模式、放大與列印。', 'The public pages are designed for WCAG 2.1 level AA: they work without script and by keyboard alone, in light and dark, enlarged and on paper.')}
    </p>
    <ul>
      <li>
        ${pick(language, '按 Tab 的第一站是「跳到主要內容」。', 'The first stop of the Tab key skips to the content.')}
      </li>
      <li>
        ${pick(language, '圖表之下都有同樣數字的表格。', 'Below every picture stands a table with the same figures.')}
      </li>
      <li>${pick(language, '顏色不是唯一的提示。', 'Colour is never the only sign.')}</li>
    </ul>
    <p>
      ${pick(language, '遇到障礙時，請告知執行本平台的機關。', 'If you meet a barrier, tell the organisation that runs this platform.')}
    </p>`;
}
