import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The console: `src/web` with the pages of every context, served below `/console/`. `scripts/build-console.ts` compiles
 * the messages into `.cache/messages` first. The server puts the nonce of each answer in the place of `__CSP_NONCE__`.
 */
export default defineConfig({
  root: at('src/web'),
  base: '/console/',
  publicDir: at('src/web/public'),
  cacheDir: at('.cache/vite'),
  logLevel: 'warn',
  html: { cspNonce: '__CSP_NONCE__' },
  resolve: {
    alias: {
      typebox: at('src/web/client/inert-schema.ts'),
      'virtual:messages': at('.cache/messages/messages.js'),
      'virtual:language': at('.cache/messages/runtime.js'),
    },
  },
  build: {
    outDir: at('dist/console.new'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Every file of the kit says "use client"; that is for servers that render it.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
