import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything in files of our own, so that the page's policy may allow nothing else; scripts by page, looks of all pages at once. */
export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: { assetsInlineLimit: 0, cssCodeSplit: false, modulePreload: { polyfill: false }, outDir: 'dist', emptyOutDir: true },
});
