/**
 * The words around the distinctive part of a Taiwanese trade name: legal forms, units of a firm, foreign prefixes.
 * Written folded (see name-folding.ts), because they are compared with folded names.
 */

/** Legal forms of companies and limited partnerships; at least one character stands before them. */
export const COMPANY_FORMS = ['股份有限公司', '無限公司', '兩合公司', '有限公司', '有限合夥'] as const;

/** Forms of businesses, and the bare 公司 of everyday speech; at least two characters stand before them. */
export const BUSINESS_FORMS = ['企業社', '企業行', '工作室', '商行', '商號', '公司'] as const;

/**
 * 行 and 社 are a legal form only behind a word for a trade: 冠勝資訊社 is, 大旅社, 出版社 and 銀行 are not. The trade
 * stays in the core.
 */
export const TRADES_BEFORE_SHORT_FORM = [
  '實業',
  '興業',
  '工程',
  '資訊',
  '科技',
  '貿易',
  '通訊',
  '電腦',
  '五金',
  '水電',
  '食品',
  '車業',
  '汽車',
  '機車',
  '顧問',
  '行銷',
  '用品',
  '精品',
  '服務',
  '設計',
  '電器',
  '電機',
  '機械',
  '建材',
  '租賃',
  '傢俱',
  '廣告',
  '娛樂',
  '餐飲',
  '國際',
] as const;

/** A unit of a firm, written behind the firm's complete name: 甲股份有限公司台北分公司. */
export const UNITS = [
  '分公司',
  '分行',
  '分店',
  '分社',
  '營業所',
  '營業處',
  '辦事處',
  '門市部',
  '門市',
  '工廠',
  '一廠',
  '二廠',
  '三廠',
] as const;

/** Nationalities that stand before 商 in the name of a foreign company. */
const NATIONALITIES = [
  '英屬維京群島',
  '英屬維爾京群島',
  '英屬開曼群島',
  '英屬蓋曼群島',
  '英屬百慕達群島',
  '英屬百慕達',
  '英屬安圭拉',
  '英屬曼島',
  '英屬直布羅陀',
  '英屬澤西島',
  '英屬根西島',
  '開曼群島',
  '維京群島',
  '馬紹爾群島',
  '荷屬安地列斯群島',
  '薩摩亞',
  '塞席爾',
  '貝里斯',
  '模里西斯',
  '安圭拉',
  '百慕達',
  '巴拿馬',
  '巴哈馬',
  '汶萊',
  '賽普勒斯',
  '多米尼克',
  '賴比瑞亞',
  '香港',
  '澳門',
  '大陸',
  '新加坡',
  '馬來西亞',
  '菲律賓',
  '泰國',
  '越南',
  '印尼',
  '印度',
  '日本',
  '韓國',
  '美國',
  '英國',
  '德國',
  '法國',
  '荷蘭',
  '瑞士',
  '瑞典',
  '丹麥',
  '挪威',
  '芬蘭',
  '比利時',
  '盧森堡',
  '愛爾蘭',
  '義大利',
  '西班牙',
  '葡萄牙',
  '奧地利',
  '波蘭',
  '捷克',
  '愛沙尼亞',
  '立陶宛',
  '以色列',
  '土耳其',
  '阿拉伯聯合大公國',
  '南非',
  '加拿大',
  '澳大利亞',
  '澳洲',
  '紐西蘭',
  '墨西哥',
  '巴西',
  '日',
  '美',
  '英',
  '德',
  '法',
  '韓',
  '荷',
  '義',
  '加',
  '澳',
  '紐',
  '泰',
  '星',
  '港',
] as const;

export const FOREIGN_PREFIXES: readonly string[] = NATIONALITIES.map((nationality) => `${nationality}商`);

/** Behind 商 these make a word of their own (美商務, 香港商貿, 日商場): no foreign prefix then. */
export const NOT_AFTER_PREFIX = '務貿業場城行號店圈旅標品會展學社舖';

/**
 * English legal forms at the end, in RE2 and JavaScript notation alike; `~` stands for the class of gaps. Read while
 * punctuation is still there, so that "Link Inc." ends in one and "Vinc" does not.
 */
export const ENGLISH_FORM =
  '(?:co(?:mpany)?[~]*l(?:imite)?td|company[~]+limited|co(?:mpany)?[~]+inc|corporation|corp|incorporated|inc|limited|ltd|llc|llp|gmbh|pte[~]*ltd|pty[~]*ltd|sdn[~]*bhd|plc)';
