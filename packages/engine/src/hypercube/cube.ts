import type { ExpressionError } from '../base/errors.ts'
import type { NumberFormat } from '../value/number-format.ts'

/** One cell of a straight table. */
export interface CubeCell {
  /** `-` for NULL. */
  readonly text: string
  /** NaN where there is no number. */
  readonly number: number
  /** Dimension cells: symbol of the field, or index of the calculated value; -1 total, -2 NULL, -3 others. Measure cells: 0. */
  readonly element: number
  readonly isNull: boolean
  readonly attributes?: readonly { readonly text: string; readonly number: number }[]
}

export interface CubeDimensionInfo {
  readonly label: string
  /** Field index in the view, or undefined for a calculated dimension. */
  readonly field: number | undefined
  readonly definition: string
  /** Which definition of its group the dimension shows. */
  readonly groupPosition?: number
  /** Distinct values in this cube, NULL included. */
  readonly cubeCardinal: number
  /** Symbols of the field (or distinct calculated values). */
  readonly cardinal: number
  readonly glyphCount: number
  readonly format: NumberFormat | null
  /** NaN when the values are not numbers. */
  readonly min: number
  readonly max: number
  readonly sortDirection: 'ascending' | 'descending' | 'none'
  readonly hasOthers: boolean
  readonly error?: ExpressionError
}

export interface CubeMeasureInfo {
  readonly label: string
  readonly definition: string
  readonly glyphCount: number
  /** Explicit format, or what the outermost function or field implies; null = automatic. */
  readonly format: NumberFormat | null
  readonly min: number
  readonly max: number
  readonly sortDirection: 'ascending' | 'descending' | 'none'
  readonly error?: ExpressionError
}

/** A computed straight table: sorted, suppressed and limited; cells are made only for the pages asked for. */
export interface Cube {
  readonly rows: number
  readonly columns: number
  readonly dimensions: readonly CubeDimensionInfo[]
  readonly measures: readonly CubeMeasureInfo[]
  /** The total row's measure cells. */
  readonly totals: readonly CubeCell[]
  readonly columnSortOrder: readonly number[]
  readonly conditionUnfulfilled: boolean
  /** Memory of the columns. */
  readonly bytes: number
  /** Clipped silently to what exists. Cells row by row. */
  page(left: number, top: number, width: number, height: number): CubeCell[][]
}
