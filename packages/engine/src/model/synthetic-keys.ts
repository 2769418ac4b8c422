/** A table as the planning of synthetic keys sees it: which fields it holds. */
export interface TableFields {
  readonly name: string
  readonly fields: readonly string[]
}

/** One synthetic key: `tables` (indices; tables made by earlier groups follow the given ones) give up `fields` for `key`. */
export interface SyntheticGroup {
  readonly key: string
  readonly table: string
  readonly fields: readonly string[]
  readonly tables: readonly number[]
}

/**
 * Decides which synthetic keys a model needs, from names alone. While two tables share two or more fields: take the largest set of
 * fields some pair shares (ties: held by most tables, then first in table order); every table holding all of it exchanges the set
 * for the key `$Syn n`, and a new table `$Syn n Table` holds key and set. The new table takes part in the following rounds.
 * Ends because each round lowers the number of tables that share a pair of fields.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/LoadData/synthetic-keys.htm (the effect, not the order)
 */
export function planSyntheticKeys(given: readonly TableFields[]): readonly SyntheticGroup[] {
  const tables = given.map((table) => new Set(table.fields))
  const taken = new Set([
    ...given.map((table) => table.name),
    ...given.flatMap((table) => table.fields),
  ])
  const groups: SyntheticGroup[] = []
  for (let number = 1; ; number++) {
    const found = largestShared(tables)
    if (found === undefined) return groups
    while (taken.has(`$Syn ${number}`) || taken.has(`$Syn ${number} Table`)) number += 1
    const group = { key: `$Syn ${number}`, table: `$Syn ${number} Table`, ...found }
    groups.push(group)
    for (const index of group.tables) {
      const fields = tables[index]
      for (const field of group.fields) fields?.delete(field)
      fields?.add(group.key)
    }
    tables.push(new Set([group.key, ...group.fields]))
  }
}

interface SharedFields {
  readonly fields: readonly string[]
  readonly tables: readonly number[]
}

function largestShared(tables: readonly ReadonlySet<string>[]): SharedFields | undefined {
  let best: SharedFields | undefined
  const seen = new Set<string>()
  for (let left = 0; left < tables.length; left++) {
    for (let right = left + 1; right < tables.length; right++) {
      const fields = shared(tables[left], tables[right])
      if (fields.length < 2 || fields.length < (best?.fields.length ?? 2)) continue
      const signature = JSON.stringify([...fields].sort())
      if (seen.has(signature)) continue
      seen.add(signature)
      const holders = tables.flatMap((table, index) =>
        fields.every((field) => table.has(field)) ? [index] : [],
      )
      const better =
        best === undefined ||
        fields.length > best.fields.length ||
        holders.length > best.tables.length
      if (better) best = { fields, tables: holders }
    }
  }
  return best
}

function shared(
  left: ReadonlySet<string> | undefined,
  right: ReadonlySet<string> | undefined,
): string[] {
  return left === undefined || right === undefined
    ? []
    : [...left].filter((field) => right.has(field))
}
