import { type CancellationToken, throwIfCancelled } from '../base/cancellation.ts'
import type { RecordSource } from '../grouping/frame.ts'
import { noGroup } from '../grouping/group-table.ts'
import { blockRows } from '../value/vector.ts'
import { runByBranch } from './branch-pass.ts'
import type { GroupSet } from './group-set.ts'
import { idReader } from './id-reader.ts'
import { runByKernels } from './kernel-pass.ts'
import { RecordBlock, type RecordLeaves } from './record-block.ts'
import { codedRows, type RunningAggregation } from './running-aggregation.ts'

export interface Pass {
  readonly sources: readonly RecordSource[]
  readonly groups: GroupSet
  readonly aggregations: readonly RunningAggregation[]
  /** Without aggregations: records of the main source show the tuple of NULLs. */
  readonly showsNull: boolean
}

/** Reads the records of a pass once: groups them and feeds its aggregations. @throws LichenError `cancelled`, `budget-exceeded` */
export function runPass(pass: Pass, leaves: RecordLeaves, cancellation: CancellationToken): void {
  const { groups, aggregations, sources } = pass
  const { table, dimensions } = groups
  // A count asked for may have to join the records first.
  table.expect(sources.reduce((records, source) => records + (source.atLeast ?? source.count), 0))
  const longBlocks =
    dimensions.every(({ plain }) => plain === true) && aggregations.every(({ isCoded }) => isCoded)
  const rows = longBlocks ? codedRows : blockRows
  const runNear = (near: Pass): void => runPass(near, leaves, cancellation)
  for (const source of sources) {
    const counting =
      dimensions.length > 0
        ? aggregations
        : aggregations.filter((aggregation) => !aggregation.addCounts(source))
    if (dimensions.length === 0 && counting.length === 0) continue
    throwIfCancelled(cancellation)
    const showsNull = aggregations.length > 0 || (pass.showsNull && source.main)
    if (longBlocks && runByKernels(source, groups, counting, showsNull)) continue
    if (longBlocks && runByBranch(source, groups, counting, showsNull, runNear)) continue
    const block = new RecordBlock(source, leaves)
    const read = idReader(groups, block, rows)
    for (let start = 0, turn = 0; start < source.count; start += rows, turn++) {
      if ((turn & 63) === 0) throwIfCancelled(cancellation)
      block.moveTo(start, Math.min(rows, source.count - start))
      const ids = read()
      for (const aggregation of counting) aggregation.add(block, ids)
      if (dimensions.length === 0 || groups.nullShown) continue
      const nullId = table.nullId()
      if (nullId === noGroup) continue
      groups.nullShown =
        (pass.showsNull && source.main && ids.subarray(0, block.count).includes(nullId)) ||
        aggregations.some((aggregation) => aggregation.counts(block, ids, nullId))
    }
  }
}
