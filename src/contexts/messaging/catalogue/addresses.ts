/** Addresses in a text, as phones find them, and whether the service may send them. */
import { domainToASCII } from 'node:url';
import { foldWidths } from './characters.ts';
import { defineProblems, type TextProblem } from './text-problem.ts';

export const addressProblem = defineProblems({
  address_not_allowed: {
    level: 'refuse',
    zh: '這項服務的簡訊不放網址。請刪除網址，或請管理者為服務登記網站。',
    en: 'texts of this service hold no address. Remove it, or have a host registered for the service.',
  },
  address_scheme: {
    level: 'refuse',
    zh: '網址須以 https:// 開頭；手機會把沒有 https:// 的網域也變成連結。若不是網址，請在句點後空一格。',
    en: 'an address begins with https://; phones make a bare host tappable as well. If it is none, put a space behind the dot.',
  },
  address_unreadable: {
    level: 'refuse',
    zh: '網址無法解析，請確認是否完整。',
    en: 'the address cannot be read; check that it is whole.',
  },
  address_user_info: {
    level: 'refuse',
    zh: '網址的主機名稱前不可有「@」，真正的目的地會被遮住。',
    en: 'an address holds no "@" before its host: it hides where the link leads.',
  },
  address_port: { level: 'refuse', zh: '網址不可指定連接埠。', en: 'an address names no port.' },
  address_ip: {
    level: 'refuse',
    zh: '網址須用網域名稱，不可用 IP 位址。',
    en: 'an address uses a host name, not an IP address.',
  },
  address_look_alike: {
    level: 'refuse',
    zh: '網址含有形似的字元、全形符號或非英數字的網域，民眾無法辨識真偽。請改用登記的 .gov.tw 網址並以半形輸入。',
    en: 'the address has look-alike or full-width characters. Write the registered .gov.tw host in plain ASCII.',
  },
  address_poses_as_government: {
    level: 'refuse',
    zh: '這個網域看似政府網站，其實不在 .gov.tw 之下。',
    en: 'this host poses as the government but does not lie below .gov.tw.',
  },
  address_shortener: {
    level: 'refuse',
    zh: '不可使用短網址服務；請用完整網址，或登記政府短網址（url.gov.tw、gov.tw）。',
    en: 'no shorteners but that of the government (url.gov.tw, gov.tw), once registered for the service.',
  },
  address_host: {
    level: 'refuse',
    zh: '網址的主機不是這項服務登記的 .gov.tw 網站或其下層。請確認拼寫，或請管理者登記。',
    en: 'the host is neither registered for this service nor below such a .gov.tw host. Check it or have it registered.',
  },
  address_runs_on: {
    level: 'refuse',
    zh: '網址後面緊接文字，手機會把文字當成網址的一部分。請在網址後空一格。',
    en: 'words follow the address directly and phones take them as part of it. Put a space behind it.',
  },
});

/** Well-known shorteners: named only so that the message says why; every host that is not registered is refused. */
const SHORTENERS = new Set(
  'bit.ly,reurl.cc,tinyurl.com,goo.gl,t.co,ppt.cc,pse.is,lihi.cc,lihi1.com,lihi2.com,lihi3.com,is.gd,cutt.ly,rebrand.ly,ow.ly,t.ly,tiny.cc,shorturl.at,s.id,rb.gy,supr.link,risu.io,maac.io,psee.io,lin.ee'.split(
    ',',
  ),
);
/** Hosts of the government's shortener; registrable, though they lie right at the top. */
export const GOVERNMENT_SHORTENERS: readonly string[] = ['url.gov.tw', 'gov.tw'];

/**
 * Letters of other scripts count as letters of a host, and so do marks on them and signs such as ❤, which phones take
 * into a link; Han does so only in the last label of domains in Chinese.
 */
const LABEL = '[[\\p{L}\\p{M}\\p{N}\\p{So}_\\-]--[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Bopo}]]';
const HAN_TOP =
  '台灣|台湾|臺灣|中国|中國|香港|澳門|澳门|新加坡|公司|网络|網絡|网址|網址|网站|網站|商城|中文网|在线|购物|集团|手机|信息|游戏|娱乐|移动|微博|餐厅|慈善|世界|时尚|机构|组织机构|政府|政务|公益|商标|商店|网店|联通|佛山|广东|八卦|我爱你|点看|谷歌|诺基亚|健康|食品|招聘|珠宝|企业|新闻|家電|通販|大众汽车|天主教';
/** What follows an authority; ends at white space, Han and the punctuation of Chinese. */
const REST = "[\\w.~:\\/?#\\[\\]@!$&'\\(\\)*+,;=%\\\\\\|\\p{sc=Cyrl}\\p{sc=Grek}\\-]";
const WITH_SCHEME = new RegExp(`[a-z][a-z\\d+.\\-]*:[\\/\\\\]{2}(?:${LABEL}|${REST})*`, 'giv');
const BARE = new RegExp(
  `${LABEL}+(?:\\.${LABEL}+)*\\.(?:(?![\\d_\\-])${LABEL}{2,}|(?:${HAN_TOP}))(?:[:\\/?#]${REST}*)?`,
  'giv',
);
const HAN_HOST = new RegExp(`\\p{sc=Han}\\.(?:[a-z]{2,}|(?:${HAN_TOP}))`, 'giv');
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/gu;

