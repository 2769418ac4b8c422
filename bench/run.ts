// The benchmark against the peers: `npm run bench`. Bundled with contender.ts into bench/peers, so that the peers are found.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPeers } from './runner/install.ts'
import { describeMachine } from './runner/machine.ts'
import { readOptions } from './runner/options.ts'
import { report } from './runner/report.ts'
import { runSuite, type SuiteResult } from './runner/suite.ts'
import { brushTasks, searchTasks, starTasks } from './workloads/suites.ts'
import type { Task } from './workloads/task.ts'

const built = dirname(fileURLToPath(import.meta.url))
const peersFolder = dirname(built)
const say = (line: string): boolean => process.stderr.write(`${line}\n`)
const options = readOptions(process.argv.slice(2), join(dirname(peersFolder), 'RESULTS.md'))
const missing = installPeers(peersFolder, say)
const common = { ...options, missing, script: join(built, 'contender.mjs'), say }
const wanted = (tasks: readonly Task[]): readonly Task[] =>
  tasks.filter(
    ({ family }) => options.only.length === 0 || options.only.some((part) => family.includes(part)),
  )

/** Peers that hold no more than this in reasonable time. */
const small = options.rows <= 1_000_000 ? ['arquero'] : []
const engines = options.quick
  ? ['duckdb-2', 'polars']
  : ['duckdb-2', 'duckdb-1', 'polars', 'duckdb-wasm', 'chdb', ...small]
const suites = [
  {
    set: 'star',
    setRows: options.rows,
    tasks: wanted(starTasks(options.rows, options.seed, options.quick ? 20 : 50)),
    candidates: engines,
    loads: options.rows > 2_000_000 ? 3 : options.rounds,
  },
  {
    set: 'wide',
    setRows: Math.min(options.rows, 1_000_000),
    tasks: wanted(brushTasks()),
    candidates: ['crossfilter'],
    loads: 1,
  },
  {
    set: 'names',
    setRows: 200_000,
    tasks: wanted(searchTasks()),
    candidates: engines,
    loads: 1,
  },
] as const

const results: SuiteResult[] = []
for (const suite of suites)
  if (suite.tasks.length > 0) results.push(await runSuite({ ...common, ...suite }))
const text = report(results, {
  machine: describeMachine(),
  date: new Date().toISOString().slice(0, 10),
  rounds: options.rounds,
  seed: options.seed,
})
process.stdout.write(`${text.slice(0, text.indexOf('## Every query'))}\n`)
if (options.out !== undefined) writeFileSync(options.out, text)
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(results))
