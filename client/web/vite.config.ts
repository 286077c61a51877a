import { defineConfig, type Plugin } from 'vite';

/** The bundle is inlined into a page: a closing tag inside it would end the element early. Fail the build rather than the page. */
function inlineable(): Plugin {
  const forbidden: Record<string, RegExp> = { '.js': /<\/script|<!--/i, '.css': /<\/style|<!--|@import|url\(\s*['"]?(?!data:|#)/i };
  return {
    name: 'inlineable',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const text = file.type === 'chunk' ? file.code : String(file.source);
        const rule = Object.entries(forbidden).find(([ending]) => file.fileName.endsWith(ending))?.[1];
        const hit = rule?.exec(text);
        if (hit) this.error(`${file.fileName} cannot be inlined: it contains ${hit[0]} at ${hit.index}`);
      }
    },
  };
}

export default defineConfig({
  plugins: [inlineable()],
  logLevel: 'warn',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2020',
    outDir: process.env.SWEEP_WEB_OUT ?? 'built',
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    lib: { entry: 'src/main.ts', name: 'SweepReport', formats: ['iife'], fileName: () => 'report.js', cssFileName: 'report' },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0]);
