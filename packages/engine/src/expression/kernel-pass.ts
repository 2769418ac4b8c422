import type { RecordCodes, RecordSource } from '../grouping/frame.ts'
import { NotInArena } from '../wasm/arena.ts'
import type { Operand } from '../wasm/program.ts'
import type { GroupSet } from './group-set.ts'

/** An aggregation whose work kernels may do. */
export interface Plannable {
  /** Whether each record of a source counts once. */
  canPlan(source: RecordSource): boolean
  /** Plans adding all records of a source. @throws NotInArena */
  plan(source: RecordSource, records: RecordCodes, ids: Operand | undefined): void
}

/**
 * Reads a source of a pass by kernels, when dimensions and aggregations read nothing but codes; false where nothing was done.
 * `showsNull`: a tuple of NULLs among the records belongs to the result.
 */
export function runByKernels(
  source: RecordSource,
  groups: GroupSet,
  aggregations: readonly Plannable[],
  showsNull: boolean,
): boolean {
  if (source.byKernels === undefined || !aggregations.every((one) => one.canPlan(source)))
    return false
  const found = (hasNull: boolean): void => {
    groups.nullShown ||= hasNull && showsNull
  }
  return source.byKernels((records) => {
    const ids = groups.dimensions.length === 0 ? undefined : planIds(groups, source, records, found)
    for (const aggregation of aggregations) aggregation.plan(source, records, ids)
  })
}

function planIds(
  { table, dimensions }: GroupSet,
  source: RecordSource,
  records: RecordCodes,
  found: (hasNull: boolean) => void,
): Operand {
  const fields = dimensions.map(({ field }) => field ?? -1)
  const [only = -1, ...others] = fields
  if (others.length === 0) {
    const counts = source.countsByCode?.(only)
    if (counts !== undefined && table.addCounted(counts)) {
      records.program.atEnd(() => found(counts[0] !== 0))
      return records.codes(only)
    }
  }
  const ids = table.planIds(
    records.program,
    fields.map((field) => {
      const path = source.keyOf?.(field)
      const isShort = path !== undefined && path.map.length <= source.count
      return isShort
        ? { codes: records.codes(path.key), map: path.map }
        : { codes: records.codes(field), map: undefined }
    }),
    found,
  )
  if (ids === undefined) throw new NotInArena()
  return ids
}
