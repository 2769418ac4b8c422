// Single operations of the native face over a star in memory, each by itself: `npm run bench -- kernels operations`.
// Answers are checked against plain loops before anything is timed.
import { type App, createApp } from '@lichen/engine'
import Benchmark from 'benchmark'
import { generateStar, type Star } from '../data/star.ts'
import { columnsOf, type GeneratedTable } from '../data/table.ts'

const rows = Number(process.env.LICHEN_BENCH_ROWS ?? 1_000_000)
const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const star = generateStar(rows, seed)
const app: App = createApp({
  tables: Object.fromEntries(
    Object.values(star).map((table: GeneratedTable) => [table.name, columnsOf(table)]),
  ),
})
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

/** Sum of quantities by category, of one region or of all. */
function expected({ sales, products, customers }: Star, region?: string): Map<string, number> {
  const column = (table: GeneratedTable, field: string) => {
    const found = table.columns.find(({ name }) => name === field)
    if (found === undefined) throw new Error(`no column ${field}`)
    return found
  }
  const product = column(sales, 'product_key').values
  const customer = column(sales, 'cust_key').values
  const quantity = column(sales, 'quantity').values
  const category = column(products, 'category')
  const regions = column(customers, 'region')
  const sums = new Map<string, number>()
  for (let row = 0; row < sales.rows; row++) {
    const from = regions.texts[regions.values[customer[row] ?? 0] ?? 0]
    if (region !== undefined && from !== region) continue
    const name = category.texts[category.values[product[row] ?? 0] ?? 0] ?? ''
    sums.set(name, (sums.get(name) ?? 0) + (quantity[row] ?? 0))
  }
  return sums
}

const byCategory = app.cube({ dimensions: ['category'], measures: ['Sum(quantity)'] })

function check(region?: string): void {
  app.clear()
  if (region !== undefined) app.field('region').select([region])
  const want = expected(star, region)
  const got = byCategory.page()
  if (got.length !== want.size) throw new Error(`${got.length} categories, not ${want.size}`)
  for (const [category, sum] of got)
    if (want.get(category?.text ?? '') !== sum?.number)
      throw new Error(`${category?.text}: ${sum?.number}, not ${want.get(category?.text ?? '')}`)
}

check()
check('Asia')

let turn = 0
const next = (of: number): number => turn++ % of
const regions = ['Africa', 'America', 'Asia', 'Europe', 'Oceania']

/** Takes turns over the regions and forgets what followed from earlier ones. */
function selectRegion(): void {
  app.field('region').select([regions[next(regions.length)] ?? ''])
  app.session.forgetInferences()
}

function cleared(work: () => unknown): () => void {
  return () => {
    app.session.forgetInferences()
    work()
  }
}

const suite = new Benchmark.Suite()
suite.add(
  'select a region, states of all fields',
  cleared(() => {
    selectRegion()
    for (const field of app.fields) app.field(field).counts()
  }),
)
suite.add(
  'select a region, Sum by category',
  cleared(() => {
    selectRegion()
    byCategory.read()
  }),
)
suite.add(
  'select 100 of the products, states of all fields',
  cleared(() => {
    const first = next(50)
    app.field('product_key').select(Array.from({ length: 100 }, (_, at) => first + at * 150))
    for (const field of app.fields) app.field(field).counts()
    app.field('product_key').clear()
  }),
)
for (const expression of [
  'Sum(price)',
  'Count(DISTINCT cust_key)',
  "Sum(If(status='open', price))",
])
  suite.add(
    expression,
    cleared(() => app.evaluate(expression)),
  )
suite.add(
  'list of brands with frequencies, first page',
  cleared(() => app.field('brand').list({ frequency: 'value', height: 50 })),
)
suite.add(
  'search in brands',
  cleared(() => app.field('brand').search('*7*')),
)

say(`${rows} sales, seed ${seed}; mean time, relative margin of error, samples`)
suite.on('cycle', ({ target }: Benchmark.Event) => {
  const { name, stats } = target
  if (name === undefined || stats === undefined) return
  const time = `${(stats.mean * 1000).toFixed(3)} ms`
  say(`${name.padEnd(52)}${time.padStart(14)}  ±${stats.rme.toFixed(1)} %  ${stats.sample.length}`)
})
suite.run()
