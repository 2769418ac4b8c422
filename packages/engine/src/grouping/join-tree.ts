import type { KeyLink } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'

/** How one table joins those before it: by `link`, to whichever of `sources` is there. */
export interface JoinStep {
  readonly table: number
  readonly link: KeyLink
  /** Tables earlier in the order that hold the same key field. */
  readonly sources: readonly number[]
}

/**
 * The smallest subtree of the association forest that holds the needed tables, in an order in which every table but the root follows one
 * it is linked to. `expanding`: some link leads to several rows, so that records have to be expanded.
 */
export interface JoinTree {
  readonly root: number
  readonly steps: readonly JoinStep[]
  /** Root first, then the tables of `steps`. */
  readonly tables: readonly number[]
  readonly expanding: boolean
}

/** `needed` holds tables of one component, at least one. */
export function joinTree(view: ModelView, needed: Iterable<number>): JoinTree {
  const tables = spannedTables(view, [...new Set(needed)])
  let best: JoinTree | undefined
  let bestCost: readonly [number, number] = [Number.POSITIVE_INFINITY, 0]
  for (const root of tables) {
    const tree = rootedAt(view, root, tables)
    const cost = [
      tree.steps.filter(({ link }) => !link.unique).length,
      -rowsOf(view, root),
    ] as const
    if (cost[0] < bestCost[0] || (cost[0] === bestCost[0] && cost[1] < bestCost[1])) {
      best = tree
      bestCost = cost
    }
  }
  return best ?? { root: -1, steps: [], tables: [], expanding: false }
}

/** The position of the component of each table in `view.components`. */
export function componentOf(view: ModelView, table: number): number {
  return view.components.findIndex((tables) => tables.includes(table))
}

/** How many key fields lie between two tables of a component; infinite across components. */
export function distance(view: ModelView, from: number, to: number): number {
  return pathTo(view, from, to)?.length ?? Number.POSITIVE_INFINITY
}

function spannedTables(view: ModelView, needed: readonly number[]): Set<number> {
  const [first = -1, ...others] = needed
  const tables = new Set([first])
  for (const table of others)
    for (const passed of pathTo(view, first, table) ?? [table]) tables.add(passed)
  return tables
}

/** The tables after `from` on the way to `to`; undefined when there is no way. */
function pathTo(view: ModelView, from: number, to: number): readonly number[] | undefined {
  const before = new Map<number, number>([[from, -1]])
  const queue = [from]
  for (const table of queue) {
    if (table === to) return backtrack(before, to)
    for (const { field } of view.linksOfTable(table)) {
      for (const next of view.linksOfField(field)) {
        if (before.has(next.table)) continue
        before.set(next.table, table)
        queue.push(next.table)
      }
    }
  }
  return undefined
}

function backtrack(before: ReadonlyMap<number, number>, to: number): readonly number[] {
  const path: number[] = []
  for (let at = to; (before.get(at) ?? -1) !== -1; at = before.get(at) ?? -1) path.unshift(at)
  return path
}

function rootedAt(view: ModelView, root: number, tables: ReadonlySet<number>): JoinTree {
  const order = [root]
  const steps: JoinStep[] = []
  for (const table of order) {
    for (const { field } of view.linksOfTable(table)) {
      const holders = view.linksOfField(field).filter((link) => tables.has(link.table))
      for (const link of holders) {
        if (order.includes(link.table)) continue
        const sources = order.filter((earlier) =>
          holders.some((holder) => holder.table === earlier),
        )
        order.push(link.table)
        steps.push({ table: link.table, link, sources })
      }
    }
  }
  return { root, steps, tables: order, expanding: steps.some(({ link }) => !link.unique) }
}

function rowsOf(view: ModelView, table: number): number {
  return view.tables[table]?.rows ?? 0
}
