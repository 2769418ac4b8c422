import type { CellOrder, Lines } from '../grouping/cell-order.ts'
import { Dual, numberOf, type Value } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import { copySlots, type InterRecordResult } from './block.ts'
import type { Bound, BoundInterRecord, Program } from './bound.ts'

/** The cells whose expressions inter-record functions read, by position. */
interface OrderedCells {
  readonly program: Program
  readonly rows: number
  /** @throws LichenError `budget-exceeded` */
  checkBudget(values: number, call: { readonly name: string }): void
  column(tree: Bound, interRecords?: InterRecords): Vector
}

/** Values of inter-record calls for consecutive positions of sorted rows. */
export interface InterRecords {
  block(index: number, start: number, count: number): InterRecordResult
}

/** Where no rows lie around: in total rows and single values, all such calls are NULL. */
export const noInterRecords: InterRecords = { block: () => ({ values: new Vector() }) }

/** Cells of one line that follow each other, `step` positions apart. */
interface Span {
  readonly first: number
  readonly count: number
  readonly step: number
}

/** What totals are over. */
export interface CellsInside {
  readonly cells: OrderedCells
  readonly interRecords: InterRecords
  /** The cells that the total at a position is over, when they are one segment, or (`isWhole`) one line; else undefined. */
  spanOf(position: number, isWhole: boolean): Span | undefined
}

/** For totals down or across: the cells inside, from which Top and Bottom, First and Last take their values. */
export interface Insides {
  readonly down?: CellsInside
  readonly across?: CellsInside
}

/**
 * Inter-record calls over cells in an order. `columns` are the measures of the object, for Column(). In totals the calls are NULL, but those for
 * the ends of a segment look at it where the total is over just one.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/InterRecordFunctions/inter-record-functions-chart.htm,
 * https://help.qlik.com/en-US/qlikview/May2023/Subsystems/Client/Content/QV_QlikView/Examples%20of%20Chart%20Inter%20Record%20functions.htm
 */
export function interRecordsOf(
  measures: OrderedCells,
  order: CellOrder,
  columns: readonly Bound[],
  insides: Insides = {},
): InterRecords {
  return new NeighbourCells(measures, order, columns, insides)
}

class NeighbourCells implements InterRecords {
  readonly #measures: OrderedCells
  readonly #columns: readonly Bound[]
  readonly #order: CellOrder
  readonly #insides: Insides
  readonly #results = new Map<number, InterRecordResult | 'running'>()

  constructor(
    measures: OrderedCells,
    order: CellOrder,
    columns: readonly Bound[],
    insides: Insides,
  ) {
    this.#measures = measures
    this.#columns = columns
    this.#order = order
    this.#insides = insides
  }

  block(index: number, start: number, count: number): InterRecordResult {
    const full = this.#full(index)
    const values = new Vector(count)
    copySlots(full.values, start, values, 0, count)
    const { range } = full
    return range === undefined ? { values } : { values, range: (slot) => range(start + slot) }
  }

