import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'

/**
 * The codes that occur in some rows (null = all rows) of a column, without NULL. `size` = symbols + 1. Stops as soon as every symbol
 * was seen.
 */
export function codesInRows(column: Column, rows: Bitset | null, size: number): Bitset {
  const seen = new Uint8Array(size)
  seen[0] = 1
  let missing = size - 1
  for (const { start, codes } of column.segments) {
    if (missing === 0) break
    if (codes instanceof Uint8Array) missing = see8(codes, start, rows, seen, missing)
    else if (codes instanceof Uint16Array) missing = see16(codes, start, rows, seen, missing)
    else missing = see32(codes, start, rows, seen, missing)
  }
  seen[0] = 0
  return missing === 0 ? allSymbols(size) : setOf(seen)
}

/** How many of some rows (null = all) hold each code; index = code, NULL included. */
export function countCodes(column: Column, rows: Bitset | null, size: number): Uint32Array {
  const counts = new Uint32Array(size)
  for (const { start, codes } of column.segments) {
    if (codes instanceof Uint8Array) count8(codes, start, rows, counts)
    else if (codes instanceof Uint16Array) count16(codes, start, rows, counts)
    else count32(codes, start, rows, counts)
  }
  return counts
}

function allSymbols(size: number): Bitset {
  const codes = Bitset.full(size)
  codes.delete(0)
  return codes
}

function setOf(seen: Uint8Array): Bitset {
  const set = new Bitset(seen.length)
  const { words } = set
  for (let code = 0; code < seen.length; code++) words[code >>> 5]! |= seen[code]! << (code & 31)
  return set
}

/** Bits of word `w` that belong to the rows start … end - 1. */
function wordOfRows(rows: Bitset | null, w: number, start: number, end: number): number {
  let word = rows === null ? -1 : rows.words[w]! | 0
  const first = w << 5
  if (first < start) word &= -1 << (start - first)
  if (end - first < 32) word &= (1 << (end - first)) - 1
  return word
}

function see8(
  codes: Uint8Array,
  start: number,
  rows: Bitset | null,
  seen: Uint8Array,
  missing: number,
): number {
  const end = start + codes.length
  for (let w = start >>> 5; w << 5 < end && missing > 0; w++) {
    const base = (w << 5) - start
    let word = wordOfRows(rows, w, start, end)
    for (; word !== 0; word &= word - 1) {
      const code = codes[base + 31 - Math.clz32(word & -word)]!
      missing -= 1 - seen[code]!
      seen[code] = 1
    }
  }
  return missing
}

function see16(
  codes: Uint16Array,
  start: number,
  rows: Bitset | null,
  seen: Uint8Array,
  missing: number,
): number {
  const end = start + codes.length
  for (let w = start >>> 5; w << 5 < end && missing > 0; w++) {
    const base = (w << 5) - start
    let word = wordOfRows(rows, w, start, end)
    for (; word !== 0; word &= word - 1) {
      const code = codes[base + 31 - Math.clz32(word & -word)]!
      missing -= 1 - seen[code]!
      seen[code] = 1
    }
  }
  return missing
}

function see32(
  codes: Uint32Array,
  start: number,
  rows: Bitset | null,
  seen: Uint8Array,
  missing: number,
): number {
  const end = start + codes.length
  for (let w = start >>> 5; w << 5 < end && missing > 0; w++) {
    const base = (w << 5) - start
    let word = wordOfRows(rows, w, start, end)
    for (; word !== 0; word &= word - 1) {
      const code = codes[base + 31 - Math.clz32(word & -word)]!
      missing -= 1 - seen[code]!
      seen[code] = 1
    }
  }
  return missing
}

function count8(codes: Uint8Array, start: number, rows: Bitset | null, counts: Uint32Array): void {
  const end = start + codes.length
  for (let w = start >>> 5; w << 5 < end; w++) {
    const base = (w << 5) - start
    let word = wordOfRows(rows, w, start, end)
    for (; word !== 0; word &= word - 1) counts[codes[base + 31 - Math.clz32(word & -word)]!]! += 1
  }
}

function count16(
  codes: Uint16Array,
  start: number,
  rows: Bitset | null,
  counts: Uint32Array,
): void {
  const end = start + codes.length
  for (let w = start >>> 5; w << 5 < end; w++) {
    const base = (w << 5) - start
    let word = wordOfRows(rows, w, start, end)
    for (; word !== 0; word &= word - 1) counts[codes[base + 31 - Math.clz32(word & -word)]!]! += 1
  }
}

function count32(
  codes: Uint32Array,
  start: number,
  rows: Bitset | null,
  counts: Uint32Array,
): void {
  const end = start + codes.length
  for (let w = start >>> 5; w << 5 < end; w++) {
    const base = (w << 5) - start
    let word = wordOfRows(rows, w, start, end)
    for (; word !== 0; word &= word - 1) counts[codes[base + 31 - Math.clz32(word & -word)]!]! += 1
  }
}
