/**
 * What invented names are composed of. A firm's name begins with three characters of `headCharacters`; no name in
 * the public lists of the trade (18,249 rows) begins with three of them, which a test recounts.
 */
export const headCharacters = Array.from(
  '澄嵐曜霽穹朔蒼漪煦黛芷蘅硯墨竹棲杉槐榕梧桐蘆荻芒穗稻粟麥霜露虹霞雯雲岫崗嶺峽灣汐潮汀洲渚嶼礁帆舵錨舟楫橋堤壩渠泉澗溪' +
    '瀑湍漣沁淨澈瑩琉璃珀瑚珊琥瑪瓏琅琳瑯瑾瑜璟璇璞磐碧岩砂礫堅磊砌築籬垣廊亭閣榭軒樓塔鐘鼓笙簫琴瑟箏絃弦譜歌謠詩辭賦箴帖卷冊簡' +
    '牘毫箋紋織絲綾羅綢緞錦繡紗縷緒綸緯經',
);

/** Characters a typist confuses; every member is itself a head character, so a typo stays an invented name. */
export const confusable: readonly string[] = [
  '澄澈淨',
  '嵐崗嶺峽',
  '瑾璟璇璞',
  '琉璃',
  '琅琳瑯',
  '珀珊瑚琥',
  '汐潮汀',
  '溪澗渠',
  '霜露霞霽雯',
  '紋紗縷緒',
  '綾綢緞綸緯',
  '箋箴箏',
  '榕槐梧桐',
  '荻芒芷蘆',
  '砂礫磊磐',
  '亭閣榭軒',
  '詩謠譜',
  '帆舟楫舵',
  '渚洲嶼',
  '沁漣漪',
];

/** Tails of company names with their weight in the public list. */
export const companyTails: readonly (readonly [string, number])[] = [
  ['科技', 300],
  ['國際', 140],
  ['管理顧問', 35],
  ['顧問', 30],
  ['行銷', 45],
  ['企業', 60],
  ['資訊', 45],
  ['實業', 44],
  ['事業', 30],
  ['開發', 30],
  ['貿易', 25],
  ['數位', 19],
  ['創意', 14],
  ['服務', 13],
  ['投資', 13],
  ['生技', 13],
  ['設計', 12],
  ['文創', 11],
  ['商務', 10],
  ['娛樂', 10],
  ['傳媒', 8],
  ['媒體', 8],
  ['物流', 7],
  ['網路', 6],
  ['系統', 5],
  ['電商', 5],
  ['支付', 4],
  ['金流', 3],
  ['數據', 3],
  ['數位科技', 26],
  ['整合行銷', 18],
  ['國際貿易', 15],
  ['國際企業', 12],
  ['國際開發', 12],
  ['網路科技', 12],
  ['資訊科技', 11],
  ['資產管理', 10],
  ['金融科技', 9],
  ['國際行銷', 8],
  ['電子商務', 8],
  ['生物科技', 7],
  ['數位行銷', 6],
  ['智能科技', 4],
  ['雲端科技', 3],
  ['資訊服務', 3],
  ['電子支付服務', 1],
  ['金流服務', 2],
  ['第三方支付', 1],
];

/** Tails of firms that take payments for others. */
export const paymentTails = [
  '科技',
  '金流',
  '支付',
  '數位科技',
  '金融科技',
  '電子商務',
  '網路科技',
  '金流服務',
  '資訊服務',
  '數位',
  '國際',
  '商務',
];

/** Legal forms of companies. */
export const companyForms: readonly (readonly [string, number])[] = [
  ['有限公司', 71],
  ['股份有限公司', 29],
];

/** Middles and endings of sole proprietors and partnerships. */
export const businessMiddles: readonly (readonly [string, number])[] = [
  ['', 60],
  ['資訊', 8],
  ['貿易', 6],
  ['設計', 6],
  ['國際', 6],
  ['數位', 5],
  ['藝術', 2],
  ['影像', 2],
  ['通訊', 3],
  ['美學', 2],
];
export const businessEndings: readonly (readonly [string, number])[] = [
  ['企業社', 45],
  ['工作室', 17],
  ['商行', 20],
  ['實業社', 4],
  ['企業行', 3],
  ['工程行', 3],
  ['生活館', 1],
  ['興業社', 1],
];

/** Tails of shop names. */
export const shopTails = [
  '拍賣',
  '購物',
  '商城',
  '選物',
  '生活館',
  '好物',
  '美妝',
  '書店',
  '親子館',
  '運動',
  '旅遊',
  '票券',
];

