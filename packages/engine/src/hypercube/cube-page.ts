import type { ExpressionError } from '../base/errors.ts'
import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
import { ascending } from '../grouping/order.ts'
import type { SortedGroups } from '../grouping/sorted-groups.ts'
import { Dual, numberOf, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { textOf } from '../value/text-of.ts'
import type { Vector } from '../value/vector.ts'
import type { Cube, CubeCell, CubeDimensionInfo, CubeMeasureInfo } from './cube.ts'
import type { BoundDimension } from './cube-dimension.ts'
import type { CubeDefinition, CubeMeasure, SortCriteria } from './definition.ts'
import { othersCode } from './limit.ts'
import { valuesByCode } from './sort-keys.ts'

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

export interface TableColumns {
  readonly dimensions: readonly TableDimension[]
  readonly measures: readonly TableMeasure[]
  /** One slot per measure. */
  readonly totals: readonly Vector[]
  /** The position shown in each row of the table. */
  readonly positions: SortedGroups
}

const nullCell: CubeCell = { text: '-', number: Number.NaN, element: -2, isNull: true }

/** Rows looked at for the width of a column. */
const glyphRows = 1000

/** The finished table: everything is computed but the cells, which are made page by page. */
export class StraightTable implements Cube {
  readonly rows: number
  readonly columns: number
  readonly dimensions: readonly CubeDimensionInfo[]
  readonly measures: readonly CubeMeasureInfo[]
  readonly totals: readonly CubeCell[]
  readonly columnSortOrder: readonly number[]
  readonly conditionUnfulfilled: boolean
  readonly #table: TableColumns
  readonly #env: Environment
  readonly #attributes = new Map<string, ReadonlyMap<number, Value>>()

  constructor(
    definition: CubeDefinition,
    table: TableColumns,
    env: Environment,
    conditionUnfulfilled = false,
  ) {
    this.#table = table
    this.#env = env
    this.rows = table.positions.length
    this.columns = table.dimensions.length + table.measures.length
    this.conditionUnfulfilled = conditionUnfulfilled
    this.columnSortOrder =
      definition.columnSortOrder ?? Array.from({ length: this.columns }, (_, column) => column)
    this.dimensions = table.dimensions.map((dimension) => this.#dimensionInfo(dimension))
    this.measures = table.measures.map((measure) => this.#measureInfo(measure))
    this.totals = table.measures.map(({ format }, m) =>
      this.#cell(table.totals[m]?.get(0) ?? null, format, 0),
    )
  }

  get bytes(): number {
    const { dimensions, measures, positions } = this.#table
    const codes = dimensions.reduce((sum, column) => sum + column.codes.byteLength, 0)
    const vectors = measures.flatMap(({ values, attributes }) => [values, ...attributes])
    // A text held here is counted as 32 bytes.
    return vectors.reduce(
      (sum, { kinds, numbers, texts }) =>
        sum + kinds.byteLength + numbers.byteLength + texts.length * 32,
      codes + positions.length * 8,
    )
  }

  page(left: number, top: number, width: number, height: number): CubeCell[][] {
    const firstRow = Math.max(0, top)
    const lastRow = Math.min(this.rows, top + height)
    const firstColumn = Math.max(0, left)
    const lastColumn = Math.min(this.columns, left + width)
    const page: CubeCell[][] = []
    const positions = this.#table.positions.first(lastRow)
    for (let row = firstRow; row < lastRow; row++) {
      const position = positions[row]!
      const cells: CubeCell[] = []
      for (let column = firstColumn; column < lastColumn; column++)
        cells.push(this.#cellAt(position, column))
      page.push(cells)
    }
    return page
  }

  #cellAt(position: number, column: number): CubeCell {
    const dimension = this.#table.dimensions[column]
    if (dimension !== undefined) return this.#dimensionCell(dimension, position)
    const measure = this.#table.measures[column - this.#table.dimensions.length]
    if (measure === undefined) return nullCell
    const cell = this.#cell(measure.values.get(position), measure.format, 0)
    return measure.attributes.length === 0
      ? cell
      : {
          ...cell,
          attributes: measure.attributes.map((values) => this.#attribute(values.get(position))),
        }
  }

  #dimensionCell(column: TableDimension, position: number): CubeCell {
    const { source, limited, format, constant } = column
    if (source === undefined)
      return column.error === undefined ? this.#cell(constant, format, 0) : nullCell
    const code = column.codes[position]!
    if (limited && code === othersCode)
      return {
        text: column.definition.limit?.othersLabel ?? 'Others',
        number: Number.NaN,
        element: -3,
        isNull: false,
      }
    const own = limited && code > 0 ? code - 1 : code
    if (own === 0) return nullCell
    const cell = this.#cell(source.valueOf(own), format, own - 1)
    const texts = column.definition.attributes ?? []
    return texts.length === 0
      ? cell
      : {
          ...cell,
          attributes: texts.map((text) =>
            this.#attribute(this.#attributesOf(text, source).get(own) ?? null),
          ),
        }
  }

  #attributesOf(text: string, source: Dimension): ReadonlyMap<number, Value> {
    const key = `${source.fields.join(',')}:${text}`
    let values = this.#attributes.get(key)
    if (values === undefined) {
      values = valuesByCode(text, source, this.#env)
      this.#attributes.set(key, values)
    }
    return values
  }

  #attribute(value: Value): { readonly text: string; readonly number: number } {
    return { text: textOf(value, this.#env.view.settings) ?? '', number: numberOf(value) }
  }

  #cell(value: Value, format: NumberFormat | null, element: number): CubeCell {
    if (value === null) return element === 0 ? { ...nullCell, element: 0 } : nullCell
    return { text: this.#text(value, format), number: numberOf(value), element, isNull: false }
  }

  #text(value: Exclude<Value, null>, format: NumberFormat | null): string {
    if (typeof value === 'string') return value
    const { settings } = this.#env.view
    return value instanceof Dual ? value.text : formatNumber(value, format, settings)
  }

  /** What takes a look at every row is found when it is asked for. */
  #dimensionInfo(column: TableDimension): CubeDimensionInfo {
    const { definition, source, limited } = column
    const shown = once(() => shownCodes(column, this.#table.positions.unsorted))
    const range = once(() => rangeOf(column, shown()))
    const glyphCount = once(() =>
      this.#widest((position) => this.#dimensionCell(column, position).text),
    )
    return {
      label: definition.label ?? labelOf(definition.definition),
      field: column.field,
      definition: definition.definition,
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

  #measureInfo({ definition, values, format, error }: TableMeasure): CubeMeasureInfo {
    const range = once(() => rangeOfNumbers(values, this.#table.positions.unsorted))
    const glyphCount = once(() =>
      this.#widest((position) => this.#cell(values.get(position), format, 0).text),
    )
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

  #widest(textAt: (position: number) => string): number {
    let widest = 0
    const { positions } = this.#table
    for (const position of positions.first(glyphRows).subarray(0, glyphRows))
      widest = Math.max(widest, textAt(position).length)
    return widest
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

function labelOf(definition: string): string {
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
