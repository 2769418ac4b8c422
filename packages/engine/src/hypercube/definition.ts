import type { NumberFormat } from '../value/number-format.ts'

/** `1` ascending, `-1` descending, `0` not used. */
export type SortDirection = -1 | 0 | 1

/** Criteria within one column, tried in this order: state, frequency, expression, numeric, text, load order. */
export interface SortCriteria {
  readonly state?: SortDirection
  readonly frequency?: SortDirection
  readonly expression?: { readonly text: string; readonly direction: SortDirection }
  readonly numeric?: SortDirection
  readonly text?: SortDirection
  readonly loadOrder?: SortDirection
}

/** Keep only some values of the dimension; the rest is folded into Others when `others` is set. */
export interface DimensionLimit {
  readonly mode: 'counted'
  /** Number of values kept, or an expression giving it. */
  readonly count: number | string
  readonly from: 'largest' | 'smallest'
  readonly others: boolean
  readonly othersLabel?: string
}

export interface CubeDimension {
  /** A field name, or an expression with leading `=`. A text that is not a field name is tried as an expression. */
  readonly definition: string
  readonly label?: string
  readonly sort?: SortCriteria
  readonly suppressNull?: boolean
  /** Show values without data too. */
  readonly showAll?: boolean
  readonly limit?: DimensionLimit
  /** Attribute expressions, one value per dimension value. */
  readonly attributes?: readonly string[]
  readonly reverse?: boolean
}

export interface CubeMeasure {
  readonly definition: string
  readonly label?: string
  readonly sort?: SortCriteria
  /** Explicit format; otherwise by the expression. */
  readonly format?: NumberFormat
  readonly attributes?: readonly string[]
  readonly reverse?: boolean
}

export interface CubeDefinition {
  readonly dimensions: readonly CubeDimension[]
  readonly measures: readonly CubeMeasure[]
  /** Columns by sorting priority (dimensions first, then measures, 0-based); default 0, 1, 2 … */
  readonly columnSortOrder?: readonly number[]
  /** Drop rows whose measures are all 0 or NULL. */
  readonly suppressZero?: boolean
  /** Drop rows whose measures are all NULL. */
  readonly suppressMissing?: boolean
  /** Alternate state; `$` when absent. */
  readonly state?: string
  /** An expression; when it is false the cube is empty and carries `conditionUnfulfilled`. */
  readonly condition?: string
}
