/**
 * How the phone app is built: one page, one engine (the database's thread), one service worker. It is served under
 * /app/ and talks to /api/ of the same server.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as gzipped, type BrotliOptions, type ZlibOptions } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import packageJson from '../package.json' with { type: 'json' };
import type { AppWords } from './src/i18n/languages';

/** SQLite's own start file; the package's front page would also bring a second worker that nobody uses. */
const SQLITE = `${import.meta.dirname}/../node_modules/@evolu/sqlite-wasm/sqlite-wasm/jswasm/sqlite3-bundler-friendly.mjs`;

const brotli = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);
const gzip = promisify<Buffer, ZlibOptions, Buffer>(gzipped);
const COMPRESSED = /\.(js|css|html|svg|wasm|webmanifest)$/;

/** Lays every file down compressed too, so that the server need not: `x.js.br`, `x.js.gz`. */
function compressed(folder: string): Plugin {
  return {
    name: 'hodi-compressed',
    apply: 'build',
    enforce: 'post',
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
        const plain = files.filter((file) => COMPRESSED.test(file) && statSync(file).isFile());
        // Not one after the other: each is packed on a thread of its own.
        await Promise.all(
          plain.map(async (file) => {
            const content = readFileSync(file);
            const [br, gz] = await Promise.all([
              brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
              gzip(content, { level: 9 }),
            ]);
            writeFileSync(`${file}.br`, br);
            writeFileSync(`${file}.gz`, gz);
          }),
        );
      },
    },
  };
}

/** What the app says by itself, of the country pack that it is built for (hodi/sync/app_words.py). */
const WORDS = process.env['HODI_WORDS'] ?? join(import.meta.dirname, '../build/words.json');

/** Where the app is laid down: the folder that the server is told of by the same name. */
const APP = process.env['HODI_APP'] ?? join(import.meta.dirname, 'dist');
const words = existsSync(WORDS) ? (JSON.parse(readFileSync(WORDS, 'utf8')) as AppWords) : undefined;
const first = words?.languages[0];
const says = words?.words[first?.code ?? '']?.['app.says'] ?? '';

/** The front page in the default language: what a screen reader and an installer read before the app runs. */
const spoken: Plugin = {
  name: 'hodi-spoken',
  buildStart() {
    if (!first) throw new Error('build/words.json is missing. Write it with: .venv/bin/python -m hodi pack build');
  },
  transformIndexHtml: (page) =>
    page
      .replace('%language%', first?.code ?? '')
      .replace('%direction%', first?.direction ?? 'ltr')
      .replace('%says%', () => says),
};

const CARRIED = process.env['HODI_APP'] ? join(APP, '../carried.json') : join(import.meta.dirname, '../build/carried.json');
const names = new Set<string>(); // of the page's bundle and the engine's together

/** Notes which packages of others the app carries, for the list of licences (docs/licences.py). */
function carried(file: string): Plugin {
  return {
    name: 'hodi-carried',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.type === 'chunk' ? chunk.moduleIds : []) {
          const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
          if (name) names.add(name);
        }
      }
    },
    closeBundle() {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify([...names].sort()));
    },
  };
}

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  base: '/app/',
  define: { __APP_VERSION__: JSON.stringify(packageJson.version) },
  resolve: {
    alias: [
      { find: 'virtual:hodi-words', replacement: WORDS },
      ...(mode === 'test' ? [] : [{ find: /^@evolu\/sqlite-wasm$/, replacement: SQLITE }]),
    ],
  },
  plugins: [
    svelte(),
    spoken,
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      includeAssets: ['icons/*'],
      manifest: {
        id: '/app/',
        name: 'Hodi',
        short_name: 'Hodi',
        description: says,
        lang: first?.code ?? '',
        dir: first?.direction ?? 'ltr',
        start_url: '/app/',
        scope: '/app/',
        display: 'standalone',
        orientation: 'portrait',
        background_color: '#f5f3ee',
        theme_color: '#0b5d4b',
        categories: ['health', 'medical'],
        icons: [
          { src: 'icons/hodi-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icons/hodi-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icons/hodi-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: 'icons/hodi.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,svg,png,wasm,webmanifest}'],
        globIgnores: ['**/*opfs-async-proxy*'],
        maximumFileSizeToCacheInBytes: 3_000_000,
        navigateFallback: '/app/index.html',
        navigateFallbackAllowlist: [/^\/app\//],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
        inlineWorkboxRuntime: true,
      },
    }),
    carried(CARRIED),
    compressed(APP),
  ],
  build: { target: 'es2022', outDir: APP, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: { format: 'es', plugins: () => [carried(CARRIED)] },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['phone/tests/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2, // on two cores one would be the default
  },
}));
