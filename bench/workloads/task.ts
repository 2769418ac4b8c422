/** Values selected in a field. */
export interface FieldSelection {
  readonly field: string
  readonly values: readonly (string | number)[]
}

export interface Measure {
  readonly of: 'sum' | 'average' | 'count' | 'distinct' | 'least' | 'largest'
  readonly field: string
}

/** A table over the possible sales: groups, or with `top` only those with the largest first measure. */
export interface CubeQuery {
  readonly name: string
  readonly dimensions: readonly string[]
  readonly measures: readonly Measure[]
  readonly top?: number
}

interface Named {
  /** What the report calls it. */
  readonly name: string
  /** Runs are put together under this name in the report. */
  readonly family: string
}

/** The state of every value of the fields, with how often it occurs among the possible rows of its own table when `frequencies`. */
export interface StatesTask extends Named {
  readonly kind: 'states'
  readonly fields: readonly string[]
  readonly selections: readonly FieldSelection[]
  readonly frequencies: boolean
}

export interface CubeTask extends Named {
  readonly kind: 'cube'
  readonly cube: CubeQuery
  readonly selections: readonly FieldSelection[]
}

/** A chart in texts of the expression language. */
export interface ExpressionTask extends Named {
  readonly kind: 'expression'
  /** Field names, or expressions with a leading `=`. */
  readonly dimensions: readonly string[]
  readonly measures: readonly string[]
  /** Rows are in the order of loading, or of the dimensions' values. */
  readonly sort: 'load' | 'value'
  /**
   * Statements for the same rows, the fastest of which counts. `{rows}` stands for the possible sales joined with the fields the statement
   * names, `{sales}` for those alone, `{all}` for the joined sales whatever is selected, and `{selected}` for what is selected as a condition on them.
   */
  readonly sql: readonly string[]
  readonly selections: readonly FieldSelection[]
}

/** A click on a dashboard: the states of all list boxes and all charts. */
export interface DashboardTask extends Named {
  readonly kind: 'dashboard'
  readonly fields: readonly string[]
  readonly cubes: readonly CubeQuery[]
  readonly selections: readonly FieldSelection[]
}

/** Moves of a range over `field`; after each the number of rows by position is wanted for every passive field. Time is of one step. */
export interface BrushTask extends Named {
  readonly kind: 'brush'
  readonly field: string
  readonly passive: readonly { readonly field: string; readonly positions: number }[]
  /** First and last position, both within. */
  readonly steps: readonly (readonly [number, number])[]
}

/** Names that contain the text, whatever the case of its letters: how many, and the first hundred. */
export interface SearchTask extends Named {
  readonly kind: 'search'
  readonly field: string
  readonly text: string
}

export type Task = StatesTask | CubeTask | ExpressionTask | DashboardTask | BrushTask | SearchTask

/** A row of an answer: values, states, counts and sums in an order given by the task; see `answer.ts`. */
export type AnswerRow = readonly (string | number | null)[]

/** The answer to a task by part: a field or a chart. Rows in any order. */
export type Answer = Readonly<Record<string, readonly AnswerRow[]>>
