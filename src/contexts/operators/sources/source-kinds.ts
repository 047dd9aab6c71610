import type { SourceKind } from './source-tables.ts';

/** One column that a kind wants. */
export interface WantedColumn {
  /** Name inside the reader; also the column of the typed table where both hold the same. */
  key: string;
  /** The header as published or as the template prints it. */
  header: string;
  /** Other headers that mean the same. */
  synonyms?: readonly string[];
  /** A file without a required column is not this kind. */
  required: boolean;
  /** Tells the kind from another one; not needed where a person says which kind the file is. */
  tells?: true;
  /** What goes into it, for templates and messages. */
  zh: string;
  en: string;
  example: string;
}

/** What a kind of source is: who publishes it, under which terms, and which headers tell it. */
export interface SourceKindInfo {
  kind: SourceKind;
  zh: string;
  en: string;
  publisher: string;
  /** Open data, or a file that an agency hands over. */
  access: 'open' | 'closed';
  /** Dataset number at data.gov.tw. */
  dataset?: string;
  licence: string;
  /** Key of the attribution sentence (null: closed, nothing to attribute). */
  attributionId: string | null;
  columns: readonly WantedColumn[];
  /** At least one of these keys must be there as a column. */
  anyOf?: readonly string[];
}

const OGDL = '政府資料開放授權條款－第1版';
const CLOSED = '不公開，僅供監理使用';

const column = (
  key: string,
  header: string,
  required: boolean,
  zh: string,
  en: string,
  example: string,
  synonyms: readonly string[] = [],
): WantedColumn => ({ key, header, required, zh, en, example, synonyms });

const ubn = (required: boolean): WantedColumn =>
  column('ubn', '統一編號', required, '8 個數字，文字格式', 'Eight digits, as text', '22099131', [
    '統編',
    '營利事業統一編號',
  ]);
const closedName = (required: boolean): WantedColumn =>
  column('name', '名稱', required, '公司或商業名稱', 'Name of the firm', '範例股份有限公司', [
    '公司名稱',
    '業者名稱',
    '廠商名稱',
    '事業名稱',
  ]);

const companyColumns: readonly WantedColumn[] = [
  ubn(true),
  column('name', '公司名稱', true, '公司名稱', 'Company name', '範例股份有限公司'),
  column('address', '公司地址', true, '公司地址', 'Address', '臺北市信義區市府路1號', ['公司所在地']),
  column('capital_total', '資本總額', true, '新臺幣元', 'NT$', '1000000', ['資本總額(元)']),
  column('capital_paid', '實收資本額', true, '新臺幣元', 'NT$', '1000000', ['實收資本額(元)']),
  column('working_capital', '在境內營運資金', true, '新臺幣元', 'NT$', '0', ['在中華民國境內營運資金']),
  column('status', '公司狀態', true, '例：核准設立', 'e.g. 核准設立', '核准設立', ['公司登記狀態']),
  column('produced_on', '產製日期', true, '資料日期', 'Date of the data', '2023-11-30'),
];

