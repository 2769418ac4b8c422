import { LichenError } from '../base/errors.ts'
import type { RecordSource } from '../grouping/frame.ts'
import { ProductFrame } from '../grouping/product-frame.ts'
import type { Environment } from './environment.ts'
import type { GroupSet } from './group-set.ts'

/** Ids of the groups of a result. */
export function shownGroups({ table, nullShown, dimensions }: GroupSet): Uint32Array {
  const ids = table.ids()
  if (nullShown || dimensions.length === 0) return ids
  const at = ids.indexOf(table.nullId())
  if (at === -1) return ids
  ids.copyWithin(at, at + 1)
  return ids.subarray(0, -1)
}

/** Each id several times in a row. */
export function repeatEach(ids: Uint32Array, times: number): Uint32Array {
  const out = new Uint32Array(ids.length * times)
  for (let i = 0; i < ids.length; i++) out.fill(ids[i]!, i * times, (i + 1) * times)
  return out
}

/** The whole list several times. */
export function repeatAll(ids: Uint32Array, times: number): Uint32Array {
  if (times === 1) return ids
  const out = new Uint32Array(ids.length * times)
  for (let i = 0; i < times; i++) out.set(ids, i * ids.length)
  return out
}

/** Every record of one list of sources with every record of another. @throws LichenError `budget-exceeded` */
export function crossed(
  left: readonly RecordSource[],
  right: readonly RecordSource[],
  env: Environment,
): readonly RecordSource[] {
  const total =
    left.reduce((sum, { count }) => sum + count, 0) *
    right.reduce((sum, { count }) => sum + count, 0)
  if (total > env.limits.maxJoinedRecords)
    throw new LichenError(
      'budget-exceeded',
      `An aggregation over tables that nothing links makes ${total} combinations, more than the limit of ${env.limits.maxJoinedRecords}. Link the tables or aggregate them apart`,
      { details: { combinations: total, limit: env.limits.maxJoinedRecords } },
    )
  const { view } = env
  return left.flatMap((a) =>
    right.map(
      (b) =>
        new ProductFrame(a, b, (field) =>
          (view.fields[field]?.places ?? []).some(({ table }) => a.has(table)),
        ),
    ),
  )
}
