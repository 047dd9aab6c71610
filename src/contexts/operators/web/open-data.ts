import type { FastifyInstance } from 'fastify';
import { sql, type Kysely } from 'kysely';
import { Readable } from 'node:stream';
import type { Language } from '#platform/errors';
import { html, type Html } from '#platform/http/html';
import { languageOf } from '#platform/http/problem';
import { pick, sendPublicPage, type PublicFrame } from '#web/public-page/page';
import { attributions } from '../attribution.ts';
import { safeCell } from '../output/safe-cell.ts';
import type { OperatorsTables } from '../tables.ts';

const PAGE = 5000;
const columns = ['統一編號', '名稱', '地址', '登記狀態', '證書編號', '登錄日期', '有效日期'] as const;

interface Row {
  readonly ubn: string;
  readonly name: string;
  readonly address: string | null;
  readonly status: string | null;
  readonly certificate: string | null;
  readonly registered_on: string | null;
  readonly valid_until: string | null;
}

/** Firms with the business item, and every certificate in the open list; open sources only, in the order of UBN. */
async function* openRows(db: Kysely<OperatorsTables>): AsyncGenerator<Row[]> {
  for (let after = ''; ;) {
    const { rows } = await sql<Row>`
      select o.ubn, o.name, o.address, coalesce(o.register_status, o.register_class) as status, c.payload ->> 'certificate_no' as certificate,
        c.payload ->> 'registered_on' as registered_on, c.payload ->> 'valid_until' as valid_until
      from operators.operator o left join lateral (select payload from operators.fact f
        where f.ubn = o.ubn and f.kind = 'capability_registration' and f.known_to is null order by f.valid_from desc nulls last limit 1) c on true
      where o.ubn > ${after} and (o.has_item or c.payload is not null) order by o.ubn limit ${PAGE}`.execute(
      db,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.ubn ?? after;
  }
}

const cells = (row: Row): (string | null)[] => [
  row.ubn,
  row.name,
  row.address,
  row.status,
  row.certificate,
  row.registered_on,
  row.valid_until,
];

async function* asCsv(db: Kysely<OperatorsTables>): AsyncGenerator<string> {
  yield `\uFEFF${columns.join(',')}\r\n`;
  for await (const rows of openRows(db)) {
    yield rows
      .map(
        (row) =>
          `${cells(row)
            .map((cell) => (cell === null ? '' : quote(safeCell(cell))))
            .join(',')}\r\n`,
      )
      .join('');
  }
}

const quote = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function* asJson(db: Kysely<OperatorsTables>): AsyncGenerator<string> {
  yield `{"licence":"https://data.gov.tw/license","attribution":${JSON.stringify(await statements(db))},"columns":${JSON.stringify(columns)},"items":[`;
  let first = true;
  for await (const rows of openRows(db)) {
    const text = rows.map((row) => JSON.stringify(cells(row))).join(',\n');
    yield first ? text : `,\n${text}`;
    first = false;
  }
  yield ']}';
}

/** Attribution of the snapshots that the files are made from. */
async function statements(db: Kysely<OperatorsTables>): Promise<string[]> {
  const { rows } = await sql<{ kind: string; year: number }>`
    select kind, extract(year from max(data_date))::integer as year from operators.snapshot where data_date is not null group by kind`.execute(
    db,
  );
  return attributions(new Map(rows.map((row) => [row.kind, row.year])));
}

export function registerOpenData(
  app: FastifyInstance,
  db: Kysely<OperatorsTables>,
  frame: PublicFrame,
): void {
  const limited = { config: { limitPerMinute: 30 } };
  app.get('/open-data/operators.csv', limited, (_request, reply) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="operators.csv"')
      .header('link', '</open-data>; rel="describedby", <https://data.gov.tw/license>; rel="license"')
      .send(Readable.from(asCsv(db))),
  );
  app.get('/open-data/operators.json', limited, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(Readable.from(asJson(db))),
  );
  app.get('/open-data', limited, async (request, reply) => {
    const language = languageOf(request);
    return sendPublicPage(request, reply, frame, {
      title: pick(language, '開放資料', 'Open data'),
      current: '/open-data',
      body: page(language, await statements(db)),
    });
  });
}

function page(language: Language, sentences: readonly string[]): Html {
  return html`<h1>${pick(language, '開放資料', 'Open data')}</h1>
    <p class="lead">
      ${pick(language, '登記有「第三方支付服務業」的業者與其服務能量登錄，每次匯入後即時更新。', 'Firms that carry the item third-party payment, with their capability registration; renewed with every import.')}
    </p>
    <ul>
      <li><a href="/open-data/operators.csv">operators.csv</a>　UTF-8, RFC 4180</li>
      <li><a href="/open-data/operators.json">operators.json</a></li>
      <li><a href="/reconcile">/reconcile</a>　W3C Reconciliation API 0.2（OpenRefine）</li>
      <li><a href="/openapi.json">openapi.json</a>　OpenAPI 3.1</li>
    </ul>
    <h2>${pick(language, '欄位', 'Columns')}</h2>
    <p>${columns.join('、')}</p>
    <h2>${pick(language, '來源與授權', 'Sources and licences')}</h2>
    <p>
      ${pick(language, '轉載時請保留下列顯名聲明；缺少聲明，授權視為自始未取得。', 'Keep the statements below when you pass the data on; without them the licence counts as never given.')}
    </p>
    <ul>
      ${sentences.map((statement) => html`<li>${statement}</li>`)}
    </ul>`;
}
