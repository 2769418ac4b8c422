import type { ExpressionError } from '../base/errors.ts'
import type { Dimension } from '../expression/dimension.ts'
import { ascending } from '../grouping/order.ts'
import { numberOf } from '../value/dual.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Vector } from '../value/vector.ts'
import type { CubeDimensionInfo, CubeMeasureInfo } from './cube.ts'
import type { BoundDimension } from './cube-dimension.ts'
import type { CubeMeasure, SortCriteria } from './definition.ts'
import { othersCode } from './limit.ts'

/** A dimension column; `codes` by position. */
export type TableDimension = BoundDimension & {
  readonly source: Dimension | undefined
  readonly limited: boolean
  readonly codes: Uint32Array
}

/** A measure column; vectors by position. */
export interface TableMeasure {
  readonly definition: CubeMeasure
  readonly values: Vector
  readonly format: NumberFormat | null
  readonly attributes: readonly Vector[]
  readonly error?: ExpressionError
}

/** Rows looked at for the width of a column. */
export const glyphRows = 1000

/** Characters of the longest text at the first of some positions. */
export function glyphsIn(positions: Uint32Array, textAt: (position: number) => string): number {
  let longest = 0
  for (const position of positions.subarray(0, glyphRows))
    longest = Math.max(longest, textAt(position).length)
  return longest
}

/** What a column says of itself. `positions`: those shown; `widest`: characters of its longest cell. What takes a look at every row is found when it is asked for. */
export function dimensionInfo(
  column: TableDimension,
  positions: Uint32Array,
  widest: () => number,
): CubeDimensionInfo {
  const { definition, source, limited } = column
  const shown = once(() => shownCodes(column, positions))
  const range = once(() => rangeOf(column, shown()))
  const glyphCount = once(widest)
  return {
    label: definition.label ?? labelOf(definition.definition),
    field: column.field,
    definition: definition.definition,
    ...(column.groupPosition === undefined ? {} : { groupPosition: column.groupPosition }),
    get cubeCardinal() {
      return shown().length
    },
    get cardinal() {
      return source === undefined || !Number.isFinite(source.size)
        ? shown().length
        : source.size - 1
    },
    get glyphCount() {
      return glyphCount()
    },
    format: column.format,
    get min() {
      return range().min
    },
    get max() {
      return range().max
    },
    sortDirection: sortDirectionOf(definition.sort, definition.reverse === true, 'ascending'),
    get hasOthers() {
      return limited && definition.limit?.others === true && shown().includes(othersCode)
    },
    ...(column.error === undefined ? {} : { error: column.error }),
  }
}

/** As `dimensionInfo`, of a measure. */
export function measureInfo(
  { definition, values, format, error }: TableMeasure,
  positions: Uint32Array,
  widest: () => number,
): CubeMeasureInfo {
  const range = once(() => rangeOfNumbers(values, positions))
  const glyphCount = once(widest)
  return {
    label: definition.label ?? labelOf(definition.definition),
    definition: definition.definition,
    get glyphCount() {
      return glyphCount()
    },
    format,
    get min() {
      return range().min
    },
    get max() {
      return range().max
    },
    sortDirection: sortDirectionOf(definition.sort, definition.reverse === true, 'none'),
    ...(error === undefined ? {} : { error }),
  }
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}

interface NumberRange {
  readonly min: number
  readonly max: number
}

/** The codes of a column that occur at some positions. */
function shownCodes(
  { codes, dimension }: TableDimension,
  positions: Uint32Array,
): readonly number[] | Uint32Array {
  const size = dimension?.size ?? Number.POSITIVE_INFINITY
  if (!Number.isFinite(size)) {
    const shown = new Set<number>()
    for (let i = 0; i < positions.length; i++) shown.add(codes[positions[i]!]!)
    return [...shown]
  }
  const seen = new Uint8Array(size)
  for (let i = 0; i < positions.length; i++) seen[codes[positions[i]!]!] = 1
  return ascending(size).filter((code) => seen[code] === 1)
}

function rangeOf({ source, limited }: TableDimension, shown: ArrayLike<number>): NumberRange {
  let min = Number.NaN
  let max = Number.NaN
  if (source === undefined) return { min, max }
  for (let i = 0; i < shown.length; i++) {
    const code = shown[i]!
    if (limited && code <= othersCode) continue
    const number = numberOfCode(source, limited ? code - 1 : code)
    if (!(number >= min)) min = Number.isNaN(number) ? min : number
    if (!(number <= max)) max = Number.isNaN(number) ? max : number
  }
  return { min, max }
}

function numberOfCode(source: Dimension, code: number): number {
  return source.numberOf === undefined ? numberOf(source.valueOf(code)) : source.numberOf(code)
}

function rangeOfNumbers({ kinds, numbers }: Vector, positions: Uint32Array): NumberRange {
  let min = Number.NaN
  let max = Number.NaN
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!
    if ((kinds[position]! & 1) === 0) continue
    const number = numbers[position]!
    if (!(number >= min)) min = number
    if (!(number <= max)) max = number
  }
  return { min, max }
}

/** The text of a definition as a label. */
export function labelOf(definition: string): string {
  return definition.replace(/^\s*=/, '').trim()
}

function sortDirectionOf(
  sort: SortCriteria | undefined,
  reverse: boolean,
  initial: 'ascending' | 'none',
): 'ascending' | 'descending' | 'none' {
  const directions = [
    sort?.state,
    sort?.frequency,
    sort?.expression?.direction,
    sort?.numeric,
    sort?.text,
    sort?.loadOrder,
  ]
  const first =
    sort === undefined
      ? initial === 'none'
        ? 0
        : 1
      : (directions.find((direction) => direction !== undefined && direction !== 0) ?? 0)
  if (first === 0) return 'none'
  return (first === 1) === reverse ? 'descending' : 'ascending'
}