/** Counties with their share of the list and districts; 臺 as the registers write it. */
export const counties: readonly { name: string; weight: number; districts: readonly string[] }[] = [
  {
    name: '臺北市',
    weight: 340,
    districts: ['中山區', '信義區', '大安區', '松山區', '內湖區', '中正區', '南港區'],
  },
  { name: '新北市', weight: 177, districts: ['板橋區', '新店區', '中和區', '三重區', '新莊區', '五股區'] },
  { name: '臺中市', weight: 162, districts: ['西屯區', '西區', '北屯區', '南屯區', '豐原區'] },
  { name: '高雄市', weight: 109, districts: ['左營區', '鳳山區', '三民區', '前鎮區', '苓雅區'] },
  { name: '桃園市', weight: 72, districts: ['中壢區', '桃園區', '龜山區', '龍潭區'] },
  { name: '臺南市', weight: 36, districts: ['安平區', '東區', '永康區', '中西區'] },
  { name: '彰化縣', weight: 14, districts: ['彰化市', '鹿港鎮', '員林市'] },
  { name: '新竹縣', weight: 13, districts: ['竹北市', '竹東鎮'] },
  { name: '新竹市', weight: 13, districts: ['東區', '北區'] },
  { name: '屏東縣', weight: 9, districts: ['屏東市', '潮州鎮'] },
  { name: '基隆市', weight: 7, districts: ['仁愛區', '信義區'] },
  { name: '嘉義市', weight: 7, districts: ['東區', '西區'] },
  { name: '苗栗縣', weight: 6, districts: ['苗栗市', '竹南鎮'] },
  { name: '花蓮縣', weight: 6, districts: ['花蓮市', '吉安鄉', '新城鄉'] },
  { name: '南投縣', weight: 6, districts: ['南投市', '埔里鎮'] },
  { name: '宜蘭縣', weight: 6, districts: ['宜蘭市', '羅東鎮'] },
  { name: '雲林縣', weight: 6, districts: ['斗六市', '虎尾鎮'] },
  { name: '嘉義縣', weight: 3, districts: ['民雄鄉', '朴子市'] },
  { name: '臺東縣', weight: 3, districts: ['臺東市', '成功鎮'] },
  { name: '金門縣', weight: 2, districts: ['金城鎮', '金湖鎮'] },
  { name: '澎湖縣', weight: 1, districts: ['馬公市'] },
  { name: '連江縣', weight: 1, districts: ['南竿鄉'] },
];

export const villages = [
  '中興',
  '光華',
  '民權',
  '建國',
  '文化',
  '福德',
  '永安',
  '新生',
  '大同',
  '自強',
  '仁和',
  '忠義',
];
export const streets = [
  '中山路',
  '中正路',
  '民生路',
  '中華路二段',
  '復興北路',
  '信義路4段',
  '忠孝東路五段',
  '文心路三段',
  '建國一路',
  '成功路1段',
  '光復路',
  '和平西路',
  '三民路',
  '自由路二段',
  '民族路',
  '大同路3段',
  '永康街',
  '市府路',
  '中央路',
  '博愛路',
  '新生南路一段',
  '四維三路',
  '正光街',
  '向上路一段',
];

/** Capital in NT$ with its frequency in the public list. */
export const capitals: readonly (readonly [number, number])[] = [
  [1_000_000, 313],
  [500_000, 146],
  [100_000, 124],
  [5_000_000, 120],
  [2_000_000, 92],
  [10_000_000, 75],
  [200_000, 72],
  [3_000_000, 66],
  [300_000, 54],
  [0, 27],
  [50_000, 26],
  [6_000_000, 24],
  [20_000_000, 22],
  [30_000_000, 13],
  [50_000_000, 12],
  [100_000_000, 12],
];

/** Business items other than I301040 (第三方支付服務業). */
export const otherItems = [
  'I301010',
  'I301020',
  'I301030',
  'F399040',
  'F218010',
  'F118010',
  'I103060',
  'F113050',
  'F213030',
  'IZ99990',
  'F401010',
  'I401010',
  'F208040',
  'F206020',
  'F102170',
  'F203010',
  'I501010',
  'JZ99050',
];

/** Tax industry codes and their names. */
export const industries: readonly (readonly [string, string])[] = [
  ['620100', '電腦程式設計'],
  ['631200', '資料處理、主機及網站代管服務'],
  ['487112', '經營網路購物'],
  ['702000', '管理顧問'],
  ['731000', '廣告業'],
  ['464111', '電腦及其週邊設備批發'],
  ['472927', '豆類製品零售'],
  ['471913', '雜貨店'],
  ['561115', '餐館'],
  ['740200', '工業設計'],
  ['649900', '其他金融服務'],
  ['461900', '綜合商品批發代理'],
];
