import { assert } from '../base/assert.ts'
import type { JoinStep, JoinTree } from '../grouping/join-tree.ts'
import type { ModelView } from '../model/view.ts'

/**
 * Tables outside a join that hold one of the key fields groups are made by: their rows that no row of the join refers to bring further values.
 */
export function fringeOf(
  view: ModelView,
  tree: JoinTree,
  fields: Iterable<number>,
): readonly JoinStep[] {
  const steps: JoinStep[] = []
  for (const field of new Set(fields)) {
    const links = view.linksOfField(field)
    const holders = links.map(({ table }) => table).filter((table) => tree.tables.includes(table))
    if (holders.length === 0) continue
    for (const link of links) {
      if (tree.tables.includes(link.table)) continue
      assert(link.field === field, 'links of a field are of that field')
      steps.push({ table: link.table, link, sources: [...holders] })
      holders.push(link.table)
    }
  }
  return steps
}
