import { type Bitset, popcount } from '../storage/bitset.ts'
import { gatheredBytes } from './gathered-codes.ts'

/** Lists made last, by the set they were made of: the charts and list boxes of one selection ask for the same ones. Sets do not change. */
const recent: { readonly set: WeakRef<Bitset>; readonly rows: Int32Array }[] = []
const remembered = 4
/** Longer lists are not remembered: 64 MiB. */
const longest = 2 ** 24

/** The members of a set of rows, ascending. Not to be changed. */
export function rowList(set: Bitset): Int32Array {
  const known = recent.find((entry) => entry.set.deref() === set)
  if (known !== undefined) return known.rows
  const rows = listOf(set)
  if (rows.length <= longest) {
    recent.unshift({ set: new WeakRef(set), rows })
    recent.length = Math.min(recent.length, remembered)
  }
  return rows
}

/** Bytes of the lists remembered and of what was gathered by them. */
export function rowListBytes(): number {
  return recent.reduce((bytes, { rows }) => bytes + rows.byteLength + gatheredBytes(rows), 0)
}

function listOf({ words }: Bitset): Int32Array {
  let count = 0
  for (let w = 0; w < words.length; w++) count += popcount(words[w]!)
  const rows = new Int32Array(count)
  let at = 0
  for (let w = 0; w < words.length; w++) {
    const first = w * 32
    let word = words[w]! | 0
    if (word === -1) for (let bit = 0; bit < 32; bit++) rows[at++] = first + bit
    else for (; word !== 0; word &= word - 1) rows[at++] = first + 31 - Math.clz32(word & -word)
  }
  return rows
}
