import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    qix: 'src/qix/index.ts',
    snapshot: 'src/app/index.ts',
    threads: 'src/threads/index.ts',
  },
  format: ['esm'],
  target: 'es2022',
  // Of Node only the threads know.
  dts: { compilerOptions: { ignoreDeprecations: '6.0', types: ['node'] } },
  sourcemap: true,
  clean: true,
})