  #full(index: number): InterRecordResult {
    const known = this.#results.get(index)
    // A call that depends on itself is NULL.
    if (known === 'running') return { values: new Vector(this.#measures.rows) }
    if (known !== undefined) return known
    this.#results.set(index, 'running')
    const call = this.#measures.program.interRecords[index]
    const result =
      call === undefined ? { values: new Vector(this.#measures.rows) } : this.#evaluate(call)
    this.#results.set(index, result)
    return result
  }

  #evaluate(call: BoundInterRecord): InterRecordResult {
    const { rows } = this.#measures
    const { down, across = alone(rows) } = this.#order
    switch (call.name) {
      case 'above':
        return this.#shifted(call, down, (place, offset) => place - offset, -1)
      case 'below':
        return this.#shifted(call, down, (place, offset) => place + offset, 1)
      case 'top':
        return down.isTotal
          ? this.#atEnd(call, this.#insides.down, (offset) => offset - 1)
          : this.#shifted(call, down, (_, offset, start) => start + offset - 1, 1)
      case 'bottom':
        return down.isTotal
          ? this.#atEnd(call, this.#insides.down, (offset, count) => count - offset)
          : this.#shifted(call, down, (_, offset, _start, end) => end - offset, -1)
      case 'before':
        return this.#shifted(call, across, (place, offset) => place - offset, -1)
      case 'after':
        return this.#shifted(call, across, (place, offset) => place + offset, 1)
      case 'first':
        return across.isTotal
          ? this.#atEnd(call, this.#insides.across, (offset) => offset - 1)
          : this.#shifted(call, across, (_, offset, start) => start + offset - 1, 1)
      case 'last':
        return across.isTotal
          ? this.#atEnd(call, this.#insides.across, (offset, count) => count - offset)
          : this.#shifted(call, across, (_, offset, _start, end) => end - offset, -1)
      case 'rowno':
        return this.#numbers(call, down, (place, start) => place - start + 1)
      case 'noofrows':
        return this.#numbers(call, down, (_, start, end) => end - start)
      case 'columnno':
        return this.#numbers(call, across, (place, start) => place - start + 1)
      case 'noofcolumns':
        return this.#numbers(call, across, (_, start, end) => end - start)
      case 'dimensionality':
        return constant(rows, down.dimensions)
      case 'secondarydimensionality':
        return constant(rows, across.dimensions)
      case 'column':
        return this.#column(call)
      case 'rank':
      case 'vrank':
        return this.#ranked(call, down)
      case 'hrank':
        return this.#order.across === undefined || across.dimensions === 0
          ? { values: new Vector(rows) }
          : this.#ranked(call, across)
    }
  }

  /** The expression in another cell of the segment; with a count in several, each one `step` further. */
  #shifted(
    call: BoundInterRecord,
    lines: Lines,
    target: (place: number, offset: number, start: number, end: number) => number,
    step: 1 | -1,
  ): InterRecordResult {
    const { rows } = this.#measures
    const out = new Vector(rows)
    const [expression, offsetTree, countTree] = call.args
    if (lines.isTotal) return { values: out, range: () => ({ values: [], beyond: 0 }) }
    const { start, end } = call.total ? lines.whole : lines.segments
    const { places, positions } = lines.turned ?? {}
    const values = this.#argument(expression)
    const offsets = offsetTree === undefined ? undefined : this.#argument(offsetTree)
    const valueAt = (place: number): Value =>
      values.get(positions === undefined ? place : positions[place]!)
    const firsts = new Float64Array(rows)
    for (let position = 0; position < rows; position++) {
      const place = places === undefined ? position : places[position]!
      const offset = offsets === undefined ? 1 : numberOf(offsets.get(position))
      const first = target(place, offset, start[place]!, end[place]!)
      firsts[position] = first
      out.set(position, first >= start[place]! && first < end[place]! ? valueAt(first) : null)
    }
    if (countTree === undefined) return { values: out }
    const counts = this.#argument(countTree)
    const steps = Array.from({ length: rows }, (_, position) => {
      const place = places === undefined ? position : places[position]!
      const count = numberOf(counts.get(position))
      return stepsInside(firsts[position]!, step, count, start[place]!, end[place]!)
    })
    this.#measures.checkBudget(
      steps.reduce((sum, { to, from }) => sum + to - from, 0),
      call,
    )
    return {
      values: out,
      range(position) {
        const { from, to, count } = steps[position]!
        const length = Math.max(0, to - from)
        return {
          values: Array.from({ length }, (_, i) => valueAt(firsts[position]! + (from + i) * step)),
          beyond: count - length,
        }
      },
    }
  }

  /** In totals: the expression in one of the cells they are over. With a count they have no range. */
  #atEnd(
    call: BoundInterRecord,
    inside: CellsInside | undefined,
    target: (offset: number, count: number) => number,
  ): InterRecordResult {
    const { rows } = this.#measures
    const out = new Vector(rows)
    const [expression, offsetTree, countTree] = call.args
    if (inside !== undefined && expression !== undefined) {
      const values = inside.cells.column(expression, inside.interRecords)
      const offsets = offsetTree === undefined ? undefined : this.#argument(offsetTree)
      for (let position = 0; position < rows; position++) {
        const span = inside.spanOf(position, call.total)
        if (span === undefined) continue
        const at = target(offsets === undefined ? 1 : numberOf(offsets.get(position)), span.count)
        if (at >= 0 && at < span.count) out.set(position, values.get(span.first + at * span.step))
      }
    }
    return countTree === undefined
      ? { values: out }
      : { values: out, range: () => ({ values: [], beyond: 0 }) }
  }

  #numbers(
    call: BoundInterRecord,
    lines: Lines,
    numberAt: (place: number, start: number, end: number) => number,
  ): InterRecordResult {
    const { rows } = this.#measures
    const values = new Vector(rows)
    if (lines.isTotal) return { values }
    const { start, end } = call.total ? lines.whole : lines.segments
    const places = lines.turned?.places
    for (let position = 0; position < rows; position++) {
      const place = places === undefined ? position : places[position]!
      values.setNumber(position, numberAt(place, start[place]!, end[place]!))
    }
    return { values }
  }

  #argument(tree: Bound | undefined): Vector {
    return tree === undefined ? new Vector(this.#measures.rows) : this.#measures.column(tree, this)
  }

  #column(call: BoundInterRecord): InterRecordResult {
    const { rows } = this.#measures
    const wanted = this.#argument(call.args[0])
    const out = new Vector(rows)
    const known = new Map<number, Vector>()
    for (let row = 0; row < rows; row++) {
      const number = numberOf(wanted.get(row))
      const tree = this.#columns[number - 1]
      if (tree === undefined) {
        out.set(row, null)
        continue
      }
      const values = known.get(number) ?? this.#argument(tree)
      known.set(number, values)
      out.set(row, values.get(row))
    }
    return { values: out }
  }

  #ranked(call: BoundInterRecord, lines: Lines): InterRecordResult {
    const { rows } = this.#measures
    const out = new Vector(rows)
    if (lines.isTotal) return { values: out }
    const { start, end } = call.total ? lines.whole : lines.segments
    const positions = lines.turned?.positions
    const values = this.#argument(call.args[0])
    const modes = call.args[1] === undefined ? undefined : this.#argument(call.args[1])
    const formats = call.args[2] === undefined ? undefined : this.#argument(call.args[2])
    for (let from = 0; from < rows; from = end[from]!) {
      const segment = Uint32Array.from({ length: end[from]! - start[from]! }, (_, i) =>
        positions === undefined ? from + i : positions[from + i]!,
      )
      const ranks = ranksOf(values, segment)
      for (const [at, position] of segment.entries()) {
        const mode = modes === undefined ? 0 : numberOf(modes.get(position))
        const format = formats === undefined ? 0 : numberOf(formats.get(position))
        const rank = ranks[at]
        const value = rank === undefined ? null : rankValue(rank, mode, format, segment.length)
        out.set(position, value)
      }
    }
    return { values: out }
  }
}

