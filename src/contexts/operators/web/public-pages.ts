import type { FastifyInstance } from 'fastify';
import { sql, type Kysely } from 'kysely';
import type { Language } from '#platform/errors';
import { html, type Html } from '#platform/http/html';
import { languageOf } from '#platform/http/problem';
import { formatRoc } from '#shared/roc-date';
import { isUbn } from '#shared/ubn';
import { link, pick, sendPublicPage, type PublicFrame } from '#web/public-page/page';
import { newestRun } from '../runs.ts';
import type { FunnelStep } from '../run-result.ts';
import { searchOperators } from '../search.ts';
import type { OperatorsTables } from '../tables.ts';
import { funnelPicture } from './funnel-picture.ts';
import { publicEntry, type PublicEntry } from './public-entry.ts';

/** Steps of the funnel that the picture shows, in order; the last one is what everything leads to. */
const pictured = ['with-item', 'in-being', 'in-tax-register', 'operating'];

/** The register for everybody: how many firms really operate, and whether a firm is what it says it is. */
export function registerPublicPages(
  app: FastifyInstance,
  db: Kysely<OperatorsTables>,
  frame: PublicFrame,
): void {
  const limited = { config: { limitPerMinute: 120 } };
  app.get<{ Querystring: { q?: unknown } }>('/register', limited, async (request, reply) => {
    const language = languageOf(request);
    const { q: given } = request.query;
    const q = typeof given === 'string' ? given.trim().slice(0, 80) : '';
    return sendPublicPage(request, reply, frame, {
      title: pick(language, '業者查詢', 'Check a firm'),
      current: '/register',
      body: html`<h1>${pick(language, '這家業者是真的嗎？', 'Is this firm real?')}</h1>
        <p class="lead">
          ${pick(language, '輸入統一編號、公司名稱的一部分，或品牌名稱。', 'Enter a UBN (統一編號), part of a company name, or a brand.')}
        </p>
        ${searchForm(language, q)}${q !== '' && (await results(db, q, language))}`,
    });
  });
  app.get<{ Params: { ubn: string } }>('/register/:ubn', limited, async (request, reply) => {
    const language = languageOf(request);
    const { ubn } = request.params;
    const entry = isUbn(ubn) ? await publicEntry(db, ubn) : null;
    if (entry === null) {
      return sendPublicPage(request, reply, frame, {
        title: pick(language, '查無業者', 'Not found'),
        status: 404,
        body: html`<h1>${pick(language, '查無這個統一編號', 'No such number')}</h1>
          <div class="verdict unsure">
            <strong>${pick(language, '名冊中沒有這個號碼', 'The registers do not have this number')}</strong>
            ${pick(language, '請核對發票、收據或網站頁尾的統一編號。若對方催促付款，先停下來，撥 165 查證。', 'Compare it with the invoice or the foot of the site. If somebody presses you to pay, stop and call 165.')}
          </div>
          ${searchForm(language, '')}`,
      });
    }
    return sendPublicPage(request, reply, frame, { title: entry.name, body: entryPage(entry, language) });
  });
}

function searchForm(language: Language, q: string): Html {
  return html`<form class="search" action="/register" method="get" role="search">
      <label for="q">${pick(language, '統一編號、名稱或品牌', 'UBN, name or brand')}</label>
      <input
        id="q"
        name="q"
        type="search"
        value="${q}"
        maxlength="80"
        autocomplete="off"
        enterkeyhint="search"
        aria-describedby="q-hint"
      />
      ${language === 'en' && html`<input type="hidden" name="lang" value="en" />`}<button>
        ${pick(language, '查詢', 'Search')}
      </button>
    </form>
    <p class="hint" id="q-hint">
      ${pick(language, '例：12345675，或「科技」。不會記錄您輸入的文字。', 'For example 12345675. What you type is not recorded.')}
    </p>`;
}