/** Every kind, in the order in which headers are compared: the more columns a kind has, the earlier. */
export const sourceKinds: readonly SourceKindInfo[] = [
  {
    kind: 'company',
    zh: '公司登記資料（含營業項目）',
    en: 'Company register with business items',
    publisher: '經濟部商業發展署',
    access: 'open',
    licence: OGDL,
    attributionId: 'gcis-company',
    columns: [
      ...companyColumns,
      {
        ...column(
          'items',
          '營業項目',
          true,
          '代碼，以分號分隔',
          'Codes parted by semicolons',
          'I301040;ZZ99999',
          ['營業項目代碼'],
        ),
        tells: true,
      },
    ],
  },
  {
    kind: 'company_by_item',
    zh: '公司登記（依營業項目別）－第三方支付服務業',
    en: 'Companies by business item: third-party payment',
    publisher: '經濟部商業發展署',
    access: 'open',
    dataset: '22184',
    licence: OGDL,
    attributionId: 'gcis-22184',
    columns: companyColumns,
  },
  {
    kind: 'business_by_item',
    zh: '商業登記（依營業項目別）－第三方支付服務業',
    en: 'Businesses by business item: third-party payment',
    publisher: '經濟部商業發展署',
    access: 'open',
    dataset: '108381',
    licence: OGDL,
    attributionId: 'gcis-108381',
    columns: [
      ubn(true),
      column('name', '商業名稱', true, '商業名稱', 'Name of the business', '範例企業社'),
      column('address', '商業地址', true, '商業地址', 'Address', '臺北市信義區市府路1號', ['商業所在地']),
      column('status', '登記狀態', true, '例：核准設立', 'e.g. 核准設立', '核准設立', [
        '商業狀態',
        '商業登記狀態',
      ]),
    ],
  },
  {
    kind: 'tax_register',
    zh: '全國營業（稅籍）登記資料集',
    en: 'National business tax register (BGMOPEN1)',
    publisher: '財政部財政資訊中心',
    access: 'open',
    dataset: '9400',
    licence: OGDL,
    attributionId: 'fia-9400',
    columns: [
      column('address', '營業地址', true, '營業地址', 'Trading address', '臺北市信義區市府路1號'),
      ubn(true),
      column('head_office_ubn', '總機構統一編號', true, '分支機構才有', 'Of branches only', ''),
      column('name', '營業人名稱', true, '營業人名稱', 'Name of the taxpayer', '範例商行'),
      column('capital', '資本額', true, '新臺幣元', 'NT$', '100000'),
      column('set_up_on', '設立日期', true, '民國 7 碼', 'Seven digits, ROC', '1040413'),
      column('organisation_kind', '組織別名稱', true, '例：獨資', 'e.g. 獨資', '獨資', ['組織別']),
      column('uses_invoice', '使用統一發票', true, 'Y 或 N', 'Y or N', 'N'),
      column('industry_code_0', '行業代號', true, '稅籍行業代號', 'Tax industry code', '472927'),
      column('industry_name_0', '名稱', true, '行業名稱', 'Industry', '豆類製品零售', ['行業名稱']),
      column('industry_code_1', '行業代號1', false, '稅籍行業代號', 'Tax industry code', ''),
      column('industry_name_1', '名稱1', false, '行業名稱', 'Industry', '', ['行業名稱1']),
      column('industry_code_2', '行業代號2', false, '稅籍行業代號', 'Tax industry code', ''),
      column('industry_name_2', '名稱2', false, '行業名稱', 'Industry', '', ['行業名稱2']),
      column('industry_code_3', '行業代號3', false, '稅籍行業代號', 'Tax industry code', ''),
      column('industry_name_3', '名稱3', false, '行業名稱', 'Industry', '', ['行業名稱3']),
    ],
  },
  {
    kind: 'capability_registration',
    zh: '第三方支付服務機構服務能量登錄名單',
    en: 'Passed list of the capability registration',
    publisher: '數位發展部數位產業署',
    access: 'open',
    dataset: '165372',
    licence: OGDL,
    attributionId: 'adi-165372',
    columns: [
      column('name', '廠商名稱', true, '業者名稱', 'Name of the firm', '範例股份有限公司', [
        '名稱',
        '業者名稱',
        '公司名稱',
      ]),
      ubn(true),
      column('certificate_no', '證書編號', true, '證書編號', 'Certificate number', '112三0001'),
      column('registered_on', '登錄日期', true, '登錄日期', 'Registered on', '112/08/31', ['登錄日']),
      column('valid_until', '有效日期', true, '有效日期', 'Valid until', '114/08/30', [
        '有效期限',
        '有效期間',
      ]),
    ],
  },
  {
    kind: 'fsc_reply',
    zh: '金管會函復：代理收付款項日均餘額',
    en: 'FSC reply: daily average balance of agency collections',
    publisher: '金融監督管理委員會',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      ubn(false),
      closedName(false),
      column('year', '年度', true, '民國或西元', 'ROC or Gregorian', '112'),
      column('balance', '代理收付日均餘額', true, '新臺幣元', 'NT$', '1200000000', [
        '代理收付款項日均餘額',
        '日均餘額',
      ]),
    ],
    anyOf: ['name', 'ubn'],
  },
  {
    kind: 'tax_sales',
    zh: '第三方支付年度銷售額',
    en: 'Yearly sales of third-party payment',
    publisher: '財政部',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      ubn(false),
      closedName(false),
      column('year', '年度', true, '民國或西元', 'ROC or Gregorian', '112'),
      column('sales', '全年銷售額', true, '新臺幣元', 'NT$', '350000000', ['年銷售額']),
    ],
    anyOf: ['name', 'ubn'],
  },
  {
    kind: 'high_risk_shop',
    zh: '高風險賣場名單',
    en: 'Police list of high-risk shops',
    publisher: '內政部警政署',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      column('quarter', '季別', true, '112Q3、2023Q3 或 112年第3季', '112Q3, 2023Q3 or 112年第3季', '112Q3', [
        '季度',
      ]),
      column('rank', '名次', false, '當季名次', 'Rank in the quarter', '1', ['排名']),
      column('name', '賣場名稱', true, '賣場或平臺名稱', 'Name of the shop or platform', '範例商城', [
        '平臺名稱',
        '平台名稱',
      ]),
      column(
        'domain',
        '網域',
        false,
        '例：shop.example.com.tw',
        'e.g. shop.example.com.tw',
        'shop.example.com.tw',
        ['網址', '網站'],
      ),
      ubn(false),
    ],
  },
  {
    kind: 'hardening_measure',
    zh: '資安強化措施參加名單',
    en: 'Participants of hardening measures',
    publisher: '數位發展部數位產業署',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      column(
        'measure',
        '措施',
        true,
        '加入TWCERT、資安評級、紅隊演練、資安檢測、物流隱碼等',
        'Name of the measure',
        '資安檢測',
        ['措施名稱'],
      ),
      closedName(false),
      ubn(false),
      column('joined_on', '參加日期', true, '民國或西元日期', 'Date, ROC or Gregorian', '112/05/10', [
        '加入日期',
      ]),
    ],
    anyOf: ['name', 'ubn'],
  },
  {
    kind: 'capability_application',
    zh: '服務能量登錄申請案',
    en: 'Applications for the capability registration',
    publisher: '數位發展部數位產業署',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      ubn(false),
      closedName(false),
      column('applied_on', '申請日期', true, '民國或西元日期', 'Date, ROC or Gregorian', '112/05/10'),
      column('status', '狀態', true, '例：審查中', 'e.g. 審查中', '審查中', ['申請狀態', '案件狀態']),
    ],
    anyOf: ['name', 'ubn'],
  },
  {
    kind: 'brand_alias',
    zh: '品牌與公司對照',
    en: 'Brands and their companies',
    publisher: '監理機關',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      column('brand', '品牌', true, '品牌或平臺名稱', 'Brand or platform', '範例購物', ['品牌名稱']),
      column('company_name', '公司名稱', true, '公司名稱', 'Company name', '範例股份有限公司', ['名稱']),
      ubn(false),
      column(
        'domain',
        '網域',
        false,
        '例：shop.example.com.tw',
        'e.g. shop.example.com.tw',
        'shop.example.com.tw',
        ['網址', '網站'],
      ),
    ],
  },
  {
    kind: 'traffic',
    zh: '網站月均流量',
    en: 'Monthly visits of sites',
    publisher: '監理機關',
    access: 'closed',
    licence: CLOSED,
    attributionId: null,
    columns: [
      column('name', '名稱', false, '網站或賣場名稱', 'Name of the site or shop', '範例商城', [
        '賣場名稱',
        '網站名稱',
        '平臺名稱',
        '平台名稱',
      ]),
      column(
        'domain',
        '網域',
        false,
        '例：shop.example.com.tw',
        'e.g. shop.example.com.tw',
        'shop.example.com.tw',
        ['網址', '網站'],
      ),
      column('monthly_visits', '月均流量', true, '每月平均造訪次數', 'Visits a month', '12000000', [
        '月流量',
        '月均造訪次數',
      ]),
    ],
    anyOf: ['name', 'domain'],
  },
];

/** The description of a kind. */
export function sourceKind(kind: SourceKind): SourceKindInfo {
  const found = sourceKinds.find((info) => info.kind === kind);
  if (found === undefined) throw new RangeError(`no source kind ${kind}`);
  return found;
}
