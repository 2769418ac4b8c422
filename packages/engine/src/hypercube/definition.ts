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

/** How what a value is measured by, or what the values up to it sum up to, stands to a limit. */
export type LimitComparison = '>=' | '>' | '<=' | '<'

/** Which values come first: by the measure, or by the dimension's own sort order. */
export type LimitOrder = 'largest' | 'smallest' | 'first'

interface LimitOptions {
  /** Whether the records of all other values are shown in a row of their own. Its cells are the measures over those records. */
  readonly others: boolean
  /** A text, or an expression with leading `=`. Default `Others`. */
  readonly othersLabel?: string
  /** What values are measured by: the label or definition of a measure of the cube, or another expression. Default: the first measure. */
  readonly by?: string
  /**
   * Values are judged within each combination of the dimensions before (default), or alone, so that each has the same ones. Dimensions of
   * tables that nothing links to theirs, and of ValueList and ValueLoop, part nothing.
   */
  readonly within?: 'outer' | 'all'
  /** Others has no values of the dimensions after this one that are linked to it: their cells are others too. */
  readonly collapseInner?: boolean
}

interface MeasuredLimitOptions extends LimitOptions {
  /** Whether values whose measure is no number (NULL or text) are kept; where shares compare, also those of a sum of 0. Default true. */
  readonly keepNonNumbers?: boolean
}

/** The first so many values; exactly that many, also where they tie. Those whose measure is no number come last. */
interface CountedLimit extends LimitOptions {
  readonly mode: 'counted'
  /** Number of values, or an expression that gives it, rounded down. */
  readonly count: number | string
  readonly from: LimitOrder
  /** Others is one of the `count`, when it is shown and there are more values than that. Default false. */
  readonly countOthers?: boolean
}

/** The values whose measure compares so with a value. */
interface ExactLimit extends MeasuredLimitOptions {
  readonly mode: 'exact'
  readonly compare: LimitComparison
  /** A number, or an expression that gives it. */
  readonly value: number | string
}

/** The values whose share compares so with a percentage of the sum over all values (within the dimensions before). */
interface RelativeLimit extends MeasuredLimitOptions {
  readonly mode: 'relative'
  readonly compare: LimitComparison
  /** 0 to 100 where shares are; a number, or an expression that gives it. */
  readonly percent: number | string
}

/**
 * The first values that sum up to a value: with `>=` and `>` up to the one with which the sum gets there, with `<=` and `<` as long as the
 * sum stays there.
 */
interface AccumulatedLimit extends MeasuredLimitOptions {
  readonly mode: 'accumulated'
  readonly compare: LimitComparison
  /** A number, or an expression that gives it. */
  readonly value: number | string
  readonly from: LimitOrder
}

/** As `accumulated`, to a percentage of the sum over all values (within the dimensions before). */
interface AccumulatedRelativeLimit extends MeasuredLimitOptions {
  readonly mode: 'accumulated-relative'
  readonly compare: LimitComparison
  /** 0 to 100 where shares are; a number, or an expression that gives it. */
  readonly percent: number | string
  readonly from: LimitOrder
}

/**
 * Keeps only some values of a dimension; the records of all others make up Others. NULL is no value: it is neither kept nor folded, counts
 * nowhere, and its row stays unless `suppressNull` says otherwise. A dimension of ValueList or ValueLoop has no records and no limit.
 * Sources: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-othertotalspecprop.htm,
 * https://qlik.dev/embed/capability-api/customize/dimensions-and-measures/dimension-limits
 */
export type DimensionLimit =
  | CountedLimit
  | ExactLimit
  | RelativeLimit
  | AccumulatedLimit
  | AccumulatedRelativeLimit

/** Definitions that take turns in one dimension, each as `CubeDimension.definition`. */
export interface DimensionGroup {
  readonly kind: 'drill-down' | 'cyclic'
  /** From outside in, or in any order. */
  readonly definitions: readonly string[]
  readonly labels?: readonly string[]
  /** Of a cyclic group, the number of the definition shown; 0 when absent. */
  readonly active?: number
}

export interface CubeDimension {
  /** A field name, or an expression with leading `=`. A text that is not a field name is tried as an expression. */
  readonly definition: string
  readonly label?: string
  /** Shown in place of `definition`, one of them at a time. */
  readonly group?: DimensionGroup
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