async function results(db: Kysely<OperatorsTables>, q: string, language: Language): Promise<Html> {
  const hits = await searchOperators(db, q, 20);
  if (hits.length === 0) {
    return html`<div class="verdict unsure" role="status">
      <strong>${pick(language, '查無符合的業者', 'Nothing found')}</strong>
      ${pick(language, '可能是名稱不完整，或這家業者沒有登記。沒有登記的賣家請勿匯款。', 'The name may be incomplete, or the firm is not registered. Do not pay a seller who is not registered.')}
    </div>`;
  }
  return html`<h2 role="status">
      ${pick(language, `找到 ${hits.length} 家${hits.length === 20 ? '以上' : ''}`, `${hits.length}${hits.length === 20 ? ' or more' : ''} found`)}
    </h2>
    <ul class="results">
      ${hits.map(
        (hit) =>
          html`<li>
            <a href="${link(`/register/${hit.ubn ?? ''}`, language)}">${hit.name}</a
            >${hit.matchedName && html` <span class="hint">（${hit.matchedName}）</span>`}
            <div class="hint">
              ${pick(language, '統一編號', 'UBN')}
              <code>${hit.ubn}</code>　${classWords(hit.registerClass, language)}　${hit.address}
            </div>
          </li>`,
      )}
    </ul>`;
}

function entryPage(entry: PublicEntry, language: Language): Html {
  const gone = entry.registerClass === 'gone';
  const certificate = entry.certificate;
  return html`<h1>${entry.name}</h1>
    <div
      class="verdict ${gone ? 'bad' : entry.registerClass === 'unknown' || entry.registerClass === 'suspended' ? 'unsure' : 'good'}"
    >
      <strong
        >${gone ? pick(language, '這家業者已不存在', 'This firm no longer exists') : classWords(entry.registerClass, language)}</strong
      >
      ${gone ? pick(language, '登記顯示已解散、廢止或歇業。若有人以此名義收款，請勿付款並撥 165。', 'The register says dissolved, revoked or closed. If somebody collects money in this name, do not pay; call 165.') : pick(language, '登記存在不等於網站或來電是真的。付款前請核對網址，並以官方電話回撥。', 'Being registered does not make a site or a call genuine. Compare the address, and call back on the official number before you pay.')}
    </div>
    <dl>
      <dt>${pick(language, '統一編號', 'UBN')}</dt>
      <dd><code>${entry.ubn}</code></dd>
      <dt>${pick(language, '登記狀態', 'Status in the register')}</dt>
      <dd>${entry.registerStatus ?? classWords(entry.registerClass, language)}</dd>
      <dt>${pick(language, '地址', 'Address')}</dt>
      <dd>${entry.address ?? '－'}</dd>
      <dt>${pick(language, '營業項目「第三方支付服務業」', 'Business item third-party payment')}</dt>
      <dd>
        ${entry.hasItem ? pick(language, '有登記', 'registered') : pick(language, '未登記', 'not registered')}
      </dd>
      <dt>${pick(language, '第三方支付服務能量登錄', 'Capability registration')}</dt>
      <dd>
        ${
          certificate === null
            ? pick(language, '無有效登錄', 'none in force')
            : html`${certificate.number}　${pick(language, '有效至', 'valid until')}
              ${certificate.until === null ? '－' : day(certificate.until, language)}`
        }
      </dd>
      ${
        entry.brands.length > 0 &&
        html`<dt>${pick(language, '品牌', 'Brands')}</dt>
          <dd>${entry.brands.join('、')}</dd>`
      }
    </dl>
    <h2>${pick(language, '資料來源', 'Sources')}</h2>
    <ul>
      ${entry.sources.map(
        (source) =>
          html`<li>
            ${source.title}${source.dataDate !== null && html`（${day(source.dataDate, language)}）`}
          </li>`,
      )}
    </ul>
    <p><a href="${link('/register', language)}">${pick(language, '查另一家', 'Check another')}</a></p>`;
}

