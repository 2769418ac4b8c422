import type { BoundAggregation } from './bound.ts'
import type { RunningAggregation } from './running-aggregation.ts'
import type { RecordSet } from './set.ts'

/** How one aggregation of a program is going to be read. */
export interface AggregationPlan {
  readonly index: number
  readonly bound: BoundAggregation
  readonly set: RecordSet
  /** Tables of the own fields; several lists when every place of a key field is read. */
  readonly variants: readonly (readonly number[])[]
  /** Fields read on the way to groups and virtual rows. */
  readonly further: readonly number[]
  /** Key fields whose values in tables outside the join belong to the records too. */
  readonly outside: readonly number[]
  readonly virtuals: readonly number[]
  readonly running: RunningAggregation
  readonly components: readonly number[]
}
