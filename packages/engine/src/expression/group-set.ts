import { GroupTable } from '../grouping/group-table.ts'
import type { Dimension } from './dimension.ts'

/** Groups of dimensions as passes find them; `nullShown`: the tuple of NULLs belongs to the result. */
export class GroupSet {
  readonly dimensions: readonly Dimension[]
  readonly table: GroupTable
  nullShown = false

  constructor(dimensions: readonly Dimension[], maxGroups: number) {
    this.dimensions = dimensions
    this.table = new GroupTable(
      dimensions.map(({ size }) => size),
      maxGroups,
    )
  }
}
