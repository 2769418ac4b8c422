import { Bitset } from '../storage/bitset.ts'
import type { Codes, Column } from '../storage/column.ts'
import { type RowIndex, rowIndexOf, wantRowIndex } from '../storage/row-index.ts'
import { filterInArena } from './arena-reads.ts'
import { scratchBytes, takeZeros } from './row-memory.ts'
import { copyOf, Rows } from './rows.ts'

/** Share of a table's rows up to which an index beats a scan. */
const indexShare = 1 / 12

/** The rows whose code is in a set: looked up in the column's index when they are few, else by a scan. */
export function rowsOfCodes(column: Column, codes: Bitset): Rows {
  const index = rowIndexOf(column)
  if (index !== undefined) {
    const found = lookUp(column, codes, index)
    if (found !== undefined) return found
  }
  const rows = new Rows(column.rows, scan(column, codes, takeZeros(wordsOf(column))), true)
  if (index === undefined && rows.count <= column.rows * indexShare) {
    wantRowIndex(column, codes.size)
  }
  return rows
}

/** The rows of a changed set of codes from those of the set before; undefined where a fresh start is quicker. */
export function rowsOfChange(
  column: Column,
  before: { readonly codes: Bitset; readonly rows: Rows },
  codes: Bitset,
): Rows | undefined {
  const index = rowIndexOf(column)
  if (index === undefined || before.codes.size !== codes.size) return undefined
  const differing = before.codes.clone()
  for (let i = 0; i < differing.words.length; i++) differing.words[i]! ^= codes.words[i]!
  if (countRows(differing, index, column.rows * indexShare) < 0) return undefined
  const rows = copyOf(before.rows.bits)
  flip(differing, index, rows.words)
  return new Rows(column.rows, rows, true)
}

function lookUp(column: Column, codes: Bitset, index: RowIndex): Rows | undefined {
  const count = countRows(codes, index, column.rows * indexShare)
  if (count < 0) return undefined
  if (codes.count() === 1) {
    const code = codes.toArray()[0]!
    return new Rows(
      column.rows,
      index.rows.subarray(index.offsets[code]!, index.offsets[code + 1]!),
    )
  }
  const rows = new Bitset(column.rows, takeZeros(wordsOf(column)))
  flip(codes, index, rows.words)
  return new Rows(column.rows, rows, true)
}

function wordsOf(column: Column): number {
  return (column.rows + 31) >>> 5
}

/** Rows that hold one of the codes, or -1 when they are more than `limit`. */
function countRows(codes: Bitset, { offsets }: RowIndex, limit: number): number {
  const { words } = codes
  let count = 0
  for (let w = 0; w < words.length; w++) {
    for (let word = words[w]!; word !== 0; word &= word - 1) {
      const code = w * 32 + 31 - Math.clz32(word & -word)
      count += offsets[code + 1]! - offsets[code]!
    }
    if (count > limit) return -1
  }
  return count
}

/** Turns the bits of all rows of some codes around; every row has one code, so none is met twice. */
function flip(codes: Bitset, { offsets, rows }: RowIndex, words: Uint32Array): void {
  codes.forEach((code) => {
    const end = offsets[code + 1]!
    for (let i = offsets[code]!; i < end; i++) words[rows[i]! >>> 5]! ^= 1 << (rows[i]! & 31)
  })
}

/** The rows whose code is in a set, by a scan. */
export function rowsWithCodes(column: Column, codes: Bitset): Bitset {
  return scan(column, codes, new Uint32Array(wordsOf(column)))
}

/**
 * One pass with a byte per code, 32 rows to a word; the loop is written out per code width, since one loop over all widths is several
 * times slower once it has met two of them, and unrolled, which is a quarter faster again. `words` are 0.
 */
