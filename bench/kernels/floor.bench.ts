// The loops over most rows against plain loops in C over the same arrays: `npm run bench -- kernels floor`. Ours are called as a query
// calls them and make their result anew each time. Answers are compared before times are told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
// From source, so that there is one engine here: what the functions below read is what this app wrote.
import { type App, createApp } from '../../packages/engine/src/index.ts'
import { codesInRows, countCodes } from '../../packages/engine/src/inference/row-codes.ts'
import { rowsOfCodes } from '../../packages/engine/src/inference/row-filter.ts'
import { Rows } from '../../packages/engine/src/inference/rows.ts'
import { Bitset } from '../../packages/engine/src/storage/bitset.ts'
import type { Codes, Column } from '../../packages/engine/src/storage/column.ts'
import { arenaOf } from '../../packages/engine/src/wasm/arena.ts'
import {
  chunkNumber,
  chunksOfAll,
  Program,
  recordCount,
} from '../../packages/engine/src/wasm/program.ts'
import { seededRandom } from '../data/random.ts'
import { generateStar } from '../data/star.ts'
import { columnsOf } from '../data/table.ts'
import { markdownTable, short } from '../runner/report.ts'
import { geometricMean, summarize } from '../runner/statistics.ts'
import { Native, type NativeCase } from './native.ts'
import { publish } from './publish.ts'

const rows = Number(process.env.LICHEN_BENCH_ROWS ?? 1_000_000)
const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const target = 2.2
const turns = 3
const rounds = 15

interface Case extends NativeCase {
  readonly name: string
  /** The whole answer, as the kernel in C gives it. */
  answer(): ArrayLike<number>
  /** What is timed. */
  run(): unknown
}

const random = seededRandom(seed)
const { sales } = generateStar(rows, seed)
const app: App = createApp({ tables: { sales: columnsOf(sales) } })

/** A column of the sales, its codes in one piece and how many codes there are. */
function columnOf(field: string): { column: Column; codes: Codes; size: number } {
  const { index, symbols } = app.session.field(field)
  const column = app.session.view.tables[0]?.columns.get(index)
  if (column === undefined) throw new Error(`no column ${field}`)
  const pieces = column.segments.map((segment) => segment.codes)
  const [first] = pieces
  if (first === undefined || pieces.length > 1) throw new Error(`${field} is in several pieces`)
  return { column, codes: first, size: symbols.count + 1 }
}

/** A share of the numbers from `first` to size - 1, drawn. */
function drawnSet(first: number, size: number, share: number): Bitset {
  const set = new Bitset(size)
  for (let member = first; member < size; member++) if (random() < share) set.add(member)
  return set
}

const possible = drawnSet(0, rows, 0.3)
/** A set of its own for every run, as after a click: nothing was read through it yet. */
const freshRows = (): Rows => new Rows(rows, possible.clone())
const list = possible.toArray()
const bitsOf = ({ codes }: { readonly codes: Codes }): string =>
  `${codes.BYTES_PER_ELEMENT * 8} bit`

function filtering(field: string): Case {
  const from = columnOf(field)
  const set = drawnSet(1, from.size, 0.5)
  const run = (): Rows => rowsOfCodes(from.column, set)
  return {
    name: `value set → rows, ${bitsOf(from)}`,
    kernel: 'filter',
    codes: from.size,
    inputs: [from.codes, set.words],
    answer: () => run().bits.words.slice(),
    run: () => run().letGo(),
  }
}

function seeing(field: string): Case {
  const from = columnOf(field)
  const run = (): Bitset => codesInRows(from.column, freshRows(), from.size)
  return {
    name: `rows → values seen, ${bitsOf(from)}`,
    kernel: 'seen',
    codes: from.size,
    inputs: [from.codes, possible.words],
    answer: () => run().words,
    run,
  }
}

function counting(field: string, some: boolean): Case {
  const from = columnOf(field)
  const run = (): Uint32Array => countCodes(from.column, some ? freshRows() : null, from.size)
  return {
    name: `${some ? 'rows' : 'all rows'} → counts, ${bitsOf(from)}`,
    kernel: 'counts',
    codes: from.size,
    inputs: [from.codes, some ? possible.words : new Uint32Array()],
    answer: run,
    run,
  }
}

