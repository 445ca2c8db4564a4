import optimizeLocales from '@react-aria/optimize-locales-plugin'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const gateway = process.env['PODIUM_URL'] ?? 'http://127.0.0.1:8080'
const proxied = { target: gateway, ws: true, changeOrigin: true }

export default defineConfig({
  // Relative asset paths: index.html carries <base href>, so a gateway behind a path prefix has one tag to rewrite.
  base: './',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true }),
    react(),
    // The page is in English so far; React Aria would otherwise ship its strings in thirty languages.
    { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' },
  ],
  build: {
    outDir: fileURLToPath(new URL('../gateway/app/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // A data: URL would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // GraphiQL is one large chunk, loaded by nothing else.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'],
      output: {
        strictExecutionOrder: true,
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        // Left alone, what pages share lies in a hundred small files, of which a browser asks for six at a time.
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              // What draws graphs or edits dependencies stays apart: put together with small parts, it would come
              // with every page.
              test: /\/ui\/src\/(?!graph\/|features\/lineage\/|features\/dependencies\/)|lucide-react|react-aria|react-stately|@internationalized|@tanstack|clsx|use-sync/,
              entriesAware: true,
              entriesAwareMergeThreshold: 20_000,
              minShareCount: 3,
            },
          ],
        },
      },
      // GraphiQL's own hints to a compiler that does not run here.
      onLog: (level, log, handler) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log)
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/graphql': proxied, '/api': proxied, '/healthz': proxied, '/readyz': proxied },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./test/setup.ts'],
    restoreMocks: true,
    // Much runs beside these tests: how long one takes says nothing about it.
    testTimeout: 60_000,
    // What a test leaves behind, setup.ts removes: a document for each file would be four fifths of the time.
    isolate: false,
    // One instance of graphql, not its CommonJS and its module form side by side.
    server: { deps: { inline: [/graphql/] } },
  },
})
