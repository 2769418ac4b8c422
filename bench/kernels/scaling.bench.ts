// How times grow with the rows and with the selected fields: `npm run bench -- kernels scaling`. Prints medians and draws scaling.svg.
// Every answer is checked for its size before it is timed.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type App, createApp } from '@lichen/engine'
import { folderReader } from '@lichen/loader/node'
import { dataFolder } from '../data/files.ts'
import { drawLines, type Line } from '../runner/lines.ts'
import { summarize } from '../runner/statistics.ts'
import { allFields } from '../workloads/schema.ts'
import { twelveSelections } from '../workloads/selections.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const sizes = [125_000, 250_000, 500_000, 1_000_000, 2_000_000]
const rounds = 9
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

const tables = ['sales', 'customers', 'products', 'suppliers', 'dates']
const script = tables
  .map((table) => `${table}: LOAD * FROM [${table}.csv] (txt, utf8, embedded labels);`)
  .join('\n')

const open = (rows: number): Promise<App> =>
  createApp({ script, reader: folderReader({ root: dataFolder('star', rows, seed) }) })

/** Median of some rounds in ms; `prepare` is not timed. */
function median(prepare: () => void, run: () => void): number {
  const times = Array.from({ length: rounds + 3 }, () => {
    prepare()
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return summarize(times.slice(3)).median
}

const statesOf = (app: App): void => {
  const inference = app.session.inference()
  for (const field of allFields) inference.states(app.session.field(field).index)
}

function forget(app: App): void {
  app.clear()
  app.session.forgetInferences()
}

function byRows(app: App, rows: number): Readonly<Record<string, number>> {
  const cube = app.cube({ dimensions: ['region', 'year'], measures: ['Sum(price)'] })
  if (cube.read().rows !== 35) throw new Error('5 regions and 7 years make 35 rows')
  const clicks = twelveSelections(rows).map(({ selections }) =>
    median(
      () => forget(app),
      () => {
        for (const { field, values } of selections) app.field(field).select(values)
        statesOf(app)
      },
    ),
  )
  return {
    'twelve selections, states of 26 fields': clicks.reduce((sum, time) => sum + time, 0),
    'region x year': median(
      () => forget(app),
      () => cube.read(),
    ),
  }
}

/** Broad selections, so that rows are left whatever is selected. */
const broad = [
  ['status', ['closed', 'open']],
  ['year', [1993, 1994, 1995, 1996]],
  ['ship_mode', ['air', 'rail', 'ship']],
  ['segment', ['Home', 'Office', 'Retail']],
  ['region', ['Asia', 'Europe', 'America']],
] as const

function byFields(app: App): readonly number[] {
  return broad.map((_, last) =>
    median(
      () => forget(app),
      () => {
        for (const [field, values] of broad.slice(0, last + 1)) app.field(field).select(values)
        statesOf(app)
      },
    ),
  )
}

const lines = new Map<string, [number, number][]>()
let fields: readonly number[] = []
for (const rows of sizes) {
  const app = await open(rows)
  for (const [name, time] of Object.entries(byRows(app, rows))) {
    say(`${String(rows).padStart(9)} rows  ${name.padEnd(40)} ${time.toFixed(2).padStart(8)} ms`)
    lines.set(name, [...(lines.get(name) ?? []), [rows, time]])
  }
  if (rows === 1_000_000) fields = byFields(app)
  app.close()
}
fields.forEach((time, at) => {
  say(`${at + 1} selected fields, 1,000,000 rows, states of 26 fields ${time.toFixed(2)} ms`)
})
for (const [name, points] of lines) {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) continue
  const power = Math.log(last[1] / first[1]) / Math.log(last[0] / first[0])
  say(`${name}: time grows as rows to the power ${power.toFixed(2)}`)
}
const drawn: Line[] = [...lines].map(([name, points]) => ({ name, points }))
const svg = drawLines({ title: 'Time by rows of the star', x: 'rows', y: 'ms', lines: drawn })
writeFileSync(join(dirname(dirname(fileURLToPath(import.meta.url))), 'scaling.svg'), svg)
