import { Bitset } from '../storage/bitset.ts'
import type { Codes, Column } from '../storage/column.ts'
import { rowIndexOf, wantRowIndex } from '../storage/row-index.ts'
import { countInArena, isInArena, seenInArena } from './arena-reads.ts'
import { countAll, countBits, countList, markAll, markBits, markList } from './row-kernels.ts'
import { scratchBytes } from './row-memory.ts'
import { Rows } from './rows.ts'

/** Rows read before it is asked for the first time whether everything was seen; then twice as many, and so on. */
const firstBlock = 2048

/**
 * The codes that occur in some rows (null = all rows) of a column, without NULL. `size` = symbols + 1; `most` = how many codes can
 * occur at all, where known. Stops once every code was seen, and looks the last few up where the column has an index.
 */
export function codesInRows(
  column: Column,
  rows: Bitset | Rows | null,
  size: number,
  most: number = size - 1,
): Bitset {
  const some = rows instanceof Bitset ? new Rows(rows.size, rows) : rows
  const known = some === null ? null : some.shortList()
  if (known !== null && known.length < size / 32) return fewCodes(column, known, size)
  const seen = scratchBytes(size)
  const perRow = some === null ? 1 : Math.max(1, some.size / (some.count + 1))
  for (const { start, codes } of column.segments) {
    // A list is made only for a column that a few blocks do not settle.
    const byKernels = isInArena(column, some)
    let block = Math.ceil(Math.max(firstBlock, byKernels ? 0 : size * 4) * perRow)
    for (let at = 0, turn = 0; at < codes.length; block *= 2, turn++) {
      const end = Math.min(codes.length, at + block)
      const isLong = turn > 1 || end === codes.length
      mark(codes, some, isLong, at, end, start, seen)
      at = end
      if (at === codes.length) break
      const missing = most - countSeen(seen, size)
      const left = codes.length - at
      if (missing === 0 || (some !== null && finish(column, some, size, seen, missing, left)))
        return setOf(seen, size)
      if (byKernels && seenInArena(column, some, seen)) return setOf(seen, size)
    }
  }
  return setOf(seen, size)
}

/** Marks the codes of those of some rows that lie at from … to - 1 of a segment. */
function mark(
  codes: Codes,
  rows: Rows | null,
  isLong: boolean,
  from: number,
  to: number,
  start: number,
  seen: Uint8Array,
): void {
  if (rows === null) {
    markAll(codes, from, to, seen)
    return
  }
  const list = isLong ? rows.list() : rows.knownList()
  if (list === null) markBits(codes, rows.bits.words, from, to, start, seen)
  else
    markList(
      codes,
      list,
      firstAtLeast(list, start + from),
      firstAtLeast(list, start + to),
      start,
      seen,
    )
}

/** How many of some rows (null = all) hold each code; index = code, NULL included. */
export function countCodes(column: Column, rows: Bitset | Rows | null, size: number): Uint32Array {
  const some = rows instanceof Bitset ? new Rows(rows.size, rows) : rows
  const counts = new Uint32Array(size)
  if (countInArena(column, some, counts)) return counts
  const list = some === null ? null : some.list()
  for (const { start, codes } of column.segments) {
    const { length } = codes
    if (some === null) countAll(codes, 0, length, counts)
    else if (list === null) countBits(codes, some.bits.words, 0, length, start, counts)
    else {
      const from = firstAtLeast(list, start)
      countList(codes, list, from, firstAtLeast(list, start + length), start, counts)
    }
  }
  return counts
}

/** The first place of an ascending list whose row is not below `row`. */
function firstAtLeast(list: Uint32Array, row: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (list[middle]! < row) low = middle + 1
    else high = middle
  }
  return low
}

/** Straight into the set, where a byte per code would cost more than the rows. */
function fewCodes(column: Column, list: Uint32Array, size: number): Bitset {
  const set = new Bitset(size)
  for (const { start, codes } of column.segments) {
    const to = firstAtLeast(list, start + codes.length)
    for (let i = firstAtLeast(list, start); i < to; i++) set.add(codes[list[i]! - start]!)
  }
  if (size > 0) set.delete(0)
  return set
}

/** Looks for the codes not seen yet through the index, if that reads less than the `left` rows of the column. */
function finish(
  column: Column,
  rows: Rows,
  size: number,
  seen: Uint8Array,
  missing: number,
  left: number,
): boolean {
  const index = rowIndexOf(column)
  if (index === undefined) {
    // What would have to be looked up, were there an index, at rows as many as a code has on the average.
    if (missing * (column.rows / size) < left / 4) wantRowIndex(column, size)
    return false
  }
  const { offsets, rows: rowsOfCode } = index
  const limit = (left * rows.count) / rows.size / 2
  let cost = 0
  for (let code = 1; code < size; code++) {
    if (seen[code] === 1) continue
    cost += 8 + offsets[code + 1]! - offsets[code]!
    if (cost > limit) return false
  }
  const { words } = rows.bits
  for (let code = 1; code < size; code++) {
    if (seen[code] === 1) continue
    const end = offsets[code + 1]!
    for (let i = offsets[code]!; i < end; i++) {
      const row = rowsOfCode[i]!
      if (((words[row >>> 5]! >>> (row & 31)) & 1) === 0) continue
      seen[code] = 1
      break
    }
  }
  return true
}

function countSeen(seen: Uint8Array, size: number): number {
  let count = 0
  for (let code = 1; code < size; code++) count += seen[code]!
  return count
}

/** Bytes of 0 or 1 to bits, four at a time: a multiplication brings them together at the top. */
function setOf(seen: Uint8Array, size: number): Bitset {
  seen[0] = 0
  const set = new Bitset(size)
  const quads = new Uint32Array(seen.buffer, 0, seen.length / 4)
  const { words } = set
  for (let w = 0, at = 0; w < words.length; w++) {
    let word = 0
    for (let shift = 0; shift < 32; shift += 4, at++)
      word |= (Math.imul(quads[at]!, 0x10204080) >>> 28) << shift
    words[w] = word
  }
  return set
}
