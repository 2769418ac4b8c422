import { GroupTable } from '../grouping/group-table.ts'
import type { Dimension } from './dimension.ts'

/** Groups of dimensions as passes find them; `nullShown`: the tuple of NULLs belongs to the result. */
export class GroupSet {
  readonly dimensions: readonly Dimension[]
  readonly table: GroupTable
  readonly maxGroups: number
  nullShown = false

  constructor(dimensions: readonly Dimension[], maxGroups: number) {
    this.dimensions = dimensions
    this.maxGroups = maxGroups
    this.table = new GroupTable(
      dimensions.map(({ size }) => size),
      maxGroups,
    )
  }
}
