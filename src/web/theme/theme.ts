import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import {
  colourRoles,
  colours,
  fontFamily,
  fontSize,
  monospaceFamily,
  radius,
  space,
  type Scheme,
} from './tokens.ts';

const brand: MantineColorsTuple = [
  '#edf6f5',
  '#dfeeec',
  '#b7d9d6',
  '#8cc3be',
  '#5ba8a3',
  '#35908b',
  '#24807b',
  '#1a6e6b',
  '#0f5c5c',
  '#0a4545',
];
const gray: MantineColorsTuple = [
  '#f6f7f4',
  '#edf1ee',
  '#e2e8e4',
  '#d8dfdb',
  '#c3cdc9',
  '#9dacaa',
  '#73837f',
  '#4a5e62',
  '#2c4248',
  '#10262c',
];
const dark: MantineColorsTuple = [
  '#e7efed',
  '#c9d6d5',
  '#a8bbbb',
  '#718a8d',
  '#3b4f54',
  '#28393e',
  '#1a2b30',
  '#122125',
  '#0e1b1f',
  '#0b1619',
];

/** Mantine with our own scales; what pages use beyond it are the `--x-*` variables of `cssVariables`. */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 6 },
  autoContrast: true,
  colors: { brand, gray, dark },
  white: '#ffffff',
  black: colours.light.ink,
  fontFamily,
  fontFamilyMonospace: monospaceFamily,
  fontSizes: fontSize,
  lineHeights: { xs: '1.5', sm: '1.55', md: '1.65', lg: '1.65', xl: '1.5' },
  spacing: space,
  radius,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.3' },
      h2: { fontSize: '1.1875rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.5' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm', autosize: true, minRows: 3 } },
    Menu: { defaultProps: { shadow: 'md', withinPortal: true, transitionProps: { duration: 0 } } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
});

function variables(scheme: Scheme): Record<string, string> {
  const own = colours[scheme];
  return {
    ...Object.fromEntries(colourRoles.map((role) => [`--x-${kebab(role)}`, own[role]])),
    '--mantine-color-body': own.paper,
    '--mantine-color-text': own.ink,
    '--mantine-color-dimmed': own.muted,
    '--mantine-color-anchor': own.brand,
    '--mantine-color-error': own.danger,
    '--mantine-color-placeholder': own.muted,
    '--mantine-color-default': own.surface,
    '--mantine-color-default-hover': own.sunken,
    '--mantine-color-default-color': own.ink,
    '--mantine-color-default-border': own.outline,
    '--mantine-color-disabled': own.sunken,
    '--mantine-color-disabled-color': own.muted,
    '--mantine-color-brand-filled': own.brandFill,
    '--mantine-color-brand-filled-hover': scheme === 'light' ? '#0a4545' : '#1a6e6b',
    '--mantine-color-brand-light': own.brandSoft,
    '--mantine-color-brand-light-color': own.onBrandSoft,
    '--mantine-color-brand-outline': own.brand,
    '--mantine-color-red-filled': own.dangerFill,
    '--mantine-color-red-filled-hover': scheme === 'light' ? '#841c14' : '#a5271d',
    '--mantine-color-red-outline': own.danger,
    '--mantine-color-red-light-color': own.danger,
  };
}

/** The tokens as CSS variables: `brandSoft` is `--x-brand-soft`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables('light'),
  dark: variables('dark'),
});

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
