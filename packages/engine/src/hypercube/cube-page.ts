import type { ExpressionError } from '../base/errors.ts'
import type { Dimension } from '../expression/dimension.ts'
import type { Environment } from '../expression/environment.ts'
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

/** A dimension column; `codes` by position of the sorted rows. */
export type TableDimension = BoundDimension & {
  readonly source: Dimension | undefined
  readonly limited: boolean
  readonly codes: Uint32Array
}

/** A measure column; vectors by position of the sorted rows. */
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
  readonly positions: Uint32Array
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

  page(left: number, top: number, width: number, height: number): CubeCell[][] {
    const firstRow = Math.max(0, top)
    const lastRow = Math.min(this.rows, top + height)
    const firstColumn = Math.max(0, left)
    const lastColumn = Math.min(this.columns, left + width)
    const page: CubeCell[][] = []
    for (let row = firstRow; row < lastRow; row++) {
      const position = this.#table.positions[row]!
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

  #dimensionInfo(column: TableDimension): CubeDimensionInfo {
    const { definition, codes, source, limited } = column
    const { positions } = this.#table
    const shown = new Set<number>()
    for (const position of positions) shown.add(codes[position]!)
    let min = Number.NaN
    let max = Number.NaN
    if (source !== undefined) {
      for (const code of shown) {
        const number =
          limited && code <= othersCode
            ? Number.NaN
            : numberOf(source.valueOf(limited ? code - 1 : code))
        if (!(number >= min)) min = Number.isNaN(number) ? min : number
        if (!(number <= max)) max = Number.isNaN(number) ? max : number
      }
    }
    return {
      label: definition.label ?? labelOf(definition.definition),
      field: column.field,
      definition: definition.definition,
      cubeCardinal: shown.size,
      cardinal:
        source === undefined || !Number.isFinite(source.size) ? shown.size : source.size - 1,
      glyphCount: this.#widest((position) => this.#dimensionCell(column, position).text),
      format: column.format,
      min,
      max,
      sortDirection: sortDirectionOf(definition.sort, definition.reverse === true, 'ascending'),
      hasOthers: limited && definition.limit?.others === true && shown.has(othersCode),
      ...(column.error === undefined ? {} : { error: column.error }),
    }
  }

  #measureInfo({ definition, values, format, error }: TableMeasure): CubeMeasureInfo {
    let min = Number.NaN
    let max = Number.NaN
    for (const position of this.#table.positions) {
      if ((values.kinds[position]! & 1) === 0) continue
      const number = values.numbers[position]!
      if (!(number >= min)) min = number
      if (!(number <= max)) max = number
    }
    return {
      label: definition.label ?? labelOf(definition.definition),
      definition: definition.definition,
      glyphCount: this.#widest((position) => this.#cell(values.get(position), format, 0).text),
      format,
      min,
      max,
      sortDirection: sortDirectionOf(definition.sort, definition.reverse === true, 'none'),
      ...(error === undefined ? {} : { error }),
    }
  }

  #widest(textAt: (position: number) => string): number {
    let widest = 0
    for (const position of this.#table.positions.subarray(0, glyphRows))
      widest = Math.max(widest, textAt(position).length)
    return widest
  }
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