function scan(column: Column, codes: Bitset, words: Uint32Array): Bitset {
  const rows = new Bitset(column.rows, words)
  const passes = bytesOf(codes)
  for (const { start, codes: segment } of column.segments) {
    const lead = Math.min(segment.length, (32 - (start & 31)) & 31)
    const aligned = (segment.length - lead) & ~31
    for (let i = 0; i < lead; i++) if (passes[segment[i]!] === 1) rows.add(start + i)
    const word = (start + lead) >>> 5
    if (lead > 0 || !filterInArena(segment, aligned, passes, rows.words, word))
      scanWords(segment, lead, aligned, passes, rows.words, word)
    for (let i = lead + aligned; i < segment.length; i++) {
      if (passes[segment[i]!] === 1) rows.add(start + i)
    }
  }
  return rows
}

/** `count` codes from `from` on, whole words of them. */
function scanWords(
  codes: Codes,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  if (codes instanceof Uint8Array) filter8(codes, from, count, passes, words, word)
  else if (codes instanceof Uint16Array) filter16(codes, from, count, passes, words, word)
  else filter32(codes, from, count, passes, words, word)
}

/** Four bits as four bytes, lowest first. */
const bytesOfNibble = Uint32Array.from(
  { length: 16 },
  (_, bits) => (bits & 1) | ((bits & 2) << 7) | ((bits & 4) << 14) | ((bits & 8) << 21),
)

/** A byte per code, four at a time; valid until the next scratch is taken. */
function bytesOf({ words }: Bitset): Uint8Array {
  const bytes = scratchBytes(words.length * 32)
  const quads = new Uint32Array(bytes.buffer, 0, words.length * 8)
  for (let w = 0; w < words.length; w++) {
    for (let word = words[w]!, at = w * 8; word !== 0; word >>>= 4, at++)
      quads[at] = bytesOfNibble[word & 15]!
  }
  return bytes
}

function filter8(
  codes: Uint8Array,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  for (let at = from, w = word; at < from + count; at += 32, w++) {
    const a =
      passes[codes[at]!]! |
      (passes[codes[at + 1]!]! << 1) |
      (passes[codes[at + 2]!]! << 2) |
      (passes[codes[at + 3]!]! << 3) |
      (passes[codes[at + 4]!]! << 4) |
      (passes[codes[at + 5]!]! << 5) |
      (passes[codes[at + 6]!]! << 6) |
      (passes[codes[at + 7]!]! << 7)
    const b =
      (passes[codes[at + 8]!]! << 8) |
      (passes[codes[at + 9]!]! << 9) |
      (passes[codes[at + 10]!]! << 10) |
      (passes[codes[at + 11]!]! << 11) |
      (passes[codes[at + 12]!]! << 12) |
      (passes[codes[at + 13]!]! << 13) |
      (passes[codes[at + 14]!]! << 14) |
      (passes[codes[at + 15]!]! << 15)
    const c =
      (passes[codes[at + 16]!]! << 16) |
      (passes[codes[at + 17]!]! << 17) |
      (passes[codes[at + 18]!]! << 18) |
      (passes[codes[at + 19]!]! << 19) |
      (passes[codes[at + 20]!]! << 20) |
      (passes[codes[at + 21]!]! << 21) |
      (passes[codes[at + 22]!]! << 22) |
      (passes[codes[at + 23]!]! << 23)
    const d =
      (passes[codes[at + 24]!]! << 24) |
      (passes[codes[at + 25]!]! << 25) |
      (passes[codes[at + 26]!]! << 26) |
      (passes[codes[at + 27]!]! << 27) |
      (passes[codes[at + 28]!]! << 28) |
      (passes[codes[at + 29]!]! << 29) |
      (passes[codes[at + 30]!]! << 30) |
      (passes[codes[at + 31]!]! << 31)
    words[w] = a | b | c | d
  }
}

