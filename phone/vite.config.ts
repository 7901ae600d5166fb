import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte()],
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true },
  worker: { format: 'es' },
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['phone/tests/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
