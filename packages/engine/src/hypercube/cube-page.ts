import type { Environment } from '../expression/environment.ts'
import type { SortedGroups } from '../grouping/sorted-groups.ts'
import type { Vector } from '../value/vector.ts'
import { Cells, nullCell } from './cells.ts'
import {
  dimensionInfo,
  glyphRows,
  glyphsIn,
  measureInfo,
  type TableDimension,
  type TableMeasure,
} from './column-info.ts'
import type { Cube, CubeCell, CubeDimensionInfo, CubeMeasureInfo } from './cube.ts'
import type { CubeDefinition } from './definition.ts'

export interface TableColumns {
  readonly dimensions: readonly TableDimension[]
  readonly measures: readonly TableMeasure[]
  /** One slot per measure. */
  readonly totals: readonly Vector[]
  /** The position shown in each row of the table. */
  readonly positions: SortedGroups
}

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
  readonly #cells: Cells

  constructor(
    definition: CubeDefinition,
    table: TableColumns,
    env: Environment,
    conditionUnfulfilled = false,
  ) {
    this.#table = table
    this.#cells = new Cells(env)
    const { unsorted } = table.positions
    this.rows = table.positions.length
    this.columns = table.dimensions.length + table.measures.length
    this.conditionUnfulfilled = conditionUnfulfilled
    this.columnSortOrder =
      definition.columnSortOrder ?? Array.from({ length: this.columns }, (_, column) => column)
    const cells = this.#cells
    const first = (): Uint32Array => table.positions.first(glyphRows)
    this.dimensions = table.dimensions.map((column) =>
      dimensionInfo(column, unsorted, () =>
        glyphsIn(first(), (row) => cells.ofDimension(column, column.codes[row]!).text),
      ),
    )
    this.measures = table.measures.map((measure) =>
      measureInfo(measure, unsorted, () =>
        glyphsIn(first(), (row) => cells.of(measure.values.get(row), measure.format, 0).text),
      ),
    )
    this.totals = table.measures.map(({ format }, m) =>
      this.#cells.of(table.totals[m]?.get(0) ?? null, format, 0),
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
    if (dimension !== undefined)
      return this.#cells.ofDimension(dimension, dimension.codes[position]!)
    const measure = this.#table.measures[column - this.#table.dimensions.length]
    return measure === undefined ? nullCell : this.#cells.ofMeasure(measure, position)
  }
}
