/**
 * The look of 信賴: ink and deep teal on warm paper, one persimmon accent. Every colour a person reads or has to find
 * stands here by its role, once for light and once for dark; `tokens.test.ts` checks the contrast of all pairs in use.
 */

export const colourRoles = [
  'paper',
  'surface',
  'sunken',
  'line',
  'outline',
  'ink',
  'muted',
  'brand',
  'brandFill',
  'onBrandFill',
  'brandSoft',
  'onBrandSoft',
  'accent',
  'accentSoft',
  'onAccentSoft',
  'focus',
  'success',
  'successSoft',
  'warning',
  'warningSoft',
  'danger',
  'dangerFill',
  'onDangerFill',
  'dangerSoft',
  'info',
  'infoSoft',
  'nav',
  'navInk',
  'navMuted',
  'navActive',
  'navActiveInk',
  'navMark',
  'sandbox',
  'onSandbox',
  'chart1',
  'chart2',
  'chart3',
  'chart4',
  'chart5',
] as const;
export type ColourRole = (typeof colourRoles)[number];
export type Scheme = 'light' | 'dark';

export const colours: Readonly<Record<Scheme, Readonly<Record<ColourRole, string>>>> = {
  light: {
    paper: '#f6f7f4',
    surface: '#ffffff',
    sunken: '#edf1ee',
    line: '#d8dfdb',
    outline: '#73837f',
    ink: '#10262c',
    muted: '#4a5e62',
    brand: '#0f5c5c',
    brandFill: '#0f5c5c',
    onBrandFill: '#ffffff',
    brandSoft: '#dfeeec',
    onBrandSoft: '#0a4545',
    accent: '#a8421a',
    accentSoft: '#fbeadf',
    onAccentSoft: '#8a3412',
    focus: '#b4491a',
    success: '#1b6640',
    successSoft: '#e1f2e8',
    warning: '#7a4e00',
    warningSoft: '#fff2d1',
    danger: '#a5271d',
    dangerFill: '#a5271d',
    onDangerFill: '#ffffff',
    dangerSoft: '#fce9e6',
    info: '#1c5791',
    infoSoft: '#e5eff9',
    nav: '#0b2d33',
    navInk: '#dce8e6',
    navMuted: '#9fb9b8',
    navActive: '#17494d',
    navActiveInk: '#ffffff',
    navMark: '#f0a15e',
    sandbox: '#ffd84d',
    onSandbox: '#362900',
    chart1: '#0f5c5c',
    chart2: '#b9561f',
    chart3: '#4f7cac',
    chart4: '#8a6d1d',
    chart5: '#7a4f86',
  },
  dark: {
    paper: '#0b1619',
    surface: '#122125',
    sunken: '#0e1b1f',
    line: '#28393e',
    outline: '#718a8d',
    ink: '#e7efed',
    muted: '#a8bbbb',
    brand: '#74cbc3',
    brandFill: '#24807b',
    onBrandFill: '#ffffff',
    brandSoft: '#16393b',
    onBrandSoft: '#a9e0da',
    accent: '#f0a15e',
    accentSoft: '#3b2717',
    onAccentSoft: '#f6bd8b',
    focus: '#f0a15e',
    success: '#74cf9c',
    successSoft: '#15321f',
    warning: '#f0c05a',
    warningSoft: '#362a0d',
    danger: '#ff9a8f',
    dangerFill: '#c0392d',
    onDangerFill: '#ffffff',
    dangerSoft: '#401b18',
    info: '#8dbcf0',
    infoSoft: '#172d45',
    nav: '#081114',
    navInk: '#dce8e6',
    navMuted: '#95aeae',
    navActive: '#16393b',
    navActiveInk: '#ffffff',
    navMark: '#f0a15e',
    sandbox: '#ffd84d',
    onSandbox: '#362900',
    chart1: '#5cc0b7',
    chart2: '#f0a15e',
    chart3: '#8dbcf0',
    chart4: '#d9c06a',
    chart5: '#cfa3dc',
  },
};

/** Text on ground: at least 4.5 (WCAG 2.2, 1.4.3). */
export const textPairs: readonly (readonly [text: ColourRole, ground: ColourRole])[] = [
  ...(['ink', 'muted', 'brand', 'accent', 'danger', 'success', 'warning', 'info'] as const).flatMap((text) =>
    (['paper', 'surface', 'sunken'] as const).map((ground) => [text, ground] as const),
  ),
  ['onBrandFill', 'brandFill'],
  ['onDangerFill', 'dangerFill'],
  ['onBrandSoft', 'brandSoft'],
  ['onAccentSoft', 'accentSoft'],
  ['ink', 'brandSoft'],
  ['ink', 'accentSoft'],
  ['muted', 'brandSoft'],
  ['success', 'successSoft'],
  ['warning', 'warningSoft'],
  ['danger', 'dangerSoft'],
  ['info', 'infoSoft'],
  ...(['successSoft', 'warningSoft', 'dangerSoft', 'infoSoft'] as const).map(
    (ground) => ['ink', ground] as const,
  ),
  ['navInk', 'nav'],
  ['navMuted', 'nav'],
  ['navActiveInk', 'navActive'],
  ['onSandbox', 'sandbox'],
];

/** Edges of controls, focus rings, marks and chart ink on ground: at least 3 (WCAG 2.2, 1.4.11). */
export const shapePairs: readonly (readonly [shape: ColourRole, ground: ColourRole])[] = [
  ...(['outline', 'focus', 'brandFill', 'dangerFill'] as const).flatMap((shape) =>
    (['paper', 'surface', 'sunken'] as const).map((ground) => [shape, ground] as const),
  ),
  ...(['chart1', 'chart2', 'chart3', 'chart4', 'chart5'] as const).map(
    (shape) => [shape, 'surface'] as const,
  ),
  ['navMark', 'nav'],
  ['navMark', 'navActive'],
];

/** Steps of space, in rem. */
export const space = { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2.25rem' } as const;
/** Corners: small for controls, medium for cards. Nothing is a pill but a count. */
export const radius = { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '18px' } as const;

/** Fonts of the reader's own machine; nothing is fetched. Chinese before Latin fallbacks keeps punctuation full-width. */
export const fontFamily =
  '"Inter", "SF Pro Text", "Segoe UI Variable", "Segoe UI", "Noto Sans TC", "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei UI", "Microsoft JhengHei", system-ui, sans-serif';
export const monospaceFamily =
  'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "Noto Sans Mono CJK TC", Menlo, Consolas, monospace';
/** rem at 16 px; body text never falls below 0.875. */
export const fontSize = {
  xs: '0.8125rem',
  sm: '0.875rem',
  md: '0.9375rem',
  lg: '1.0625rem',
  xl: '1.25rem',
} as const;