/** Every cell a line of its own. */
function alone(count: number): Lines {
  const start = Uint32Array.from({ length: count }, (_, place) => place)
  const segments = { start, end: start.map((place) => place + 1) }
  return { segments, whole: segments, dimensions: 0, isTotal: false }
}

/** Counts above this are cut: no segment has as many rows, and only rows beyond the edge are lost from a count of NULLs. */
const maxCount = 1_000_000

/** Which of `count` steps from a first row stay inside the segment: from … to - 1. */
function stepsInside(
  first: number,
  step: 1 | -1,
  wanted: number,
  start: number,
  end: number,
): { readonly from: number; readonly to: number; readonly count: number } {
  const count = wanted >= 1 ? Math.min(maxCount, Math.floor(wanted)) : 0
  if (Number.isNaN(first)) return { from: 0, to: 0, count }
  const from = Math.max(0, step === 1 ? start - first : first - end + 1)
  const to = Math.min(count, step === 1 ? end - first : first - start + 1)
  return { from, to: Math.max(from, to), count }
}

function constant(rows: number, number: number): InterRecordResult {
  const values = new Vector(rows)
  for (let row = 0; row < rows; row++) values.setNumber(row, number)
  return { values }
}

/** Rows that share the places `low` to `high` of a ranking. */
export interface Tie {
  readonly low: number
  readonly high: number
  /** Position within the tie, 0-based. */
  readonly position: number
}

/** Highest number first; cells without a number have no rank. In the order of `segment`, which holds positions. */
function ranksOf(values: Vector, segment: Uint32Array): readonly (Tie | undefined)[] {
  const ranks: (Tie | undefined)[] = new Array(segment.length).fill(undefined)
  const numbers = Float64Array.from(segment, (position) => numberOf(values.get(position)))
  const ranked = [...numbers.keys()].filter((at) => !Number.isNaN(numbers[at]!))
  ranked.sort((a, b) => numbers[b]! - numbers[a]! || a - b)
  for (let low = 0; low < ranked.length; ) {
    let high = low
    while (high + 1 < ranked.length && numbers[ranked[high + 1]!] === numbers[ranked[low]!]) high++
    for (let at = low; at <= high; at++)
      ranks[ranked[at]!] = { low: low + 1, high: high + 1, position: at - low }
    low = high + 1
  }
  return ranks
}

/**
 * A rank as dual. Modes: 0 low, average or high by the half of the column the tie lies in; 1 low; 2 average; 3 high; 4 low, then one more
 * for each row. Formats: 0 `low-high`; 1 low; 2 low on the first row of the tie, blank on others.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/RankingFunctions/rank.htm
 */
export function rankValue(
  { low, high, position }: Tie,
  mode: number,
  format: number,
  rows: number,
): Value {
  const number = rankNumber(low, high, position, mode, rows)
  if (format === 1) return new Dual(String(low), number)
  if (format === 2) return new Dual(position === 0 ? String(low) : '', number)
  return low === high ? number : new Dual(`${low}-${high}`, number)
}

function rankNumber(
  low: number,
  high: number,
  position: number,
  mode: number,
  rows: number,
): number {
  const middle = (rows + 1) / 2
  switch (mode) {
    case 1:
      return low
    case 2:
      return (low + high) / 2
    case 3:
      return high
    case 4:
      return low + position
    default:
      if (high <= middle) return low
      return low >= middle ? high : (low + high) / 2
  }
}
