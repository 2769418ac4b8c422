import { defineConfig } from 'vite'

export default defineConfig({
  resolve: { conditions: ['@lichen/source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: { target: 'es2022', sourcemap: true, chunkSizeWarningLimit: 4000 },
})
