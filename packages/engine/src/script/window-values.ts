import type { Accumulator } from '../aggregation/aggregation.ts'
import { throwIfCancelled } from '../base/cancellation.ts'
import type { Call, Expression } from '../expression/ast.ts'
import { rankValue } from '../expression/inter-record.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { sortOrder } from '../value/sort-order.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { accumulatorOf } from './aggregate-call.ts'
import { compileRow, ExtraSlots, extraField } from './compile-expression.ts'
import { replaceCalls } from './expression-tree.ts'
import { evaluateOnce } from './language.ts'
import { Record } from './record.ts'
import type { RunState } from './run-state.ts'
import { isTrue } from './values.ts'
import { isWindowRank, type WindowCall } from './window-call.ts'

type Columns = readonly (readonly Value[])[]
/** Values for all records, by the record. */
type Measure = (layout: Layout, columns: Columns) => readonly Value[]

/** How one window lies over the records. */
interface Layout {
  /** Records partition by partition, each in the order of the sort. */
  readonly order: Uint32Array
  /** For each place in `order`, where its partition starts and ends. */
  readonly start: Uint32Array
  readonly end: Uint32Array
  /** Records that count. */
  readonly counts: (record: number) => boolean
  /** The values sorted by, by the record; undefined without a sort. */
  readonly sorted: readonly Value[] | undefined
  /** Sliding from the row itself; undefined for the whole partition. */
  readonly slide: { readonly from: number; readonly to: number } | undefined
}

/**
 * Prepares one window: `place` asks for a column of an expression over the records and tells where it will be among the columns.
 * @throws StatementError `expression-invalid`
 */
export function windowValues(
  window: WindowCall,
  place: (ast: Expression) => number,
  state: RunState,
): (columns: Columns) => readonly Value[] {
  const measures: Measure[] = []
  const main = replaceCalls(window.main, (call) => {
    const measure = isWindowRank(call)
      ? rankMeasure(call, window, state)
      : aggregateMeasure(call, window, place, state)
    if (measure === undefined) return undefined
    measures.push(measure)
    return extraField(measures.length - 1, call.span)
  })
  const partitions = window.partitions.map(place)
  const sort = window.sort === undefined ? undefined : place(window.sort.by)
  const filter = window.filter === undefined ? undefined : place(window.filter)
  const slots = new ExtraSlots()
  slots.count = measures.length
  const record = new Record(0)
  const evaluate = compileRow({ ast: main, fragment: window.fragment }, [], slots, state).bind(
    record,
  )
  return (columns) => {
    const layout = layoutOf(window, columns, partitions, sort, filter, state)
    const values = measures.map((measure) => measure(layout, columns))
    return Array.from(layout.order, (_, row) => {
      for (const [index, own] of values.entries()) record.extras[index] = own[row] ?? null
      return evaluate()
    })
  }
}

function layoutOf(
  window: WindowCall,
  columns: Columns,
  partitions: readonly number[],
  sort: number | undefined,
  filter: number | undefined,
  state: RunState,
): Layout {
  const rows = columns[0]?.length ?? 0
  const groups = partitionsOf(
    partitions.map((column) => columns[column] ?? []),
    rows,
  )
  const sorted = sort === undefined ? undefined : columns[sort]
  const sign = window.sort?.descending === true ? -1 : 1
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) =>
      groups[a]! - groups[b]! ||
      (sorted === undefined ? 0 : sign * sortOrder(sorted[a] ?? null, sorted[b] ?? null)) ||
      a - b,
  )
  const start = new Uint32Array(rows)
  const end = new Uint32Array(rows)
  for (let from = 0; from < rows; ) {
    let to = from + 1
    while (to < rows && groups[order[to]!] === groups[order[from]!]) to += 1
    start.fill(from, from, to)
    end.fill(to, from, to)
    from = to
  }
  const filtered = filter === undefined ? undefined : columns[filter]
  return {
    order,
    start,
    end,
    sorted,
    counts: (record) =>
      filtered === undefined || isTrue(filtered[record] ?? null, state.space.settings),
    slide:
      window.from === undefined || window.to === undefined
        ? undefined
        : { from: edge(window.from, -1, window, state), to: edge(window.to, 1, window, state) },
  }
}

/** Numbers the combinations of values in order of appearance. */
function partitionsOf(columns: Columns, rows: number): Uint32Array {
  const known = new Map<string, number>()
  return Uint32Array.from({ length: rows }, (_, row) => {
    const key = JSON.stringify(
      columns.map((column) => {
        const value = column[row] ?? null
        return value === null || typeof value === 'string' ? value : numberOf(value)
      }),
    )
    const group = known.get(key) ?? known.size
    known.set(key, group)
    return group
  })
}

