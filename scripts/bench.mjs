// Bundles each bench from source (types stripped, nothing else changed) and runs it in its own process.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { attempt, root } from './setup.mjs'

const wanted = process.argv[2] ?? ''
const names = readdirSync(join(root, 'bench')).filter(
  (file) => file.endsWith('.bench.ts') && file.includes(wanted),
)
const out = mkdtempSync(join(root, 'bench', '.run-'))
let failed = 0
try {
  for (const name of names) {
    await build({
      root: join(root, 'bench'),
      configFile: false,
      logLevel: 'warn',
      ssr: {
        resolve: { conditions: ['@lichen/source', 'module', 'node'] },
        noExternal: [/^@lichen\//],
      },
      build: {
        ssr: name,
        outDir: out,
        emptyOutDir: false,
        minify: false,
        rollupOptions: { output: { entryFileNames: '[name].mjs' } },
      },
    })
    failed += attempt(process.execPath, ['--expose-gc', join(out, name.replace('.ts', '.mjs'))])
  }
} finally {
  rmSync(out, { recursive: true, force: true })
}
process.exit(failed === 0 ? 0 : 1)
