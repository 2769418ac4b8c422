import { assert } from '../base/assert.ts'
import type { JoinStep, JoinTree } from '../grouping/join-tree.ts'
import type { ModelView } from '../model/view.ts'

/**
 * Tables outside a join that hold one of the key fields given, from the join outwards: their rows that no row before them refers to are records too.
 */
export function fringeOf(
  view: ModelView,
  tree: JoinTree,
  fields: Iterable<number>,
): readonly JoinStep[] {
  const steps: JoinStep[] = []
  const reached = new Set(tree.tables)
  const keys = new Set(fields)
  // A table that was reached may hold a key that leads further.
  for (let before = -1; steps.length > before; ) {
    before = steps.length
    for (const field of keys) {
      const links = view.linksOfField(field)
      const holders = links.map(({ table }) => table).filter((table) => reached.has(table))
      if (holders.length === 0) continue
      for (const link of links) {
        if (reached.has(link.table)) continue
        assert(link.field === field, 'links of a field are of that field')
        steps.push({ table: link.table, link, sources: [...holders] })
        holders.push(link.table)
        reached.add(link.table)
      }
    }
  }
  return steps
}
