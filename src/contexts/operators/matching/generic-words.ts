/**
 * Words that many firms carry in their names and that tell no firm apart. Whether the rest of a longer name is made of
 * them decides if a short name stands for it: 連加網路 for 連加網路商業, 綠界 for 綠界科技.
 */
import { foldText } from '#shared/company-name';

const words = [
  '科技',
  '資訊',
  '網路',
  '數位',
  '國際',
  '實業',
  '企業',
  '商業',
  '電子',
  '商務',
  '金流',
  '支付',
  '金融',
  '金控',
  '服務',
  '顧問',
  '管理',
  '行銷',
  '整合',
  '系統',
  '軟體',
  '通訊',
  '電信',
  '文創',
  '創意',
  '設計',
  '貿易',
  '投資',
  '開發',
  '控股',
  '事業',
  '工業',
  '工程',
  '生技',
  '生物',
  '多媒體',
  '媒體',
  '傳媒',
  '娛樂',
  '互動',
  '智慧',
  '雲端',
  '應用',
  '平台',
  '物流',
  '購物',
  '台灣',
  '全球',
  '集團',
  '股份',
  '興業',
].map(foldText);

const pattern = new RegExp(`(?:${words.join('|')})`, 'gu');
const tail = new RegExp(`(?:${words.join('|')})+$`, 'u');

/** Is the text made of generic words alone? False for the empty text. */
export function isGeneric(text: string): boolean {
  return text !== '' && text.replaceAll(pattern, '') === '';
}

/** The core without the generic words at its end; the whole core where nothing else would be left. */
export function distinctivePart(core: string): string {
  const rest = core.replace(tail, '');
  return rest === '' ? core : rest;
}
