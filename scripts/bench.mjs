// `npm run bench`: builds what is measured, bundles the runner (types stripped, nothing else changed) and runs it against the peers.
// `npm run bench -- kernels [name]` runs the measurements of single operations instead.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { attempt, ensurePackages, must, root } from './setup.mjs'

const bench = join(root, 'bench')
const [first, ...rest] = process.argv.slice(2)
ensurePackages()
must('npx', ['turbo', 'run', 'build', '--filter=@lichen/loader', '--output-logs=errors-only'])
process.exit(await (first === 'kernels' ? runKernels(rest[0] ?? '') : runAgainstPeers()))

/** @returns {Promise<number>} the exit code */
async function runAgainstPeers() {
  return bundled(join(bench, 'peers', '.run-'), ['run.ts', 'contender.ts'], (out) =>
    attempt(process.execPath, [join(out, 'run.mjs'), ...process.argv.slice(2)]),
  )
}

/** @param {string} wanted part of the name of a file @returns {Promise<number>} the exit code */
async function runKernels(wanted) {
  const names = readdirSync(join(bench, 'kernels')).filter(
    (file) => file.endsWith('.bench.ts') && file.includes(wanted),
  )
  return bundled(
    join(bench, '.run-'),
    names.map((name) => join('kernels', name)),
    (out) => {
      let failed = 0
      for (const name of names)
        failed += attempt(process.execPath, ['--expose-gc', join(out, name.replace('.ts', '.mjs'))])
      return failed === 0 ? 0 : 1
    },
  )
}

/**
 * @param {string} prefix of the folder the bundles lie in while they run
 * @param {readonly string[]} entries below bench
 * @param {(out: string) => number} use
 * @returns {Promise<number>}
 */
async function bundled(prefix, entries, use) {
  const out = mkdtempSync(prefix)
  try {
    await build({
      root: bench,
      configFile: false,
      logLevel: 'warn',
      ssr: { external: true },
      build: {
        ssr: true,
        outDir: out,
        emptyOutDir: false,
        minify: false,
        rollupOptions: {
          input: entries.map((entry) => join(bench, entry)),
          output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
        },
      },
    })
    return use(out)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
