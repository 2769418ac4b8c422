import type { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { codesInRows, countCodes } from './row-codes.ts'
import type { Rows } from './rows.ts'

/** From this share of possible rows on, the others are counted and subtracted. */
const complementShare = 0.6

/** The codes of a column in some rows, without NULL. `present`: those in any row. Remembered with the rows; not to be changed. */
export function codesOf(column: Column, rows: Rows, size: number, present: () => Bitset): Bitset {
  let codes = rows.codes.get(column)
  if (codes === undefined) {
    codes =
      codesAfterChange(column, rows, size) ?? codesInRows(column, rows, size, present().count())
    rows.codes.set(column, codes)
  }
  return codes
}

/**
 * How many rows hold each code, NULL included. `totals`: the counts over all rows of the table, where known, so that the few other rows
 * can be subtracted. Remembered with the rows; not to be changed.
 */
export function countsOf(
  column: Column,
  rows: Rows,
  size: number,
  totals: (() => Uint32Array) | null,
): Uint32Array {
  let counts = rows.counts.get(column)
  if (counts === undefined) {
    counts =
      countsAfterChange(column, rows) ??
      (totals !== null && rows.count > rows.size * complementShare
        ? withoutOthers(column, rows, size, totals())
        : countCodes(column, rows, size))
    rows.counts.set(column, counts)
  }
  return counts
}

function withoutOthers(column: Column, rows: Rows, size: number, totals: Uint32Array): Uint32Array {
  const counts = totals.slice()
  const others = countCodes(column, rows.others(), size)
  for (let code = 0; code < size; code++) counts[code]! -= others[code]!
  return counts
}

/** Counts of rows that differ little from earlier ones whose counts are known. */
function countsAfterChange(column: Column, rows: Rows): Uint32Array | undefined {
  const before = rows.base?.counts.get(column)
  const change = before === undefined ? null : rows.change()
  if (before === undefined || change === null) return undefined
  const counts = before.slice()
  for (const code of codesAt(column, change.added)) counts[code]! += 1
  for (const code of codesAt(column, change.removed)) counts[code]! -= 1
  return counts
}

/** Codes of rows that only gained some, or whose earlier counts are known. */
function codesAfterChange(column: Column, rows: Rows, size: number): Bitset | undefined {
  const before = rows.base?.codes.get(column)
  const change = before === undefined ? null : rows.change()
  if (before === undefined || change === null) return undefined
  const counts = rows.base?.counts.get(column)
  if (change.removed.length > 0 && counts === undefined) return undefined
  const codes = before.clone()
  if (counts !== undefined && change.removed.length > 0) {
    const after = rows.counts.get(column) ?? countsAfterChange(column, rows)
    if (after === undefined) return undefined
    rows.counts.set(column, after)
    for (const code of codesAt(column, change.removed)) if (after[code] === 0) codes.delete(code)
  }
  for (const code of codesAt(column, change.added)) codes.add(code)
  if (size > 0) codes.delete(0)
  return codes
}

/** Ascending rows to their codes. */
function codesAt(column: Column, rows: Uint32Array): Uint32Array {
  const found = new Uint32Array(rows.length)
  let i = 0
  for (const { start, codes } of column.segments) {
    const end = start + codes.length
    for (; i < rows.length && rows[i]! < end; i++) found[i] = codes[rows[i]! - start]!
  }
  return found
}
