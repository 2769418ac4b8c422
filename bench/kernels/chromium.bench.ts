// The engine in a Web Worker of headless Chromium, with and without cross-origin isolation, beside the same in Node:
// `npm run bench -- kernels chromium`. Answers are compared with Node's before times are told.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folderReader } from '@lichen/loader/node'
import { type Browser, chromium } from 'playwright'
import { build } from 'vite'
import type { WorkerReply } from '../chromium-worker.ts'
import { dataFolder } from '../data/files.ts'
import { difference } from '../runner/compare.ts'
import { markdownTable, short } from '../runner/report.ts'
import { measurePasses, type Passes } from './passes.ts'
import { publish } from './publish.ts'
import { openSite } from './site.ts'

const rows = Number(process.env.LICHEN_BENCH_ROWS ?? 1_000_000)
const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const worker = 'chromium-worker'
const patience = 600_000
const bench = dirname(dirname(fileURLToPath(import.meta.url)))
const star = dataFolder('star', rows, seed)
const wide = dataFolder('wide', Math.min(rows, 1_000_000), seed)

/** Bundles the worker as any page would. */
async function bundle(outDir: string): Promise<void> {
  await build({
    root: bench,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      minify: false,
      target: 'es2022',
      rollupOptions: {
        input: join(bench, `${worker}.ts`),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
}

/** In a page and a worker of their own. @throws Error with the worker's words */
async function measureIn(browser: Browser, built: string, isIsolated: boolean): Promise<Passes> {
  const site = await openSite(`${worker}.js`, { '': built, star, wide }, isIsolated)
  const page = await browser.newPage()
  try {
    page.setDefaultTimeout(patience)
    await page.goto(`${site.origin}/?rows=${rows}&seed=${seed}`)
    if ((await page.evaluate<boolean>('crossOriginIsolated')) !== isIsolated)
      throw new Error(`the page is ${isIsolated ? 'not ' : ''}isolated`)
    const reply = await page.evaluate<WorkerReply>('reply')
    if ('error' in reply) throw new Error(reply.error)
    return reply.passes
  } finally {
    await page.close()
    site.close()
  }
}

function check(where: string, expected: Passes, found: Passes): void {
  for (const [task, answer] of Object.entries(expected.answers)) {
    const words = difference(answer, found.answers[task] ?? {})
    if (words !== null) throw new Error(`${task} is answered otherwise in ${where}: ${words}`)
  }
}

function lines(version: string, node: Passes, isolated: Passes, plain: Passes): readonly string[] {
  const clock = ({ clock: step }: Passes): string => `${Math.round(step * 1000)} µs`
  return [
    `Star of ${rows.toLocaleString('en')} rows, seed ${seed}; Chromium ${version}, headless, engine in a Web Worker; wall time in ms, means over a family, medians over rounds. The clock moves by ${clock(isolated)} with cross-origin isolation and ${clock(plain)} without. Ratio = Node / Chromium.`,
    '',
    ...markdownTable(
      ['what', 'Node', 'isolated', 'not isolated', 'ratio isolated', 'ratio not isolated'],
      Object.entries(node.times).map(([what, ms]) => {
        const [shared, alone] = [
          isolated.times[what] ?? Number.NaN,
          plain.times[what] ?? Number.NaN,
        ]
        return [what, ...[ms, shared, alone, ms / shared, ms / alone].map(short)]
      }),
    ),
  ]
}

async function measure(browser: Browser): Promise<void> {
  const built = mkdtempSync(join(tmpdir(), 'lichen-chromium-'))
  try {
    await bundle(built)
    const reader = (root: string) => folderReader({ root })
    const node = await measurePasses({ star, wide, reader }, rows, seed)
    const isolated = await measureIn(browser, built, true)
    check('Chromium, isolated', node, isolated)
    const plain = await measureIn(browser, built, false)
    check('Chromium', node, plain)
    publish('Chromium', lines(browser.version(), node, isolated, plain))
  } finally {
    rmSync(built, { recursive: true, force: true })
  }
}

if (!existsSync(executablePath))
  process.stdout.write(`Chromium: not run: there is none at ${executablePath}; set CHROMIUM_PATH\n`)
else {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    await measure(browser)
  } finally {
    await browser.close()
  }
}
