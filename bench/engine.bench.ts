// Load, select and aggregate on a generated star schema of 1M facts. Every answer is checked against plain loops before it is timed.
// npm run bench -- engine
import { createApp } from '@lichen/engine'
import { starSchema } from './star-schema.ts'

const rows = Number(process.env.LICHEN_BENCH_ROWS ?? 1_000_000)
const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const repeats = 15
const data = starSchema(rows, seed)

/** Median, lowest and highest of `repeats` runs in ms; `prepare` is not timed. */
function time(
  work: () => void,
  prepare: (run: number) => void = () => undefined,
): readonly [number, number, number] {
  const times: number[] = []
  for (let run = 0; run < repeats; run++) {
    prepare(run)
    const start = performance.now()
    work()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return [times[repeats >> 1] ?? 0, times[0] ?? 0, times[repeats - 1] ?? 0]
}

function report(name: string, [median, low, high]: readonly [number, number, number]): void {
  process.stdout.write(
    `${name.padEnd(48)}${median.toFixed(2).padStart(10)} ms  (${low.toFixed(2)} – ${high.toFixed(2)})\n`,
  )
}

function check(name: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(
      `${name}: ${JSON.stringify(actual)?.slice(0, 200)} is not ${JSON.stringify(expected)?.slice(0, 200)}`,
    )
  }
}

process.stdout.write(`${rows} facts, seed ${seed}, ${repeats} runs, medians (lowest – highest)\n`)
const start = performance.now()
const app = createApp({
  tables: { Sales: data.facts, Products: data.products, Customers: data.customers },
})
process.stdout.write(
  `${'load from arrays'.padEnd(48)}${(performance.now() - start).toFixed(0).padStart(10)} ms  (once)\n`,
)

/** Sum of amounts by category, for customers of a region or all. */
function expected(region: string | undefined): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>()
  for (let row = 0; row < rows; row++) {
    if (region !== undefined && data.customers.region[data.facts.customer[row] ?? 0] !== region)
      continue
    const category = data.products.category[data.facts.product[row] ?? 0] ?? ''
    sums.set(category, (sums.get(category) ?? 0) + (data.facts.amount[row] ?? 0))
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
}

const cube = app.cube({
  dimensions: ['category'],
  measures: ['Sum(amount)'],
  sort: [{ dimension: 0, by: 'text' }],
})
const answer = (): unknown =>
  cube
    .page()
    .map(([category, sum]): [string, number] => [category?.text ?? '', sum?.number ?? 0])
    .sort(([a], [b]) => (a < b ? -1 : 1))

check('no selection', answer(), expected(undefined))
const region = app.field('region')
region.select(['Region 3'])
check('Region 3', answer(), expected('Region 3'))
check(
  'total',
  app.evaluate('Sum(amount)').number,
  expected('Region 3').reduce((sum, [, amount]) => sum + amount, 0),
)

const names = Array.from({ length: 7 }, (_, index) => `Region ${index}`)
app.clear()
report(
  'Sum by category, no selection',
  time(() => void cube.page()),
)
report(
  'select a region, states of all fields',
  time(
    () => {
      for (const field of app.fields) app.field(field).counts()
    },
    (run) => {
      app.clear()
      region.select([names[run % 7] ?? ''])
      app.session.forgetInferences()
    },
  ),
)
report(
  'select a region, Sum by category',
  time(
    () => void cube.page(),
    (run) => {
      app.clear()
      region.select([names[run % 7] ?? ''])
      app.session.forgetInferences()
    },
  ),
)
report(
  'Sum(amount), one region',
  time(() => void app.evaluate('Sum(amount)')),
)
report(
  'Count(DISTINCT customer) by category',
  time(
    () =>
      void app.cube({ dimensions: ['category'], measures: ['Count(DISTINCT customer)'] }).page(),
  ),
)
const memory = app.memory()
process.stdout.write(`${JSON.stringify(memory).slice(0, 600)}\n`)
