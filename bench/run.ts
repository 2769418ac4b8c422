// The benchmark against the peers: `npm run bench`. Bundled with contender.ts into bench/peers, so that the peers are found.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPeers } from './runner/install.ts'
import { describeMachine } from './runner/machine.ts'
import { readOptions } from './runner/options.ts'
import { expressionsReport, report, shapesReport } from './runner/report.ts'
import { writeSections } from './runner/sections.ts'
import { runSuite, type SuiteOptions, type SuiteResult } from './runner/suite.ts'
import { expressionTasks } from './workloads/expressions.ts'
import { shapes, shapeTasks } from './workloads/shapes.ts'
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
type Suite = Pick<SuiteOptions, 'set' | 'setRows' | 'tasks' | 'candidates' | 'loads'>

const ofTheStar = (): readonly Suite[] => [
  {
    set: 'star',
    setRows: options.rows,
    tasks: wanted(starTasks(options.rows, options.seed, options.quick ? 20 : 50)),
    candidates: engines,
    loads: options.rows > 2_000_000 ? 3 : options.rounds,
  },
  {
    set: 'wide',
    setRows: options.rows,
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
]

/** Peers whose statements follow keys through any tables. */
const joiners = ['duckdb-2', 'duckdb-1', 'duckdb-wasm']
const ofShapes = (): readonly Suite[] =>
  shapes.map((set) => {
    const setRows = Math.min(options.rows, 1_000_000)
    const tasks = wanted(shapeTasks(set, setRows, options.seed, options.quick ? 5 : 15))
    return { set, setRows, tasks, candidates: joiners, loads: 3 }
  })

const ofExpressions = (): readonly Suite[] => [
  {
    set: 'star',
    setRows: options.rows,
    tasks: wanted(expressionTasks()),
    candidates: ['duckdb-2', 'duckdb-1'],
    loads: 1,
  },
]

const [suites, reported] = options.shapes
  ? [ofShapes(), shapesReport]
  : options.expressions
    ? [ofExpressions(), expressionsReport]
    : [ofTheStar(), report]
const results: SuiteResult[] = []
for (const suite of suites)
  if (suite.tasks.length > 0) results.push(await runSuite({ ...common, ...suite }))
const text = reported(results, {
  machine: describeMachine(),
  date: new Date().toISOString().slice(0, 10),
  rounds: options.rounds,
  seed: options.seed,
})
process.stdout.write(`${text.split(/^#+ Every query/m, 1)[0]}\n`)
if (options.out !== undefined) writeSections(options.out, text)
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(results))
