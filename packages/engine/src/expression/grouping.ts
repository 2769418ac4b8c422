import type { Vector } from '../value/vector.ts'
import type { SetExpression } from './ast.ts'
import type { Program } from './bound.ts'
import type { Dimension } from './dimension.ts'
import type { Environment } from './environment.ts'
import type { VirtualTable } from './record-block.ts'

/** What is grouped: a bound program, the dimensions, and the set the dimensions' own records come from. */
export interface GroupingRequest {
  readonly program: Program
  readonly dimensions: readonly Dimension[]
  /** Undefined: the selections of the object's state. */
  readonly set: SetExpression | undefined
  readonly env: Environment
  /** Rows of the program's Aggrs, when an earlier request of the same program made them. */
  readonly virtuals?: readonly VirtualTable[]
  /** Also aggregate over all records at once, where that costs no second pass. */
  readonly totals?: boolean
}

/** The rows of a grouping: codes per dimension, and for each aggregation of the program its results. */
export interface Grouping {
  readonly rows: number
  readonly codes: readonly Uint32Array[]
  /** `ids[row]` is the slot of `values`. */
  readonly aggregates: readonly { readonly values: Vector; readonly ids: Uint32Array }[]
  readonly virtuals: readonly VirtualTable[]
  /** Synthetic dimensions by key: a code per row. */
  readonly listed: ReadonlyMap<
    string,
    { readonly dimension: Dimension; readonly codes: Uint32Array }
  >
  /** Slot 0: the result over all records. Undefined where it was not asked for or needs a pass of its own. */
  readonly totals: readonly (Vector | undefined)[]
}
