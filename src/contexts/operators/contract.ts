import Type, { type Static } from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '#platform/http/contract';

/* Shapes of the operators API. Amounts are whole NT$, days ISO dates, instants RFC 3339 in UTC. */

const words = Type.Object({ zh: Type.String(), en: Type.String() });
const cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const ubn = Type.String({ pattern: '^[0-9]{8}$', description: '統一編號, eight digits' });
/** A day in years that both ends can hold: PostgreSQL knows no year 0. */
const day = Type.String({ format: 'date', pattern: '^[12]' });
const instant = Type.String({ format: 'date-time', pattern: '^[12]', maxLength: 40 });
const id = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-z]{10,40}$` });

export const status = Type.Union([
  Type.Literal('operating'),
  Type.Literal('not-operating'),
  Type.Literal('unclear'),
]);
export const severity = Type.Union([
  Type.Literal('critical'),
  Type.Literal('high'),
  Type.Literal('medium'),
  Type.Literal('low'),
]);
const findingState = Type.Union([Type.Literal('open'), Type.Literal('resolved'), Type.Literal('dismissed')]);

const evidenceRow = Type.Object({
  file: Type.String(),
  row: Type.Integer(),
  source: Type.String(),
  values: Type.Record(Type.String(), cell),
});
const reason = Type.Object({
  code: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  evidence: Type.Array(evidenceRow),
});
const scorePart = Type.Object({
  part: Type.String(),
  points: Type.Number(),
  weight: Type.Number(),
  zh: Type.String(),
  en: Type.String(),
});

export const searchHit = Type.Object({
  ubn: nullable(ubn),
  name: Type.String(),
  /** The name that matched, where it is not the legal name: a brand or former name. */
  matchedName: nullable(Type.String()),
  address: nullable(Type.String()),
  registerClass: Type.String(),
  status: nullable(status),
});
export type SearchHit = Static<typeof searchHit>;

export const operatorRow = Type.Object({
  ubn: nullable(ubn),
  name: Type.String(),
  status,
  registerClass: Type.String(),
  registerStatus: nullable(Type.String()),
  item: Type.String(),
  address: nullable(Type.String()),
  balance: nullable(Type.Integer()),
  sales: nullable(Type.Integer()),
  registration: Type.String(),
  findings: Type.Integer(),
});
export type OperatorRow = Static<typeof operatorRow>;

export const findingRow = Type.Object({
  id: id('fnd'),
  rule: Type.String(),
  title: words,
  ubn: nullable(ubn),
  name: Type.String(),
  severity,
  score: Type.Number(),
  state: findingState,
  text: words,
  facts: Type.Record(Type.String(), Type.Union([cell, Type.Array(cell)])),
  firstSeenOn: day,
  /** As-of day of the newest run in which it still holds. */
  stillTrueOn: day,
  dismissedReason: nullable(Type.String()),
});
export type FindingRow = Static<typeof findingRow>;

export const findingDetail = Type.Object({
  ...findingRow.properties,
  scoreParts: Type.Array(scorePart),
  evidence: Type.Array(evidenceRow),
  law: Type.Array(Type.Object({ law: Type.String(), article: Type.String(), text: Type.String() })),
  history: Type.Array(
    Type.Object({
      at: Type.String(),
      what: Type.String(),
      actorId: nullable(Type.String()),
      note: nullable(Type.String()),
    }),
  ),
});
export type FindingDetail = Static<typeof findingDetail>;

export const factRow = Type.Object({
  source: Type.String(),
  file: Type.String(),
  row: nullable(Type.Integer()),
  /** The day the source speaks of. */
  validFrom: nullable(day),
  validTo: nullable(day),
  /** When we learned it, and when a later snapshot took it back. */
  knownFrom: Type.String(),
  knownTo: nullable(Type.String()),
  values: Type.Record(Type.String(), Type.Union([cell, Type.Array(cell)])),
  attribution: nullable(Type.String()),
});
export type FactRow = Static<typeof factRow>;

const matchCandidate = Type.Object({
  ubn,
  name: Type.String(),
  gone: Type.Boolean(),
  score: Type.Number(),
  address: nullable(Type.String()),
});
export const matchRow = Type.Object({
  /** Stable over runs: what the judgement is tied to. */
  key: Type.String(),
  row: evidenceRow,
  name: Type.String(),
  ubn: nullable(ubn),
  outcome: Type.String(),
  explanation: nullable(
    Type.Object({
      tier: Type.String(),
      score: Type.Number(),
      features: Type.Record(Type.String(), cell),
      runnerUp: nullable(Type.Object({ ubn: nullable(ubn), name: Type.String(), score: Type.Number() })),
    }),
  ),
  candidates: Type.Array(matchCandidate),
  judgement: nullable(
    Type.Object({
      id: id('jdg'),
      verdict: Type.String(),
      ubn: nullable(ubn),
      at: Type.String(),
      reason: Type.String(),
    }),
  ),
});
export type MatchRow = Static<typeof matchRow>;

export const operatorDetail = Type.Object({
  ubn,
  name: Type.String(),
  names: Type.Array(Type.Object({ name: Type.String(), kind: Type.String(), source: Type.String() })),
  address: nullable(Type.String()),
  registerClass: Type.String(),
  registerStatus: nullable(Type.String()),
  capital: nullable(Type.Integer()),
  item: nullable(Type.String()),
  status: nullable(status),
  reasons: Type.Array(reason),
  registration: nullable(Type.String()),
  balance: nullable(Type.Integer()),
  sales: nullable(Type.Integer()),
  asOf: nullable(day),
  facts: Type.Array(factRow),
  findings: Type.Array(findingRow),
  matches: Type.Array(matchRow),
  timeline: Type.Array(
    Type.Object({ on: Type.String(), zh: Type.String(), en: Type.String(), source: Type.String() }),
  ),
});
export type OperatorDetail = Static<typeof operatorDetail>;

export const funnelStep = Type.Object({
  step: Type.String(),
  count: Type.Integer(),
  zh: Type.String(),
  en: Type.String(),
  of: nullable(Type.String()),
  opens: nullable(Type.Object({ list: Type.String(), key: Type.String() })),
  parts: Type.Array(Type.Object({ part: Type.String(), count: Type.Integer() })),
});
export type FunnelStepRow = Static<typeof funnelStep>;

export const runRow = Type.Object({
  id: id('run'),
  asOf: day,
  state: Type.Union([Type.Literal('running'), Type.Literal('done'), Type.Literal('failed')]),
  startedAt: Type.String(),
  finishedAt: nullable(Type.String()),
  pack: nullable(Type.String()),
  operating: nullable(Type.Integer()),
  findings: nullable(Type.Integer()),
  jobId: nullable(Type.String()),
});
export type RunRow = Static<typeof runRow>;

export const shopRow = Type.Object({
  ubn: nullable(ubn),
  name: Type.String(),
  domain: nullable(Type.String()),
  quarters: Type.Array(Type.String()),
  measures: Type.Array(Type.String()),
  monthlyVisits: nullable(Type.Integer()),
});
export type ShopRow = Static<typeof shopRow>;

export const runDetail = Type.Object({
  ...runRow.properties,
  funnel: Type.Array(funnelStep),
  findingsByRule: Type.Array(
    Type.Object({ rule: Type.String(), title: words, severity, count: Type.Integer() }),
  ),
  shops: Type.Array(shopRow),
  sources: Type.Array(
    Type.Object({
      file: Type.String(),
      kind: nullable(Type.String()),
      dataDate: nullable(day),
      goodRows: Type.Integer(),
      rejectedRows: Type.Integer(),
      superseded: Type.Boolean(),
    }),
  ),
});
export type RunDetail = Static<typeof runDetail>;

export const importFile = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  bytes: Type.Integer(),
  sha256: Type.String(),
  kind: nullable(Type.String()),
  container: nullable(Type.String()),
  encoding: nullable(Type.String()),
  headers: Type.Array(Type.String()),
  sample: Type.Array(Type.Array(Type.String())),
  mapping: Type.Record(Type.String(), Type.String()),
  dataDate: nullable(day),
  goodRows: nullable(Type.Integer()),
  rejectedRows: nullable(Type.Integer()),
  changes: nullable(
    Type.Object({ appeared: Type.Integer(), changed: Type.Integer(), vanished: Type.Integer() }),
  ),
  problem: nullable(Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() })),
});
export type ImportFile = Static<typeof importFile>;

export const importDetail = Type.Object({
  id: id('imp'),
  state: Type.Union([
    Type.Literal('previewed'),
    Type.Literal('running'),
    Type.Literal('done'),
    Type.Literal('failed'),
    Type.Literal('cancelled'),
  ]),
  createdAt: Type.String(),
  finishedAt: nullable(Type.String()),
  jobId: nullable(Type.String()),
  runId: nullable(Type.String()),
  files: Type.Array(importFile),
  /** Why it failed; `code` is that of docs/errors.md where the product refused on purpose. */
  problem: nullable(
    Type.Object({ code: Type.Optional(Type.String()), zh: Type.String(), en: Type.String() }),
  ),
});
export type ImportDetail = Static<typeof importDetail>;

const rejectedCell = Type.Object({
  file: Type.String(),
  row: nullable(Type.Integer()),
  column: nullable(Type.String()),
  value: nullable(Type.String()),
  reason: words,
  code: Type.String(),
  rowKept: Type.Boolean(),
});

const weights = Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 100 }));

export const findingQuery = {
  rule: Type.Optional(Type.String({ maxLength: 80 })),
  severity: Type.Optional(severity),
  state: Type.Optional(findingState),
  q: Type.Optional(Type.String({ maxLength: 80, description: 'part of a name, or a 統一編號' })),
};

const tag = '業者名冊 Operators';
const file = 'application/octet-stream';

export const routes = defineRoutes({
  searchOperators: {
    method: 'GET',
    url: '/api/v1/operators/search',
    access: 'operators.search',
    tag,
    limitPerMinute: 20_000,
    summary: {
      zh: '以統一編號、名稱的一部分或品牌搜尋業者',
      en: 'Search operators by UBN, part of a name, or brand',
    },
    query: Type.Object({
      q: Type.String({ minLength: 1, maxLength: 80 }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
    }),
    response: { 200: Type.Object({ items: Type.Array(searchHit) }) },
  },
  listOperators: {
    method: 'GET',
    url: '/api/v1/operators',
    access: 'operators.read',
    tag,
    summary: {
      zh: '最近一次勾稽的第三方支付候選業者',
      en: 'Candidates for third-party payment in a run (the newest by default)',
    },
    query: Type.Object({
      ...pageQuery,
      run: Type.Optional(id('run')),
      status: Type.Optional(status),
      step: Type.Optional(Type.String({ maxLength: 80, description: 'a step of the funnel' })),
      q: Type.Optional(Type.String({ maxLength: 80 })),
    }),
    response: { 200: pageOf(operatorRow) },
  },
  getOperator: {
    method: 'GET',
    url: '/api/v1/operators/:ubn',
    access: 'operators.read',
    tag,
    summary: {
      zh: '單一業者：事實、時間軸、發現、比對',
      en: 'One operator: facts, time line, findings, matches',
    },
    params: Type.Object({ ubn }),
    query: Type.Object({
      validOn: Type.Optional(Type.String({ ...day, description: 'facts true on this day' })),
      knownAt: Type.Optional(Type.String({ ...instant, description: 'as known at this instant' })),
    }),
    response: { 200: operatorDetail },
  },
  getOwnOperator: {
    method: 'GET',
    url: '/api/v1/operators/own',
    access: 'operators.read-own',
    kinds: ['operator'],
    tag,
    summary: { zh: '本公司的登記資料與發現', en: 'What the register holds about the caller itself' },
    response: { 200: operatorDetail },
  },
  listSourceKinds: {
    method: 'GET',
    url: '/api/v1/operators/source-kinds',
    access: 'operators.read',
    tag,
    summary: { zh: '認得的資料來源與欄位', en: 'Known sources and their columns' },
    response: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            kind: Type.String(),
            title: words,
            publisher: words,
            open: Type.Boolean(),
            licence: words,
            attribution: nullable(Type.String()),
            headers: Type.Array(
              Type.Object({ key: Type.String(), name: Type.String(), required: Type.Boolean() }),
            ),
            template: Type.Boolean(),
          }),
        ),
      }),
    },
  },
  downloadTemplate: {
    method: 'GET',
    url: '/api/v1/operators/source-kinds/:kind/template',
    access: 'operators.read',
    tag,
    summary: { zh: '下載上傳範本', en: 'Download the template of a closed upload' },
    params: Type.Object({ kind: Type.String({ maxLength: 60 }) }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
  createImport: {
    method: 'POST',
    url: '/api/v1/operators/imports',
    access: 'operators.import',
    tag,
    consumes: 'multipart/form-data',
    summary: { zh: '上傳一批來源檔並預覽', en: 'Upload source files and preview them' },
    response: { 201: importDetail },
  },
  listImports: {
    method: 'GET',
    url: '/api/v1/operators/imports',
    access: 'operators.read',
    tag,
    summary: { zh: '匯入紀錄', en: 'Imports' },
    query: Type.Object(pageQuery),
    response: { 200: pageOf(importDetail) },
  },
  getImport: {
    method: 'GET',
    url: '/api/v1/operators/imports/:id',
    access: 'operators.read',
    tag,
    summary: { zh: '單一匯入', en: 'One import' },
    params: Type.Object({ id: id('imp') }),
    response: { 200: importDetail },
  },
  confirmImport: {
    method: 'POST',
    url: '/api/v1/operators/imports/:id/confirm',
    access: 'operators.import',
    tag,
    idempotent: true,
    summary: { zh: '確認對應並開始匯入', en: 'Confirm the mapping and start the import' },
    params: Type.Object({ id: id('imp') }),
    body: Type.Object({
      files: Type.Optional(
        Type.Array(
          Type.Object({
            id: Type.Integer(),
            kind: Type.Optional(nullable(Type.String({ maxLength: 60 }))),
            mapping: Type.Optional(Type.Record(Type.String(), Type.String())),
            dataDate: Type.Optional(nullable(day)),
          }),
          { maxItems: 100 },
        ),
      ),
      asOf: Type.Optional(Type.String({ ...day, description: 'reconcile as of this day afterwards' })),
      acceptShrink: Type.Optional(
        Type.Boolean({ description: 'a list may have lost more than half of its rows' }),
      ),
    }),
    response: { 202: importDetail },
  },
  listRejectedCells: {
    method: 'GET',
    url: '/api/v1/operators/imports/:id/rejected',
    access: 'operators.read',
    tag,
    summary: { zh: '退件清單', en: 'Rejected cells of an import' },
    params: Type.Object({ id: id('imp') }),
    query: Type.Object(pageQuery),
    response: { 200: pageOf(rejectedCell) },
  },
  downloadRejected: {
    method: 'GET',
    url: '/api/v1/operators/imports/:id/rejected.csv',
    access: 'operators.read',
    tag,
    summary: { zh: '下載退件清單', en: 'Download the rejected cells' },
    params: Type.Object({ id: id('imp') }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
  listChanges: {
    method: 'GET',
    url: '/api/v1/operators/imports/:id/changes',
    access: 'operators.read',
    tag,
    summary: { zh: '新增、變更與消失的登記', en: 'What appeared, changed and vanished with an import' },
    params: Type.Object({ id: id('imp') }),
    query: Type.Object({
      ...pageQuery,
      change: Type.Optional(
        Type.Union([Type.Literal('appeared'), Type.Literal('changed'), Type.Literal('vanished')]),
      ),
    }),
    response: {
      200: pageOf(
        Type.Object({
          ubn,
          name: Type.String(),
          source: Type.String(),
          change: Type.String(),
          before: nullable(Type.Record(Type.String(), Type.Unknown())),
          after: nullable(Type.Record(Type.String(), Type.Unknown())),
        }),
      ),
    },
  },
  createRun: {
    method: 'POST',
    url: '/api/v1/operators/runs',
    access: 'operators.reconcile',
    tag,
    idempotent: true,
    summary: { zh: '執行勾稽', en: 'Run a reconciliation' },
    body: Type.Object({ asOf: day, knownAt: Type.Optional(instant) }),
    response: { 202: runRow },
  },
  listRuns: {
    method: 'GET',
    url: '/api/v1/operators/runs',
    access: 'operators.read',
    tag,
    summary: { zh: '勾稽紀錄', en: 'Reconciliation runs' },
    query: Type.Object(pageQuery),
    response: { 200: pageOf(runRow) },
  },
  getRun: {
    method: 'GET',
    url: '/api/v1/operators/runs/:id',
    access: 'operators.read',
    tag,
    summary: {
      zh: '單一勾稽：漏斗與統計（id 可為 latest）',
      en: 'One run: funnel and counts (id may be latest)',
    },
    params: Type.Object({ id: Type.Union([Type.Literal('latest'), id('run')]) }),
    response: { 200: runDetail },
  },
  compareRuns: {
    method: 'GET',
    url: '/api/v1/operators/runs/:id/compare/:other',
    access: 'operators.read',
    tag,
    summary: { zh: '比較兩次勾稽', en: 'Compare two runs' },
    params: Type.Object({ id: id('run'), other: id('run') }),
    response: {
      200: Type.Object({
        before: runRow,
        after: runRow,
        funnel: Type.Array(
          Type.Object({
            step: Type.String(),
            zh: Type.String(),
            en: Type.String(),
            before: nullable(Type.Integer()),
            after: nullable(Type.Integer()),
          }),
        ),
        operators: Type.Array(
          Type.Object({
            ubn: nullable(ubn),
            name: Type.String(),
            before: nullable(status),
            after: nullable(status),
          }),
        ),
        findings: Type.Array(
          Type.Object({
            rule: Type.String(),
            title: words,
            ubn: nullable(ubn),
            name: Type.String(),
            change: Type.Union([Type.Literal('appeared'), Type.Literal('vanished')]),
          }),
        ),
        truncated: Type.Boolean(),
      }),
    },
  },
  exportRun: {
    method: 'GET',
    url: '/api/v1/operators/runs/:id/export',
    access: 'operators.read',
    tag,
    summary: { zh: '匯出勾稽結果', en: 'Export a run' },
    params: Type.Object({ id: id('run') }),
    query: Type.Object({
      format: Type.Union([Type.Literal('json'), Type.Literal('xlsx'), Type.Literal('ods')]),
    }),
    produces: file,
    response: { 200: Type.String() },
  },
  listFindings: {
    method: 'GET',
    url: '/api/v1/operators/findings',
    access: 'operators.read',
    tag,
    summary: { zh: '依風險排序的查核發現', en: 'Findings, highest risk first' },
    query: Type.Object({ ...pageQuery, ...findingQuery }),
    response: { 200: pageOf(findingRow) },
  },
  exportFindings: {
    method: 'GET',
    url: '/api/v1/operators/findings/export',
    access: 'operators.read',
    tag,
    summary: { zh: '匯出查核發現', en: 'Export findings' },
    query: Type.Object({
      ...findingQuery,
      format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx'), Type.Literal('ods')]),
    }),
    produces: file,
    response: { 200: Type.String() },
  },
  countFindings: {
    method: 'GET',
    url: '/api/v1/operators/findings/counts',
    access: 'operators.read',
    tag,
    summary: { zh: '查核發現的統計', en: 'Counts of findings by rule, severity and state' },
    response: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            rule: Type.String(),
            title: words,
            severity,
            state: findingState,
            count: Type.Integer(),
          }),
        ),
      }),
    },
  },
  getFinding: {
    method: 'GET',
    url: '/api/v1/operators/findings/:id',
    access: 'operators.read',
    tag,
    summary: { zh: '單一查核發現', en: 'One finding' },
    params: Type.Object({ id: id('fnd') }),
    response: { 200: findingDetail },
  },
  dismissFinding: {
    method: 'POST',
    url: '/api/v1/operators/findings/:id/dismiss',
    access: 'operators.judge',
    tag,
    summary: { zh: '排除查核發現（須附理由）', en: 'Dismiss a finding, with the reason' },
    params: Type.Object({ id: id('fnd') }),
    body: Type.Object({ reason: Type.String({ minLength: 2, maxLength: 1000 }) }),
    response: { 200: findingDetail },
  },
  reopenFinding: {
    method: 'POST',
    url: '/api/v1/operators/findings/:id/reopen',
    access: 'operators.judge',
    tag,
    summary: { zh: '恢復被排除的查核發現', en: 'Reopen a dismissed finding' },
    params: Type.Object({ id: id('fnd') }),
    response: { 200: findingDetail },
  },
  listMatches: {
    method: 'GET',
    url: '/api/v1/operators/matches',
    access: 'operators.read',
    tag,
    summary: { zh: '待判定與已比對的列', en: 'Matches, those to judge first' },
    query: Type.Object({
      ...pageQuery,
      outcome: Type.Optional(Type.String({ maxLength: 30 })),
      toJudge: Type.Optional(Type.Boolean()),
      key: Type.Optional(Type.String({ maxLength: 80, description: 'the one match of this key' })),
    }),
    response: { 200: pageOf(matchRow) },
  },
  createJudgement: {
    method: 'POST',
    url: '/api/v1/operators/judgements',
    access: 'operators.judge',
    tag,
    idempotent: true,
    summary: { zh: '判定比對：同一／不同／不確定', en: 'Judge a match: same, not the same, unsure' },
    description: { zh: '判定後自動重新勾稽。', en: 'The newest run is computed again afterwards.' },
    body: Type.Object({
      matchKey: Type.String({ maxLength: 300 }),
      verdict: Type.Union([Type.Literal('same'), Type.Literal('not-same'), Type.Literal('unsure')]),
      ubn: Type.Optional(ubn),
      reason: Type.String({ minLength: 2, maxLength: 1000 }),
    }),
    response: { 201: Type.Object({ id: id('jdg'), run: runRow }) },
  },
  declareOperating: {
    method: 'POST',
    url: '/api/v1/operators/:ubn/declaration',
    access: 'operators.judge',
    tag,
    idempotent: true,
    summary: { zh: '人工認定是否實際經營', en: 'Declare that a firm does, or does not, operate' },
    params: Type.Object({ ubn }),
    body: Type.Object({ operating: Type.Boolean(), reason: Type.String({ minLength: 2, maxLength: 1000 }) }),
    response: { 201: Type.Object({ id: id('jdg'), run: runRow }) },
  },
  listJudgements: {
    method: 'GET',
    url: '/api/v1/operators/judgements',
    access: 'operators.read',
    tag,
    summary: { zh: '人工判定紀錄', en: 'Judgements' },
    query: Type.Object(pageQuery),
    response: {
      200: pageOf(
        Type.Object({
          id: id('jdg'),
          matchKey: nullable(Type.String()),
          name: Type.String(),
          verdict: Type.String(),
          ubn: nullable(ubn),
          reason: Type.String(),
          at: Type.String(),
          by: Type.String(),
          undoneAt: nullable(Type.String()),
        }),
      ),
    },
  },
  undoJudgement: {
    method: 'POST',
    url: '/api/v1/operators/judgements/:id/undo',
    access: 'operators.judge',
    tag,
    summary: { zh: '撤回判定', en: 'Undo a judgement' },
    params: Type.Object({ id: id('jdg') }),
    response: { 200: Type.Object({ run: runRow }) },
  },
  getRulePack: {
    method: 'GET',
    url: '/api/v1/operators/rule-pack',
    access: 'operators.read',
    tag,
    summary: { zh: '現行規則與權重', en: 'The rule pack in force and its weights' },
    query: Type.Object({ asOf: Type.Optional(day) }),
    response: {
      200: Type.Object({
        id: Type.String(),
        validFrom: day,
        validTo: nullable(day),
        title: words,
        rules: Type.Array(
          Type.Object({
            id: Type.String(),
            title: words,
            severity,
            law: Type.Array(Type.Object({ law: Type.String(), article: Type.String(), text: Type.String() })),
          }),
        ),
        thresholds: Type.Record(Type.String(), Type.Number()),
        weights,
        history: Type.Array(
          Type.Object({ at: Type.String(), by: Type.String(), weights, reason: Type.String() }),
        ),
      }),
    },
  },
  changeWeights: {
    method: 'PUT',
    url: '/api/v1/operators/rule-pack/weights',
    access: 'operators.rules',
    tag,
    summary: { zh: '調整風險分數權重', en: 'Change the weights of the risk score' },
    body: Type.Object({ weights, reason: Type.String({ minLength: 2, maxLength: 1000 }) }),
    response: { 200: Type.Object({ run: nullable(runRow) }) },
  },
  listSavedViews: {
    method: 'GET',
    url: '/api/v1/operators/saved-views',
    access: 'operators.read',
    tag,
    summary: { zh: '已存的篩選', en: 'Saved views' },
    response: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            id: id('view'),
            name: Type.String(),
            page: Type.String(),
            query: Type.String(),
            shared: Type.Boolean(),
          }),
        ),
      }),
    },
  },
  createSavedView: {
    method: 'POST',
    url: '/api/v1/operators/saved-views',
    access: 'operators.read',
    tag,
    summary: { zh: '儲存篩選', en: 'Save a view' },
    body: Type.Object({
      name: Type.String({ minLength: 1, maxLength: 60 }),
      page: Type.String({ maxLength: 60 }),
      query: Type.String({ maxLength: 1000 }),
      shared: Type.Optional(Type.Boolean()),
    }),
    response: { 201: Type.Object({ id: id('view') }) },
  },
  deleteSavedView: {
    method: 'DELETE',
    url: '/api/v1/operators/saved-views/:id',
    access: 'operators.read',
    tag,
    summary: { zh: '刪除篩選', en: 'Delete a saved view' },
    params: Type.Object({ id: id('view') }),
    response: { 200: Type.Object({}) },
  },
});
