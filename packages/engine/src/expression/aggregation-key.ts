import type { BoundAggregation } from './bound.ts'

/** Text that is equal for equal aggregations; places in the source do not matter. */
export function keyOf({ definition, args, distinct, set, total }: BoundAggregation): string {
  const parts = {
    name: definition.name,
    args,
    distinct,
    set: set ?? null,
    total: total === undefined ? 'all' : total,
  }
  return JSON.stringify(parts, (key, value: unknown) => {
    if (key === 'span') return undefined
    return key === 'definition' ? (value as { readonly name: string }).name : value
  })
}