/** An address as it stands in a text. */
export interface FoundAddress {
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'scheme' | 'bare' | 'mail' | 'ip';
  /** Words follow without a space: some phones take them into the link. */
  readonly runsOn: boolean;
}

const NOTHING: readonly FoundAddress[] = [];

/** Every stretch of a text that a phone may make tappable, in order; a stretch belongs to one address only. */
export function findAddresses(text: string): readonly FoundAddress[] {
  const folded = foldWidths(text);
  if (!folded.includes('.') && !folded.includes('//') && !folded.includes('\\\\')) return NOTHING;
  const found: FoundAddress[] = [];
  const take = (pattern: RegExp, kind: FoundAddress['kind']): void => {
    for (const match of folded.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].replace(/[.,;:!?)\]'}]+$/u, '').length;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const isMail = kind === 'bare' && folded[start - 1] === '@';
      const runsOn = kind === 'scheme' && /^[\p{L}\p{N}]/u.test(folded.slice(end, end + 2));
      found.push({ text: text.slice(start, end), start, end, kind: isMail ? 'mail' : kind, runsOn });
    }
  };
  take(WITH_SCHEME, 'scheme');
  take(BARE, 'bare');
  take(HAN_HOST, 'bare');
  take(IPV4, 'ip');
  return found.sort((a, b) => a.start - b.start);
}

/** True where a host is one of these or below one of them, label by label from the right; `gov.tw` stands for itself only. */
export function isRegisteredHost(host: string, registered: readonly string[]): boolean {
  const labels = host.split('.').reverse();
  return registered.some((name) => {
    if (GOVERNMENT_SHORTENERS.includes(name)) return host === name;
    const wanted = name.split('.').reverse();
    return wanted.length <= labels.length && wanted.every((label, index) => label === labels[index]);
  });
}

/** What is wrong with an address of a text of a service with these hosts; null where it may be sent. */
export function judgeAddress(found: FoundAddress, linkHosts: readonly string[]): TextProblem | null {
  const at = { start: found.start, end: found.end };
  const written = found.text;
  if (linkHosts.length === 0) return addressProblem('address_not_allowed', at);
  if (found.kind === 'ip') return addressProblem('address_ip', at);
  // eslint-disable-next-line no-control-regex
  if (!/^[\x21-\x7e]+$/u.test(written)) return addressProblem('address_look_alike', at);
  const [, scheme, rest = written] = /^([a-z][a-z\d+.-]*):[/\\]{2}(.*)$/isu.exec(written) ?? [];
  if (scheme !== undefined && !/^https?$/iu.test(scheme)) return addressProblem('address_scheme', at);
  const authority = /^[^/\\?#]*/u.exec(rest)?.[0] ?? '';
  if (found.kind === 'scheme' && authority.includes('@')) return addressProblem('address_user_info', at);
  if (/^\[|^[\d.]+(?::|$)|^0x/iu.test(authority)) return addressProblem('address_ip', at);
  if (authority.includes(':')) return addressProblem('address_port', at);
  const host = hostOf(authority);
  if (host === null) return addressProblem('address_unreadable', at);
  if (/(?:^|\.)xn--/u.test(host)) return addressProblem('address_look_alike', at);
  if (!isRegisteredHost(host, linkHosts)) return addressProblem(whyNot(host), at);
  if (found.kind === 'mail') return null;
  if (scheme?.toLowerCase() !== 'https' || written.includes('\\'))
    return addressProblem('address_scheme', at);
  if (!URL.canParse(written) || new URL(written).hostname !== host)
    return addressProblem('address_unreadable', at);
  return found.runsOn ? addressProblem('address_runs_on', at) : null;
}

function hostOf(authority: string): string | null {
  const host = domainToASCII(authority.toLowerCase());
  return /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d-]{2,63}$/u.test(host) &&
    host === authority.toLowerCase()
    ? host
    : null;
}

function whyNot(host: string): 'address_shortener' | 'address_poses_as_government' | 'address_host' {
  if (SHORTENERS.has(host.replace(/^www\./u, ''))) return 'address_shortener';
  const isGovernment = host === 'gov.tw' || host.endsWith('.gov.tw');
  return !isGovernment && /gov|moda|go-?v/u.test(host) ? 'address_poses_as_government' : 'address_host';
}

/** A host that may be registered: below `.gov.tw`, in plain letters; answers it in lower case, null where it is none. */
export function readLinkHost(text: string): string | null {
  const host = text.trim().toLowerCase();
  if (GOVERNMENT_SHORTENERS.includes(host)) return host;
  return hostOf(host) === host && host.endsWith('.gov.tw') && !/(?:^|\.)xn--/u.test(host) ? host : null;
}
