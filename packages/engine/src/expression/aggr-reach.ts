import type { SetExpression } from './ast.ts'
import { type BoundAggr, fieldsOf, type Program } from './bound.ts'

/** The sets that an Aggr looks at: its own and those inside; undefined stands for that of the object. */
export function setsWithin({ set, program }: BoundAggr): readonly (SetExpression | undefined)[] {
  return [
    set,
    ...program.aggregations.map((aggregation) => aggregation.set),
    ...program.aggrs.flatMap(setsWithin),
  ]
}

/** The fields that an Aggr is grouped by and those it aggregates. */
export function fieldsWithin({ dimensions, program }: BoundAggr): ReadonlySet<number> {
  return new Set([...dimensions.map(({ field }) => field), ...fieldsOfProgram(program)])
}

function fieldsOfProgram({ aggregations, aggrs }: Program): readonly number[] {
  return [
    ...aggregations.flatMap(({ args }) => [...fieldsOf(args)]),
    ...aggrs.flatMap((inner) => [...fieldsWithin(inner)]),
  ]
}
