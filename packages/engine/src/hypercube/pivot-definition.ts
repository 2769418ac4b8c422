import type { CubeDefinition, CubeDimension } from './definition.ts'

export interface PivotDimension extends CubeDimension {
  /** A heading for all its values together, within each value of the headings around it: before them or after them. */
  readonly total?: 'before' | 'after'
  /** Default `Totals`. */
  readonly totalLabel?: string
}

/** The values of headings from outside in, by their elements in cells; those of measures are left out. */
export type HeadingPath = readonly number[]

/** Which headings show the headings inside them: only some, or all but some. */
export interface Expansion {
  readonly mode: 'only' | 'except'
  readonly paths: readonly HeadingPath[]
}

/** Stands for the measures among headings. */
export const measuresHeading = -1

export interface PivotDefinition extends CubeDefinition {
  readonly dimensions: readonly PivotDimension[]
  /**
   * From outside in: indices of dimensions, and `measuresHeading` where the names of the measures stand. Measures that stand nowhere are
   * the innermost heading of the columns when there are several.
   */
  readonly rowHeadings: readonly number[]
  readonly columnHeadings: readonly number[]
  /** Default: everything is expanded. */
  readonly expandedRows?: Expansion
  readonly expandedColumns?: Expansion
}