/** An edge of a sliding window in rows after the row itself; Unbounded() is the edge of the partition. */
function edge(ast: Expression, sign: 1 | -1, window: WindowCall, state: RunState): number {
  if (ast.kind === 'call' && ast.name.toLowerCase() === 'unbounded')
    return sign * Number.MAX_SAFE_INTEGER
  const { text, span } = window.fragment
  const number = numberOf(
    evaluateOnce(
      {
        text: text.slice(ast.span.start, ast.span.end),
        span: { start: span.start + ast.span.start, end: span.start + ast.span.end },
      },
      state,
    ),
  )
  return Number.isNaN(number) ? 0 : Math.trunc(number)
}

function aggregateMeasure(
  call: Call,
  window: WindowCall,
  place: (ast: Expression) => number,
  state: RunState,
): Measure | undefined {
  const make = () => accumulatorOf(call, window.fragment, state)
  if (make() === undefined) return undefined
  const args = call.args.map(place)
  return (layout, columns) => {
    const accumulator = make()
    return accumulator === undefined
      ? []
      : aggregated(
          accumulator,
          layout,
          args.map((column) => columns[column] ?? []),
          state,
        )
  }
}

/** One group per record when the window slides, else one per partition, numbered by its start. */
function aggregated(
  accumulator: Accumulator,
  layout: Layout,
  args: Columns,
  state: RunState,
): readonly Value[] {
  const { order, start, end, counts, slide } = layout
  const rows = order.length
  const feed = new Feed(accumulator, args)
  accumulator.resize(rows)
  for (let at = 0; at < rows; at++) {
    if (slide === undefined) {
      if (counts(order[at]!)) feed.add(start[at]!, order[at]!)
      continue
    }
    if (at % blockRows === 0) throwIfCancelled(state.cancellation)
    const last = Math.min(end[at]! - 1, at + slide.to)
    for (let near = Math.max(start[at]!, at + slide.from); near <= last; near++)
      if (counts(order[near]!)) feed.add(at, order[near]!)
  }
  feed.flush()
  const results = allOf(accumulator, rows)
  const values = new Array<Value>(rows).fill(null)
  for (let at = 0; at < rows; at++)
    values[order[at]!] = results[slide === undefined ? start[at]! : at] ?? null
  return values
}

/** Hands records to an accumulator block by block. */
class Feed {
  readonly #accumulator: Accumulator
  readonly #args: Columns
  readonly #vectors: readonly Vector[]
  readonly #groups = new Uint32Array(blockRows)
  #count = 0

  constructor(accumulator: Accumulator, args: Columns) {
    this.#accumulator = accumulator
    this.#args = args
    this.#vectors = args.map(() => new Vector())
  }

  add(group: number, record: number): void {
    for (let arg = 0; arg < this.#args.length; arg++)
      this.#vectors[arg]!.set(this.#count, this.#args[arg]![record] ?? null)
    this.#groups[this.#count++] = group
    if (this.#count === blockRows) this.flush()
  }

  flush(): void {
    this.#accumulator.add(this.#groups, this.#vectors, this.#count)
    this.#count = 0
  }
}

/** The results of all groups. */
export function allOf(accumulator: Accumulator, groups: number): Value[] {
  const out = new Vector()
  const values: Value[] = []
  for (let first = 0; first < groups; first += blockRows) {
    const count = Math.min(blockRows, groups - first)
    accumulator.write(out, first, count)
    for (let i = 0; i < count; i++) values.push(out.get(i))
  }
  return values
}

/** WRank([mode [, format]]): the place of a record in its partition by the sort; equal ones share it. */
function rankMeasure(call: Call, window: WindowCall, state: RunState): Measure {
  const [mode = 0, format = 0] = call.args.map((ast) => edge(ast, 1, window, state))
  return ({ order, start, end, counts, sorted }) => {
    const values = new Array<Value>(order.length).fill(null)
    const same = (a: number, b: number): boolean =>
      sorted === undefined || sortOrder(sorted[a] ?? null, sorted[b] ?? null) === 0
    for (let from = 0; from < order.length; from = end[from]!) {
      const ranked = Array.from(order.subarray(start[from]!, end[from]!)).filter(counts)
      for (let low = 0; low < ranked.length; ) {
        let high = low
        while (high + 1 < ranked.length && same(ranked[high + 1] ?? 0, ranked[low] ?? 0)) high += 1
        for (let at = low; at <= high; at++)
          values[ranked[at] ?? 0] = rankValue(
            { low: low + 1, high: high + 1, position: at - low },
            mode,
            format,
            ranked.length,
          )
        low = high + 1
      }
    }
    return values
  }
}
