import type { Bitset } from '../storage/bitset.ts'

/** Lists made last, by the set they were made of: the charts and list boxes of one selection ask for the same ones. Sets do not change. */
const recent: { readonly set: WeakRef<Bitset>; readonly rows: Int32Array }[] = []
const remembered = 4
/** Longer lists are not remembered: 64 MiB. */
const longest = 2 ** 24

/** The members of a set of rows, ascending. Not to be changed. */
export function rowList(set: Bitset): Int32Array {
  const known = recent.find((entry) => entry.set.deref() === set)
  return known === undefined ? keepRowList(set, listOf(set)) : known.rows
}

/** Remembers the list of a set that somebody has made already; it is not to be changed from now on. */
export function keepRowList(set: Bitset, rows: Int32Array): Int32Array {
  if (rows.length <= longest) {
    recent.unshift({ set: new WeakRef(set), rows })
    recent.length = Math.min(recent.length, remembered)
  }
  return rows
}

/** The lists remembered. */
export function rememberedLists(): readonly Int32Array[] {
  return recent.map(({ rows }) => rows)
}

const counts = new WeakMap<Bitset, number>()

/** How many members a set of rows has, counted once. */
export function rowCount(set: Bitset): number {
  let count = counts.get(set)
  if (count === undefined) {
    count = set.count()
    counts.set(set, count)
  }
  return count
}

function listOf(set: Bitset): Int32Array {
  const rows = new Int32Array(rowCount(set))
  set.fillMembers(rows)
  return rows
}