function filter16(
  codes: Uint16Array,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  for (let at = from, w = word; at < from + count; at += 32, w++) {
    const a =
      passes[codes[at]!]! |
      (passes[codes[at + 1]!]! << 1) |
      (passes[codes[at + 2]!]! << 2) |
      (passes[codes[at + 3]!]! << 3) |
      (passes[codes[at + 4]!]! << 4) |
      (passes[codes[at + 5]!]! << 5) |
      (passes[codes[at + 6]!]! << 6) |
      (passes[codes[at + 7]!]! << 7)
    const b =
      (passes[codes[at + 8]!]! << 8) |
      (passes[codes[at + 9]!]! << 9) |
      (passes[codes[at + 10]!]! << 10) |
      (passes[codes[at + 11]!]! << 11) |
      (passes[codes[at + 12]!]! << 12) |
      (passes[codes[at + 13]!]! << 13) |
      (passes[codes[at + 14]!]! << 14) |
      (passes[codes[at + 15]!]! << 15)
    const c =
      (passes[codes[at + 16]!]! << 16) |
      (passes[codes[at + 17]!]! << 17) |
      (passes[codes[at + 18]!]! << 18) |
      (passes[codes[at + 19]!]! << 19) |
      (passes[codes[at + 20]!]! << 20) |
      (passes[codes[at + 21]!]! << 21) |
      (passes[codes[at + 22]!]! << 22) |
      (passes[codes[at + 23]!]! << 23)
    const d =
      (passes[codes[at + 24]!]! << 24) |
      (passes[codes[at + 25]!]! << 25) |
      (passes[codes[at + 26]!]! << 26) |
      (passes[codes[at + 27]!]! << 27) |
      (passes[codes[at + 28]!]! << 28) |
      (passes[codes[at + 29]!]! << 29) |
      (passes[codes[at + 30]!]! << 30) |
      (passes[codes[at + 31]!]! << 31)
    words[w] = a | b | c | d
  }
}

function filter32(
  codes: Uint32Array,
  from: number,
  count: number,
  passes: Uint8Array,
  words: Uint32Array,
  word: number,
): void {
  for (let at = from, w = word; at < from + count; at += 32, w++) {
    const a =
      passes[codes[at]!]! |
      (passes[codes[at + 1]!]! << 1) |
      (passes[codes[at + 2]!]! << 2) |
      (passes[codes[at + 3]!]! << 3) |
      (passes[codes[at + 4]!]! << 4) |
      (passes[codes[at + 5]!]! << 5) |
      (passes[codes[at + 6]!]! << 6) |
      (passes[codes[at + 7]!]! << 7)
    const b =
      (passes[codes[at + 8]!]! << 8) |
      (passes[codes[at + 9]!]! << 9) |
      (passes[codes[at + 10]!]! << 10) |
      (passes[codes[at + 11]!]! << 11) |
      (passes[codes[at + 12]!]! << 12) |
      (passes[codes[at + 13]!]! << 13) |
      (passes[codes[at + 14]!]! << 14) |
      (passes[codes[at + 15]!]! << 15)
    const c =
      (passes[codes[at + 16]!]! << 16) |
      (passes[codes[at + 17]!]! << 17) |
      (passes[codes[at + 18]!]! << 18) |
      (passes[codes[at + 19]!]! << 19) |
      (passes[codes[at + 20]!]! << 20) |
      (passes[codes[at + 21]!]! << 21) |
      (passes[codes[at + 22]!]! << 22) |
      (passes[codes[at + 23]!]! << 23)
    const d =
      (passes[codes[at + 24]!]! << 24) |
      (passes[codes[at + 25]!]! << 25) |
      (passes[codes[at + 26]!]! << 26) |
      (passes[codes[at + 27]!]! << 27) |
      (passes[codes[at + 28]!]! << 28) |
      (passes[codes[at + 29]!]! << 29) |
      (passes[codes[at + 30]!]! << 30) |
      (passes[codes[at + 31]!]! << 31)
    words[w] = a | b | c | d
  }
}