/** What the home page says of this context: the funnel of the newest run, as of its day. */
export async function homeSection(db: Kysely<OperatorsTables>, language: Language): Promise<Html> {
  const run = await newestRun(db);
  if (run === null) {
    return html`<section>
      <h2>${pick(language, '誰真的在做第三方支付？', 'Who really runs third-party payment?')}</h2>
      <p>
        ${pick(language, '尚未匯入任何來源。主管機關匯入登記資料後，這裡會顯示結果。', 'No source has been imported yet. Once the authority has, the result stands here.')}
      </p>
    </section>`;
  }
  const { rows } = await sql<{
    funnel: FunnelStep[];
  }>`select summary -> 'funnel' as funnel from operators.run where id = ${run.id}`.execute(db);
  const funnel = rows[0]?.funnel ?? [];
  const count = (step: string): number => funnel.find((one) => one.step === step)?.count ?? 0;
  const number = new Intl.NumberFormat(language);
  const bars = pictured.flatMap((name) => {
    const step = funnel.find((one) => one.step === name);
    return step === undefined
      ? []
      : [{ label: pick(language, step.zh, step.en), count: step.count, last: name === 'operating' }];
  });
  const figures: [string, number, boolean][] = [
    [
      pick(language, '家實際經營第三方支付', 'firms really operate third-party payment'),
      count('operating'),
      false,
    ],
    [
      pick(language, '家其中未登記該營業項目', 'of them without the business item'),
      count('finding:operating-without-business-item'),
      true,
    ],
    [
      pick(language, '家規模逾 10 億元而未通過登錄', 'above NT$1 billion and not registered'),
      count('finding:large-without-registration'),
      true,
    ],
    [
      pick(language, '個高風險賣場未參與任何強化措施', 'high-risk shops in no hardening measure'),
      count('finding:high-risk-shop-without-measure'),
      true,
    ],
  ];
  const asOf = day(run.asOf, language);
  const title = pick(
    language,
    `第三方支付業者漏斗，基準日 ${asOf}`,
    `Funnel of third-party payment firms as of ${asOf}`,
  );
  return html`<section aria-labelledby="who">
    <h2 id="who">${pick(language, '誰真的在做第三方支付？', 'Who really runs third-party payment?')}</h2>
    <p>
      ${pick(language, `登記有「第三方支付服務業」而現存者 ${number.format(count('in-being'))} 家；比對稅籍、金管會與登錄資料後，實際經營者 ${number.format(count('operating'))} 家（基準日 ${asOf}）。`, `${number.format(count('in-being'))} firms in being carry the business item; matched with tax, FSC and registration data, ${number.format(count('operating'))} really operate (as of ${asOf}).`)}
    </p>
    <div class="card">${funnelPicture(bars, title, language)}</div>
    <ul class="grid">
      ${figures.map(([label, value, warn]) => html`<li class="card"><span class="figure${warn ? ' warn' : ''}">${number.format(value)}</span>${label}</li>`)}
    </ul>
    <details>
      <summary>${pick(language, '漏斗各步驟的數字（圖中長條以家數的平方根繪製）', 'The figures of every step (bars are drawn by the square root)')}</summary>
      <div class="scroll">
        <table>
          <caption>
            ${title}
          </caption>
          <tr>
            <th scope="col">${pick(language, '步驟', 'Step')}</th>
            <th scope="col" class="n">${pick(language, '家數', 'Count')}</th>
          </tr>
          ${funnel.map(
            (step) =>
              html`<tr>
                <th scope="row">${pick(language, step.zh, step.en)}</th>
                <td class="n">${number.format(step.count)}</td>
              </tr>`,
          )}
        </table>
      </div>
    </details>
  </section>`;
}

export { searchForm as registerSearch };

function day(iso: string, language: Language): string {
  const date = Temporal.PlainDate.from(iso);
  return language === 'en' ? iso : formatRoc(date);
}

function classWords(registerClass: string, language: Language): string {
  const words: Readonly<Record<string, readonly [string, string]>> = {
    'in-being': ['登記現存', 'registered and in being'],
    'foreign-branch': ['外國公司在臺分公司，登記現存', 'branch of a foreign company, in being'],
    'tax-only': ['有營業稅籍', 'in the tax register'],
    suspended: ['登記停業中', 'registered as suspended'],
    'ordered-dissolved': ['已命令解散', 'ordered to dissolve'],
    closing: ['廢止程序中', 'being revoked'],
    moved: ['已遷出', 'moved away'],
    gone: ['已解散、廢止或歇業', 'dissolved, revoked or closed'],
  };
  const [zh, en] = words[registerClass] ?? ['狀態不明', 'status unknown'];
  return pick(language, zh, en);
}
