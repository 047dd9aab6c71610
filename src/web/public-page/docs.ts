import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { allErrors, type Language } from '#platform/errors';
import { html, Html } from '#platform/http/html';
import { languageOf } from '#platform/http/problem';
import { pick, sendPublicPage, type PublicFrame } from './page.ts';

/** Everything that would leave this server is off: fonts, telemetry, the vendor's client, agent and links. */
const configuration = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  defaultOpenAllTags: false,
  documentDownloadType: 'both',
  metaData: { title: 'Xinlai API' },
};

/** The browsable reference at `/docs`, the same as plain pages at `/docs/reference`, and every error at `/docs/errors`. */
export async function registerDocs(app: FastifyInstance, frame: PublicFrame): Promise<void> {
  // Only its script is used, from /docs/scalar/js/scalar.js: its own page needs inline scripts.
  await app.register(scalar, { routePrefix: '/docs/scalar', configuration: { url: '/openapi.json' } });
  for (const path of ['/docs', '/docs/']) {
    app.get(path, (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        // The reference draws its own styles; scripts still come from this server alone.
        .header(
          'content-security-policy',
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        )
        .send(
          html`<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>API 參考｜信賴 Xinlai</title><link rel="icon" href="/mark.svg" type="image/svg+xml"></head><body><noscript><a href="/docs/reference">API reference without script</a></noscript><script id="api-reference" type="application/json" data-configuration="${JSON.stringify(configuration)}"></script><script src="/docs/scalar/js/scalar.js"></script></body></html>`
            .text,
        ),
    );
  }
  app.get('/docs/errors', (request, reply) => {
    const language = languageOf(request);
    return sendPublicPage(request, reply, frame, {
      title: pick(language, '錯誤代碼', 'Error codes'),
      body: errorsPage(language),
    });
  });
  app.get('/docs/reference', (request, reply) => {
    const language = languageOf(request);
    return sendPublicPage(request, reply, frame, {
      title: pick(language, 'API 參考', 'API reference'),
      body: referencePage(app, language),
    });
  });
}

function errorsPage(language: Language): Html {
  const rows = [...allErrors()].sort(([a], [b]) => (a < b ? -1 : 1));
  return html`<h1>${pick(language, '錯誤代碼', 'Error codes')}</h1><p>${pick(language, '錯誤以 application/problem+json（RFC 9457）回覆；code 固定不變，可供程式判斷。', 'Errors are application/problem+json (RFC 9457); the code never changes and is meant for programs.')}</p>
<div class="scroll"><table><caption>${rows.length}</caption><tr><th scope="col">code</th><th scope="col">${pick(language, '狀態', 'Status')}</th><th scope="col">${pick(language, '訊息', 'Message')}</th></tr>${rows.map(
    ([code, definition]) =>
      html`<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${definition.status}</td><td>${pick(language, definition.zh, definition.en)}</td></tr>`,
  )}</table></div>`;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

function referencePage(app: FastifyInstance, language: Language): Html {
  const document = app.swagger() as unknown as { paths?: Record<string, Record<string, Operation>> };
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? '');
  return html`<h1>${pick(language, 'API 參考', 'API reference')}</h1><p><a href="/openapi.json">openapi.json</a> · <a href="/docs">${pick(language, '互動版', 'interactive')}</a> · <a href="/docs/errors">${pick(language, '錯誤代碼', 'error codes')}</a></p>${[
    ...byTag,
  ].map(
    ([tag, list]) =>
      html`<h2>${tag}</h2><div class="scroll"><table>${list.map(
        ({ path, method, operation }) =>
          html`<tr><th scope="row"><code>${method} ${path}</code></th><td>${pick(language, operation.summary ?? '', operation.description?.split('\n', 1)[0] ?? '')}</td></tr>`,
      )}</table></div>`,
  )}`;
}
