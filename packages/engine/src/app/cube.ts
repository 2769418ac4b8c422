import { tokenOf } from '../base/cancellation.ts'
import { LichenError } from '../base/errors.ts'
import type { CubeCell, CubeDimensionInfo, CubeMeasureInfo } from '../hypercube/cube.ts'
import type {
  CubeDefinition,
  CubeDimension,
  CubeMeasure,
  SortCriteria,
} from '../hypercube/definition.ts'
import type { Session } from './session.ts'
import type { SignalOption } from './signal-option.ts'

export interface CubeOptions<Field extends string = string> {
  /** Field names, expressions with a leading `=`, or full definitions. */
  readonly dimensions?: readonly (Field | `=${string}` | CubeDimension)[]
  readonly measures?: readonly (string | CubeMeasure)[]
  /** By priority; columns not named follow in their order. */
  readonly sort?: readonly CubeSort[]
  readonly suppressZero?: boolean
  readonly suppressMissing?: boolean
  readonly state?: string
  readonly condition?: string
}

/** Sorts by a dimension (0-based) or a measure (0-based). */
export type CubeSort =
  | {
      readonly dimension: number
      readonly by?: 'numeric' | 'text' | 'load' | 'state' | 'frequency'
      readonly order?: 'ascending' | 'descending'
    }
  | {
      readonly dimension: number
      readonly by: 'expression'
      readonly expression: string
      readonly order?: 'ascending' | 'descending'
    }
  | { readonly measure: number; readonly order?: 'ascending' | 'descending' }

/** A computed table, plain data. */
export interface CubeResult {
  readonly rows: number
  readonly dimensions: readonly CubeDimensionInfo[]
  readonly measures: readonly CubeMeasureInfo[]
  readonly totals: readonly CubeCell[]
  page(top?: number, height?: number): CubeCell[][]
}

/** A live table: `read` computes it for the selections of the moment. */
export class AppCube {
  readonly #session: Session
  readonly definition: CubeDefinition

  constructor(session: Session, definition: CubeDefinition) {
    this.#session = session
    this.definition = definition
  }

  /** The whole table; cells are made for the pages asked for. @throws LichenError `budget-exceeded`, `cancelled` */
  read(options: SignalOption = {}): CubeResult {
    const cube = this.#session.cube(this.definition, { cancellation: tokenOf(options.signal) })
    return {
      rows: cube.rows,
      dimensions: cube.dimensions,
      measures: cube.measures,
      totals: cube.totals,
      page: (top = 0, height = 10_000) => cube.page(0, top, cube.columns, height),
    }
  }

  /** Rows of cells from `top` on. */
  page(top: number = 0, height: number = 10_000): CubeCell[][] {
    return this.read().page(top, height)
  }

  /** Hands over the table now and after every change of selections, data or variables; returns the way to stop. */
  subscribe(listener: (result: CubeResult) => void): () => void {
    listener(this.read())
    return this.#session.onChange(() => listener(this.read()))
  }
}

/** The definition the options mean. @throws LichenError `invalid-argument` for a sort of a column that is not there */
export function cubeDefinition(options: CubeOptions): CubeDefinition {
  const dimensions = (options.dimensions ?? []).map(
    (given): CubeDimension => (typeof given === 'string' ? { definition: given } : given),
  )
  const measures = (options.measures ?? []).map(
    (given): CubeMeasure => (typeof given === 'string' ? { definition: given } : given),
  )
  const order: number[] = []
  for (const sort of options.sort ?? []) {
    const direction = sort.order === 'descending' ? -1 : 1
    if ('measure' in sort) {
      const measure = measures[sort.measure]
      if (measure === undefined)
        throw new LichenError(
          'invalid-argument',
          `sort names measure ${sort.measure}, there are ${measures.length}`,
        )
      measures[sort.measure] = { ...measure, sort: { numeric: direction } }
      order.push(dimensions.length + sort.measure)
      continue
    }
    const dimension = dimensions[sort.dimension]
    if (dimension === undefined)
      throw new LichenError(
        'invalid-argument',
        `sort names dimension ${sort.dimension}, there are ${dimensions.length}`,
      )
    dimensions[sort.dimension] = { ...dimension, sort: criteria(sort, direction) }
    order.push(sort.dimension)
  }
  for (let column = 0; column < dimensions.length + measures.length; column++)
    if (!order.includes(column)) order.push(column)
  const { suppressZero, suppressMissing, state, condition } = options
  return {
    dimensions,
    measures,
    columnSortOrder: order,
    ...(suppressZero === undefined ? {} : { suppressZero }),
    ...(suppressMissing === undefined ? {} : { suppressMissing }),
    ...(state === undefined ? {} : { state }),
    ...(condition === undefined ? {} : { condition }),
  }
}

function criteria(
  sort: Extract<CubeSort, { readonly dimension: number }>,
  direction: 1 | -1,
): SortCriteria {
  switch (sort.by) {
    case 'expression':
      return { expression: { text: sort.expression, direction } }
    case 'load':
      return { loadOrder: direction }
    case 'text':
      return { text: direction }
    case 'state':
      return { state: direction }
    case 'frequency':
      return { frequency: direction }
    default:
      return { numeric: direction, text: direction }
  }
}
