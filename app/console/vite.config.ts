import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything in files of our own, so that the page's policy may allow nothing else. */
export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, outDir: 'dist', emptyOutDir: true },
});
