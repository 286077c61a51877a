import { defineConfig } from 'vite';

/** The dashboard: a page with files of its own beside it, because its Content-Security-Policy allows no inline script or style. */
export default defineConfig({
  root: 'src/dashboard',
  // The server writes where the page is into its own addresses; its scripts find one another.
  base: './',
  logLevel: 'warn',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2020',
    outDir: `${process.env.SWEEP_WEB_OUT ?? '../../built'}/dashboard`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
} as Parameters<typeof defineConfig>[0]);
