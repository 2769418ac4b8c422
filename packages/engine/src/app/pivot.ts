import { tokenOf } from '../base/cancellation.ts'
import type { CubeCell } from '../hypercube/cube.ts'
import type { CubeMeasure } from '../hypercube/definition.ts'
import {
  type Expansion,
  measuresHeading,
  type PivotDefinition,
  type PivotDimension,
} from '../hypercube/pivot-definition.ts'
import type { Pivot } from '../hypercube/pivot-table.ts'
import type { Session } from './session.ts'
import type { SignalOption } from './signal-option.ts'

export interface PivotOptions<Field extends string = string> {
  /** Field names, expressions with a leading `=`, or full definitions; from outside in. */
  readonly rows?: readonly (Field | `=${string}` | PivotDimension)[]
  readonly columns?: readonly (Field | `=${string}` | PivotDimension)[]
  readonly measures?: readonly (string | CubeMeasure)[]
  /** Where several measures are named: the innermost heading of the columns when absent. */
  readonly measuresIn?: 'rows' | 'columns'
  /** Totals of all dimensions that do not say otherwise. */
  readonly totals?: 'before' | 'after'
  /** Which headings show what is inside them; all when absent. */
  readonly expanded?: { readonly rows?: Expansion; readonly columns?: Expansion }
  readonly suppressZero?: boolean
  readonly suppressMissing?: boolean
  readonly state?: string
  readonly condition?: string
}

/** A computed pivot table, plain data. */
export interface PivotResult extends Omit<Pivot, 'page' | 'bytes' | 'conditionUnfulfilled'> {
  /** Cells row by row; null where no record has the values of row and column. */
  page(top?: number, height?: number, left?: number, width?: number): (CubeCell | null)[][]
}

/** A live pivot table: `read` computes it for the selections of the moment. */
export class AppPivot {
  readonly #session: Session
  readonly definition: PivotDefinition

  constructor(session: Session, definition: PivotDefinition) {
    this.#session = session
    this.definition = definition
  }

  /** The whole table; cells are made for the pages asked for. @throws LichenError `budget-exceeded`, `cancelled` */
  read(options: SignalOption = {}): PivotResult {
    const pivot = this.#session.pivot(this.definition, { cancellation: tokenOf(options.signal) })
    const { rows, columns, rowHeadings, columnHeadings, dimensions, measures } = pivot
    return {
      rows,
      columns,
      rowHeadings,
      columnHeadings,
      dimensions,
      measures,
      page: (top = 0, height = 10_000, left = 0, width = columns) =>
        pivot.page(left, top, width, height),
    }
  }

  /** Hands over the table now and after every change of selections, data or variables; returns the way to stop. */
  subscribe(listener: (result: PivotResult) => void): () => void {
    listener(this.read())
    return this.#session.onChange(() => listener(this.read()))
  }
}

/** The definition the options mean. */
export function pivotDefinition({
  rows = [],
  columns = [],
  measures = [],
  measuresIn = 'columns',
  totals,
  expanded = {},
  suppressZero,
  suppressMissing,
  state,
  condition,
}: PivotOptions): PivotDefinition {
  const dimensions = [...rows, ...columns].map((given): PivotDimension => {
    const own = typeof given === 'string' ? { definition: given } : given
    return totals === undefined ? own : { total: totals, ...own }
  })
  const named = measures.length > 1 ? [measuresHeading] : []
  return {
    dimensions,
    measures: measures.map((given) => (typeof given === 'string' ? { definition: given } : given)),
    rowHeadings: [...rows.keys(), ...(measuresIn === 'rows' ? named : [])],
    columnHeadings: [
      ...[...columns.keys()].map((index) => rows.length + index),
      ...(measuresIn === 'columns' ? named : []),
    ],
    ...(expanded.rows === undefined ? {} : { expandedRows: expanded.rows }),
    ...(expanded.columns === undefined ? {} : { expandedColumns: expanded.columns }),
    ...(suppressZero === undefined ? {} : { suppressZero }),
    ...(suppressMissing === undefined ? {} : { suppressMissing }),
    ...(state === undefined ? {} : { state }),
    ...(condition === undefined ? {} : { condition }),
  }
}
