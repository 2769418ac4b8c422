import { columnSegments, type Segments, wholeColumn } from '../grouping/segment.ts'
import { Dual, numberOf, type Value } from '../value/dual.ts'
import { Vector } from '../value/vector.ts'
import { copySlots, type InterRecordResult } from './block.ts'
import type { Bound, BoundInterRecord, Program } from './bound.ts'

/** The rows whose expressions inter-record functions read, in their order. */
interface OrderedRows {
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

/**
 * Inter-record calls over rows sorted by `codes` (one array per dimension, by position). `measures` are the object's, for Column().
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/InterRecordFunctions/inter-record-functions-chart.htm
 */
export function interRecordsOf(
  measures: OrderedRows,
  codes: readonly Uint32Array[],
  columns: readonly Bound[],
): InterRecords {
  return new SortedRows(measures, codes, columns)
}

class SortedRows implements InterRecords {
  readonly #measures: OrderedRows
  readonly #columns: readonly Bound[]
  readonly #dimensions: number
  readonly #segments: Segments
  readonly #whole: Segments
  readonly #results = new Map<number, InterRecordResult | 'running'>()

  constructor(measures: OrderedRows, codes: readonly Uint32Array[], columns: readonly Bound[]) {
    this.#measures = measures
    this.#columns = columns
    this.#dimensions = codes.length
    this.#segments = columnSegments(measures.rows, codes)
    this.#whole = wholeColumn(measures.rows)
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
    const { start, end } = call.total ? this.#whole : this.#segments
    switch (call.name) {
      case 'above':
        return this.#shifted(call, (row, offset) => row - offset, -1)
      case 'below':
        return this.#shifted(call, (row, offset) => row + offset, 1)
      case 'top':
        return this.#shifted(call, (row, offset) => start[row]! + offset - 1, 1)
      case 'bottom':
        return this.#shifted(call, (row, offset) => end[row]! - offset, -1)
      case 'rowno':
        return numbers(rows, (row) => row - start[row]! + 1)
      case 'noofrows':
        return numbers(rows, (row) => end[row]! - start[row]!)
      case 'dimensionality':
        return numbers(rows, () => this.#dimensions)
      case 'column':
        return this.#column(call)
      case 'rank':
        return this.#ranked(call)
    }
  }

  /** The expression in another row of the segment; with a count in several, each one `step` further. */
  #shifted(
    call: BoundInterRecord,
    target: (row: number, offset: number) => number,
    step: 1 | -1,
  ): InterRecordResult {
    const { rows } = this.#measures
    const { start, end } = call.total ? this.#whole : this.#segments
    const [expression, offsetTree, countTree] = call.args
    const values = this.#argument(expression)
    const offsets = offsetTree === undefined ? undefined : this.#argument(offsetTree)
    const out = new Vector(rows)
    const firsts = new Float64Array(rows)
    for (let row = 0; row < rows; row++) {
      const first = target(row, offsets === undefined ? 1 : numberOf(offsets.get(row)))
      firsts[row] = first
      out.set(row, first >= start[row]! && first < end[row]! ? values.get(first) : null)
    }
    if (countTree === undefined) return { values: out }
    const counts = this.#argument(countTree)
    const steps = Array.from({ length: rows }, (_, row) =>
      stepsInside(firsts[row]!, step, numberOf(counts.get(row)), start[row]!, end[row]!),
    )
    this.#measures.checkBudget(
      steps.reduce((sum, { to, from }) => sum + to - from, 0),
      call,
    )
    return {
      values: out,
      range(row) {
        const { from, to, count } = steps[row]!
        const length = Math.max(0, to - from)
        return {
          values: Array.from({ length }, (_, i) => values.get(firsts[row]! + (from + i) * step)),
          beyond: count - length,
        }
      },
    }
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

  #ranked(call: BoundInterRecord): InterRecordResult {
    const { rows } = this.#measures
    const { start, end } = call.total ? this.#whole : this.#segments
    const values = this.#argument(call.args[0])
    const modes = call.args[1] === undefined ? undefined : this.#argument(call.args[1])
    const formats = call.args[2] === undefined ? undefined : this.#argument(call.args[2])
    const out = new Vector(rows)
    for (let from = 0; from < rows; from = end[from]!) {
      const ranks = ranksOf(values, from, end[from]!)
      for (let row = start[from]!; row < end[from]!; row++) {
        const mode = modes === undefined ? 0 : numberOf(modes.get(row))
        const format = formats === undefined ? 0 : numberOf(formats.get(row))
        const rank = ranks[row - from]
        out.set(row, rank === undefined ? null : rankValue(rank, mode, format, end[from]! - from))
      }
    }
    return { values: out }
  }
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

function numbers(rows: number, numberAt: (row: number) => number): InterRecordResult {
  const values = new Vector(rows)
  for (let row = 0; row < rows; row++) values.setNumber(row, numberAt(row))
  return { values }
}

/** Rows that share the places `low` to `high` of a ranking. */
export interface Tie {
  readonly low: number
  readonly high: number
  /** Position within the tie, 0-based. */
  readonly position: number
}

/** Highest number first; rows without a number have no rank. */
function ranksOf(values: Vector, from: number, to: number): readonly (Tie | undefined)[] {
  const ranks: (Tie | undefined)[] = new Array(to - from).fill(undefined)
  const ranked: number[] = []
  for (let row = from; row < to; row++)
    if (!Number.isNaN(numberOf(values.get(row)))) ranked.push(row)
  ranked.sort((a, b) => values.numbers[b]! - values.numbers[a]! || a - b)
  for (let low = 0; low < ranked.length; ) {
    let high = low
    while (
      high + 1 < ranked.length &&
      values.numbers[ranked[high + 1]!] === values.numbers[ranked[low]!]
    )
      high++
    for (let at = low; at <= high; at++)
      ranks[ranked[at]! - from] = { low: low + 1, high: high + 1, position: at - low }
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
