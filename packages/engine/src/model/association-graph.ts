/** A table as the association graph sees it. */
export interface GraphTable {
  readonly name: string
  readonly rows: number
  readonly fields: readonly number[]
  readonly synthetic: boolean
}

export interface Loosening {
  /** Per table. */
  readonly loose: readonly boolean[]
  /** What was loosened on account of a circular reference, for people. */
  readonly notes: readonly string[]
}

/**
 * Makes the bipartite graph of tables and key fields a forest. Edges (table, shared field) are laid in load order; the first that closes
 * a cycle makes the table of that cycle with the most rows loose (ties: the one loaded later; a synthetic key's table only when there
 * is no other), and the laying starts again. `asked` are the tables of LOOSEN TABLE.
 * Source: https://help.qlik.com/en-US/qlikview/May2024/Subsystems/Client/Content/QV_QlikView/LoadData/understand-circular-references.htm
 * (the longest table of the loop is loosened)
 */
export function loosenCycles(
  tables: readonly GraphTable[],
  asked: ReadonlySet<string> = new Set(),
): Loosening {
  const loose = tables.map((table) => asked.has(table.name))
  const notes: string[] = []
  for (;;) {
    const cycle = findCycle(tables, loose)
    if (cycle === undefined) return { loose, notes }
    const own = cycle.filter((index) => tables[index]?.synthetic === false)
    const chosen = longest(tables, own.length > 0 ? own : cycle)
    loose[chosen] = true
    const names = cycle.map((index) => tables[index]?.name).join(', ')
    notes.push(
      `Circular reference through ${names}: table ${tables[chosen]?.name} is loosely coupled`,
    )
  }
}

/** Fields held by two or more tables that are not loose. */
export function linkedFields(
  tables: readonly GraphTable[],
  loose: readonly boolean[],
): ReadonlySet<number> {
  const seen = new Set<number>()
  const linked = new Set<number>()
  tables.forEach((table, index) => {
    if (loose[index] === true) return
    for (const field of table.fields) {
      if (seen.has(field)) linked.add(field)
      seen.add(field)
    }
  })
  return linked
}

/** Tables connected by linked fields; each loose table is alone. Ordered by their first table. */
export function componentsOf(
  tables: readonly GraphTable[],
  loose: readonly boolean[],
): readonly (readonly number[])[] {
  const linked = linkedFields(tables, loose)
  const component = new Map<number, number[]>()
  const byField = new Map<number, number[]>()
  tables.forEach((table, index) => {
    let own = [index]
    component.set(index, own)
    if (loose[index] === true) return
    for (const field of table.fields) {
      if (!linked.has(field)) continue
      const other = byField.get(field)
      if (other !== undefined && other !== own) {
        own = mergeInto(other, own)
        for (const member of own) component.set(member, own)
        for (const [key, members] of byField)
          if (members !== own && own.includes(members[0] ?? -1)) byField.set(key, own)
      }
      byField.set(field, own)
    }
  })
  return [...new Set(component.values())]
    .map((members) => members.sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
}

function mergeInto(target: number[], members: readonly number[]): number[] {
  target.push(...members)
  return target
}

/** The tables on the first cycle that appears when edges are laid in load order. */
function findCycle(
  tables: readonly GraphTable[],
  loose: readonly boolean[],
): readonly number[] | undefined {
  const linked = linkedFields(tables, loose)
  const tablesOfField = new Map<number, number[]>()
  const fieldsOfTable = new Map<number, number[]>()
  for (let index = 0; index < tables.length; index++) {
    if (loose[index] === true) continue
    for (const field of tables[index]?.fields ?? []) {
      if (!linked.has(field)) continue
      const path = pathBetween(index, field, fieldsOfTable, tablesOfField)
      if (path !== undefined) return path
      append(fieldsOfTable, index, field)
      append(tablesOfField, field, index)
    }
  }
  return undefined
}

/** The tables on the way from a table to a field over the edges laid so far; breadth first. */
function pathBetween(
  table: number,
  field: number,
  fieldsOfTable: ReadonlyMap<number, readonly number[]>,
  tablesOfField: ReadonlyMap<number, readonly number[]>,
): readonly number[] | undefined {
  const from = new Map<number, number>([[table, -1]])
  const queue = [table]
  const crossed = new Set<number>()
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    for (const next of fieldsOfTable.get(current) ?? []) {
      if (next === field) return trail(current, from)
      if (crossed.has(next)) continue
      crossed.add(next)
      for (const neighbour of tablesOfField.get(next) ?? []) {
        if (from.has(neighbour)) continue
        from.set(neighbour, current)
        queue.push(neighbour)
      }
    }
  }
  return undefined
}

function trail(end: number, from: ReadonlyMap<number, number>): number[] {
  const path: number[] = []
  for (let at = end; at >= 0; at = from.get(at) ?? -1) path.push(at)
  return path.reverse()
}

function longest(tables: readonly GraphTable[], candidates: readonly number[]): number {
  let best = candidates[0] ?? 0
  for (const index of candidates) {
    const rows = tables[index]?.rows ?? 0
    const bestRows = tables[best]?.rows ?? 0
    if (rows > bestRows || (rows === bestRows && index > best)) best = index
  }
  return best
}

function append(lists: Map<number, number[]>, key: number, member: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [member])
  else list.push(member)
}