function gathering(field: string): Case {
  const from = columnOf(field)
  const arena = arenaOf(from.codes.buffer)
  if (arena === undefined) throw new Error(`no kernel reads ${field}`)
  const width = from.codes.BYTES_PER_ELEMENT
  const found = from.codes.slice(0, list.length)
  const run = (read: (at: number) => void = () => {}): void =>
    arena.borrow(() => {
      const program = new Program(arena, chunksOfAll(arena, list.length))
      const rowsAt = { base: arena.table(list), stride: 4, of: chunkNumber.record }
      const out = { base: arena.take(found.byteLength), stride: width, of: chunkNumber.record }
      program.call(`gather${width * 8}`, { base: from.codes.byteOffset }, rowsAt, recordCount, out)
      program.run()
      read(out.base)
    })
  return {
    name: `gather, ${bitsOf(from)}`,
    kernel: 'gather',
    codes: from.size,
    inputs: [from.codes, list],
    answer: () => {
      const bytes = new Uint8Array(found.buffer, found.byteOffset, found.byteLength)
      run((at) => bytes.set(new Uint8Array(arena.buffer, at, bytes.length)))
      return found
    },
    run: () => run(),
  }
}

/** Through the whole of a cube: groups, cells and all. */
function summing(group: string, value: string): Case {
  const groups = columnOf(group)
  const values = columnOf(value)
  const { symbols } = app.session.field(value)
  const numbers = Float64Array.from({ length: values.size }, (_, code) =>
    code === 0 ? 0 : symbols.numberAt(code - 1),
  )
  const cube = app.cube({ dimensions: [group], measures: [`Sum(${value})`] })
  return {
    name: `cube: sum of ${bitsOf(values)} by ${bitsOf(groups)}`,
    kernel: 'sums',
    codes: groups.size,
    inputs: [groups.codes, values.codes, numbers],
    answer: () => {
      const sums = new Float64Array(groups.size)
      for (const [dimension, sum] of cube.page(0, groups.size))
        sums[(dimension?.element ?? -1) + 1] = sum?.number ?? Number.NaN
      return sums
    },
    run: () => {
      app.session.forgetInferences()
      return cube.read()
    },
  }
}

function check({ name }: Case, ours: ArrayLike<number>, theirs: ArrayLike<number>): void {
  if (ours.length !== theirs.length)
    throw new Error(`${name}: ${ours.length} numbers, not ${theirs.length}`)
  for (let i = 0; i < ours.length; i++) {
    const [our, their] = [ours[i] ?? 0, theirs[i] ?? 0]
    // Sums are added in another order.
    if (!(Math.abs(our - their) <= 1e-9 * Math.max(Math.abs(our), Math.abs(their))))
      throw new Error(`${name}: at ${i} ${our}, not ${their}`)
  }
}

function median(run: () => unknown): number {
  const times = Array.from({ length: rounds + 3 }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return summarize(times.slice(3)).median
}

/** Both sides take turns, so that a slow minute hits both. */
function measure(native: Native): readonly string[] {
  const cases = [
    ...['quantity', 'product_key', 'price'].map(filtering),
    ...['product_key', 'price'].map(seeing),
    counting('quantity', false),
    ...['product_key', 'price'].map((field) => counting(field, true)),
    ...['quantity', 'product_key', 'price'].map(gathering),
    summing('ship_mode', 'quantity'),
    summing('product_key', 'price'),
  ]
  native.prepare(cases)
  const theirs: number[][] = cases.map(() => [])
  const ours: number[][] = cases.map(() => [])
  for (let turn = 0; turn < turns; turn++) {
    native.run(rounds).forEach(({ ms, answer }, at) => {
      const own = cases[at]
      if (turn === 0 && own !== undefined) check(own, own.answer(), answer)
      theirs[at]?.push(ms)
    })
    cases.forEach(({ run }, at) => {
      ours[at]?.push(median(run))
    })
  }
  const found = cases.map(({ name }, at) => {
    const [our, their] = [summarize(ours[at] ?? []).median, summarize(theirs[at] ?? []).median]
    return { name, our, their, ratio: our / their }
  })
  const ratios = found.map(({ ratio }) => ratio)
  return [
    `${rows.toLocaleString('en')} rows, seed ${seed}; native: ${native.compiler}, \`-O3 -march=native\`. Ratio = ours / native, at most ${target} wanted: geometric mean ${short(geometricMean(ratios))}, largest ${short(Math.max(...ratios))}, ${ratios.filter((ratio) => ratio > target).length} of ${ratios.length} above.`,
    '',
    ...markdownTable(
      ['kernel', 'ratio', 'Lichen ms', 'native ms'],
      found.map(({ name, our, their, ratio }) => [name, short(ratio), short(our), short(their)]),
    ),
  ]
}

const folder = mkdtempSync(join(tmpdir(), 'lichen-floor-'))
try {
  const source = join(dirname(dirname(fileURLToPath(import.meta.url))), 'kernels', 'floor.c')
  const native = Native.compile(source, folder)
  if (typeof native === 'string')
    process.stdout.write(`Distance to the limit: not run: ${native}\n`)
  else publish('Distance to the limit', measure(native))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
