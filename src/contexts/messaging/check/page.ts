/** The public page of the citizen check: no script, no cookie, nothing kept, and nothing typed stands in an address. */
import type { FastifyInstance } from 'fastify';
import type { Language } from '#platform/errors';
import { html, type Html } from '#platform/http/html';
import { languageOf } from '#platform/http/problem';
import { TAIPEI } from '#platform/clock';
import { link, pick, sendPublicPage, type PublicFrame } from '#web/public-page/page';
import { askWhetherSent, type Answer, type AskDeps } from './ask.ts';

export const CHECK_PATH = '/111';
const LONGEST_FORM = 16 * 1024;
const LONGEST_TEXT = 2000;

interface Typed {
  readonly text: string;
  readonly digits: string;
}

export function registerCheckPage(app: FastifyInstance, deps: AskDeps, frame: PublicFrame): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: LONGEST_FORM },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    scope.get(CHECK_PATH, { config: { limitPerMinute: 120 } }, (request, reply) => {
      const language = languageOf(request);
      return sendPublicPage(request, reply, frame, {
        title: title(language),
        current: CHECK_PATH,
        body: page(language, null, { text: '', digits: '' }, null),
      });
    });
    scope.post<{ Body: unknown }>(CHECK_PATH, { config: { limitPerMinute: 20 } }, async (request, reply) => {
      const language = languageOf(request);
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const typed = {
        text: (form.get('text') ?? '').slice(0, LONGEST_TEXT + 1),
        digits: (form.get('digits') ?? '').normalize('NFKC').replaceAll(/[\s-]/gu, '').slice(0, 20),
      };
      const problem = problemOf(typed, language);
      const answer = problem === null ? await askWhetherSent(deps, typed.text, typed.digits) : null;
      return sendPublicPage(request, reply, frame, {
        title: title(language),
        current: CHECK_PATH,
        status: problem === null ? 200 : 422,
        isPersonal: true,
        body: page(language, answer, typed, problem),
      });
    });
  });
}

const title = (language: Language): string => pick(language, '111 簡訊查證', 'Check a 111 text');

function problemOf({ text, digits }: Typed, language: Language): string | null {
  if (text.trim() === '') {
    return pick(language, '請貼上整則簡訊的內容。', 'Paste the whole text.');
  }
  if (text.length > LONGEST_TEXT) {
    return pick(language, '簡訊不會這麼長，請只貼一則。', 'No text is that long; paste a single one.');
  }
  if (!/^\d{3,10}$/u.test(digits)) {
    return pick(
      language,
      '請填收到簡訊的手機號碼末三碼，只要數字。',
      'Give the last three digits of the number that received it, digits only.',
    );
  }
  return null;
}

function page(language: Language, answer: Answer | null, typed: Typed, problem: string | null): Html {
  return html`<h1>${pick(language, '這則簡訊真的是 111 發的嗎？', 'Was this text really sent by 111?')}</h1>
    <p class="lead">
      ${pick(language, '政府機關以短碼 111 發送的每一則簡訊都能在這裡查證。一個字不同，就不是政府發的。', 'Every text that a public agency sends under short code 111 can be checked here. If a single character differs, the government did not send it.')}
    </p>
    ${answer !== null && verdict(language, answer)}
    <form class="ask" action="${link(CHECK_PATH, language)}" method="post">
      ${
        problem !== null &&
        html`<p class="verdict bad" role="alert" id="problem"><strong>${problem}</strong></p>`
      }
      <label for="text">${pick(language, '簡訊全文', 'The whole text')}</label>
      <textarea id="text" name="text" rows="5" maxlength="2000" autocomplete="off" aria-describedby="text-hint" required>
${typed.text}</textarea
      >
      <p class="hint" id="text-hint">
        ${pick(language, '長按簡訊 → 複製 → 貼在這裡。空白與換行不影響結果。', 'Press the text long → copy → paste here. White space does not matter.')}
      </p>
      <label for="digits">${pick(language, '收到簡訊的手機號碼末三碼', 'Last three digits of the number that received it')}</label>
      <input
        id="digits"
        name="digits"
        inputmode="numeric"
        autocomplete="off"
        maxlength="10"
        value="${typed.digits}"
        aria-describedby="digits-hint"
        required
      />
      <p class="hint" id="digits-hint">
        ${pick(language, '例如 0912-345-678 填 678。', 'For 0912-345-678, type 678.')}
      </p>
      <button>${pick(language, '查證', 'Check')}</button>
    </form>
    ${recognise(language)}`;
}

function verdict(language: Language, answer: Answer): Html {
  const since = dayOf(answer.knownSince, language);
  if (!answer.sent || answer.sentAt === null) {
    return html`<div class="verdict bad" role="status">
      <strong>${pick(language, '不是 111 發的：不要點，撥 165', 'Not sent by 111: do not tap, call 165')}</strong>
      ${pick(language, '沒有任何機關發過這段文字給末三碼相同的號碼。就算寄件者顯示 111 也可能是假基地台：不要點連結、不要回電、不要提供資料。', 'No agency sent these words to a number with these last digits. Even if the sender shows as 111 it may come from a fake base station: do not tap links, do not call back, give no data.')}
      <p>
        <a class="button" href="tel:165">${pick(language, '撥打 165 反詐騙專線', 'Call 165, the anti-fraud line')}</a>
      </p>
      <p class="hint">
        ${pick(language, `請確認貼上了整則簡訊、末三碼無誤。${since}以前的簡訊已無法查證。`, `Make sure that the whole text and the right digits are there. Texts before ${since} can no longer be checked.`)}
      </p>
    </div>`;
  }
  const at = timeOf(answer.sentAt, language);
  return html`<div class="verdict good" role="status">
    <strong>${pick(language, `是，由「${answer.sender}」發送`, `Yes, sent by ${answer.sender}`)}</strong>
    ${pick(language, `${at} 經 111 發送給末三碼相同的號碼，內容完全相符。`, `At ${at}, under 111, to a number with these last digits, word for word.`)}
    <p class="hint">
      ${pick(language, '只代表這一則是真的；別則簡訊裡的連結仍要分別查證。', 'This holds for this text alone; a link in another text needs a check of its own.')}
    </p>
  </div>`;
}

function recognise(language: Language): Html {
  return html`<section>
    <h2>${pick(language, '三步驟辨識 111 簡訊', 'Three steps to recognise a 111 text')}</h2>
    <ol>
      <li>
        ${pick(language, '發送號碼是 111，前面沒有國碼或其他數字。', 'The sender is 111, without a country code or other digits.')}
      </li>
      <li>
        ${pick(language, '開頭是您手機號碼的末三碼。', 'It begins with the last three digits of your own number.')}
      </li>
      <li>
        ${pick(language, '接著是機關或服務的全名，結尾是可以直接回撥的電話。', 'Then the full name of the agency or service; at the end a number to call back.')}
      </li>
    </ol>
    <p>
      ${pick(language, '政府不會用簡訊要您操作 ATM、購買點數、提供卡號或驗證碼。災害警報是細胞廣播，不是 111。', 'The government never asks by text for an ATM transfer, game points, card numbers or codes. Disaster warnings come by cell broadcast, not by 111.')}
    </p>
  </section>`;
}

function timeOf(at: Temporal.Instant, language: Language): string {
  const local = at.toZonedDateTimeISO(TAIPEI);
  const time = `${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`;
  return `${dayOf(local.toPlainDate(), language)} ${time}`;
}

const dayOf = (day: Temporal.PlainDate, language: Language): string =>
  pick(language, `${day.year - 1911} 年 ${day.month} 月 ${day.day} 日`, day.toString());
