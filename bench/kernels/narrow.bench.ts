// Very many rows of a narrow fact table: `LICHEN_BENCH_ROWS=100000000 npm run bench -- kernels narrow`.
// The sum is checked against a plain loop before the times are told.
import { createApp } from '@lichen/engine'
import { seededRandom } from '../data/random.ts'

const rows = Number(process.env.LICHEN_BENCH_ROWS ?? 10_000_000)
const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const customers = 200_000
const days = 2556
const regions = 7
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

const random = seededRandom(seed)
const facts = {
  customer: new Int32Array(rows),
  day: new Int32Array(rows),
  quantity: new Int32Array(rows),
}
/** What the selections below leave: region 3 in the third year. */
let expected = 0
for (let row = 0; row < rows; row++) {
  const customer = Math.floor(random() ** 2 * customers)
  const day = Math.floor(random() * days)
  const quantity = 1 + Math.floor(random() * 50)
  facts.customer[row] = customer
  facts.day[row] = day
  facts.quantity[row] = quantity
  if (customer % regions === 3 && Math.floor(day / 365) === 2) expected += quantity
}
const upTo = (count: number): Int32Array => Int32Array.from({ length: count }, (_, at) => at)

function timed<T>(what: string, run: () => T): T {
  const start = performance.now()
  const result = run()
  say(`${what.padEnd(42)} ${(performance.now() - start).toFixed(0).padStart(8)} ms`)
  return result
}

const app = timed(`load ${rows} rows`, () =>
  createApp({
    tables: {
      facts,
      customers: {
        customer: upTo(customers),
        region: Array.from(upTo(customers), (at) => `Region ${at % regions}`),
      },
      days: { day: upTo(days), year: upTo(days).map((day) => Math.floor(day / 365)) },
    },
  }),
)
const total = app.cube({ measures: ['Sum(quantity)'] })
const byBoth = app.cube({ dimensions: ['region', 'year'], measures: ['Sum(quantity)'] })
const states = (): unknown => app.fields.map((field) => app.field(field).counts())

timed('no selection: states of all fields', states)
timed('no selection: sum by region and year', () => byBoth.read())
timed('select a region, states', () => [app.field('region').select(['Region 3']), states()])
timed('select a year, states', () => [app.field('year').select([2]), states()])
const sum = timed('sum of what is left', () => total.read().totals[0]?.number)
timed('sum by region and year', () => byBoth.read())
if (sum !== expected) throw new Error(`the sum is ${sum}, not ${expected}`)

const { bytes, usage } = app.memory()
const gigabytes = (count: number): string => `${(count / 1e9).toFixed(2)} GB`
say(`data ${(bytes / rows).toFixed(1)} bytes a row, columns ${gigabytes(usage.columns ?? 0)}`)
say(`process at its largest ${gigabytes(process.resourceUsage().maxRSS * 1024)}, source included`)
