import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    node: 'src/node/index.ts',
    qvd: 'src/qvd/index.ts',
    parquet: 'src/parquet/index.ts',
    json: 'src/json/index.ts',
    xlsx: 'src/xlsx/index.ts',
    delimited: 'src/delimited/index.ts',
  },
  format: ['esm'],
  target: 'es2022',
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  clean: true,
})
