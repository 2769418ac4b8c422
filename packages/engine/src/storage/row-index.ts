import { LichenError } from '../base/errors.ts'
import type { Allocator } from './allocator.ts'
import type { Column } from './column.ts'

/** Rows of a column grouped by code (CSR): the rows of code c are rows[offsets[c] … offsets[c + 1]), ascending. */
export interface RowIndex {
  readonly offsets: Uint32Array
  readonly rows: Uint32Array
}

export interface IndexBudget {
  /** Bytes all indices of these columns may take together; those unused for longest go first. Unlimited when absent. */
  readonly bytes?: number
  /** At most this many are built; the rest stay wanted. */
  readonly count?: number
}

export interface IndexReport {
  readonly built: number
  /** Columns still waiting for an index. */
  readonly wanted: number
  /** Bytes of all indices of the columns. */
  readonly bytes: number
}

/** Below this a scan is as fast. */
const fewestRows = 32_768

interface Kept {
  readonly index: RowIndex
  used: number
}

const indices = new WeakMap<Column, Kept>()
/** Number of codes of columns that somebody scanned and would rather have looked up. */
const wanted = new WeakMap<Column, number>()
let clock = 0

/** The index of a column if it was built. */
export function rowIndexOf(column: Column): RowIndex | undefined {
  const kept = indices.get(column)
  if (kept !== undefined) kept.used = ++clock
  return kept?.index
}

/** Says that an index would have helped. It is built later, by `buildRowIndices`: never while somebody waits. */
export function wantRowIndex(column: Column, codes: number): void {
  if (column.rows >= fewestRows && !indices.has(column)) wanted.set(column, codes)
}

/**
 * Builds the indices that were wanted, as far as a budget allows. Answers never depend on it. About 25 ns a row and column.
 * An index the allocator refuses is not wanted any more.
 */
export function buildRowIndices(
  columns: Iterable<Column>,
  allocator: Allocator,
  budget: IndexBudget = {},
): IndexReport {
  const all = [...columns]
  const limit = budget.bytes ?? Number.POSITIVE_INFINITY
  let built = 0
  for (const column of all) {
    const codes = wanted.get(column)
    if (codes === undefined || built >= (budget.count ?? Number.POSITIVE_INFINITY)) continue
    wanted.delete(column)
    const bytes = (codes + 1 + column.rows) * 4
    if (bytes > limit) continue
    makeRoom(all, allocator, limit - bytes)
    const index = build(column, codes, allocator)
    if (index === undefined) continue
    indices.set(column, { index, used: ++clock })
    built += 1
  }
  return {
    built,
    wanted: all.filter((column) => wanted.has(column)).length,
    bytes: bytesOf(all),
  }
}

/** Gives the memory of all indices of these columns back. */
export function dropRowIndices(columns: Iterable<Column>, allocator: Allocator): void {
  makeRoom([...columns], allocator, 0)
}

function makeRoom(columns: readonly Column[], allocator: Allocator, limit: number): void {
  const kept = columns
    .filter((column) => indices.has(column))
    .sort((a, b) => (indices.get(a)?.used ?? 0) - (indices.get(b)?.used ?? 0))
  for (const column of kept) {
    const index = indices.get(column)?.index
    if (index === undefined || bytesOf(columns) <= limit) return
    indices.delete(column)
    allocator.release(index.offsets.buffer, 'indices')
    allocator.release(index.rows.buffer, 'indices')
  }
}

function bytesOf(columns: readonly Column[]): number {
  let bytes = 0
  for (const column of columns) {
    const index = indices.get(column)?.index
    if (index !== undefined) bytes += index.offsets.byteLength + index.rows.byteLength
  }
  return bytes
}

/**
 * The rows of a column by code, in memory of the allocator's; `codes` = symbols + 1.
 * @throws LichenError `memory-budget-exceeded`
 */
export function groupRows(column: Column, codes: number, allocator: Allocator): RowIndex {
  const offsets = new Uint32Array(allocator.allocate((codes + 1) * 4, 'indices'))
  try {
    const rows = new Uint32Array(allocator.allocate(column.rows * 4, 'indices'))
    fill(column, offsets, rows)
    return { offsets, rows }
  } catch (error) {
    allocator.release(offsets.buffer, 'indices')
    throw error
  }
}

/** undefined when the allocator has no room. */
function build(column: Column, codes: number, allocator: Allocator): RowIndex | undefined {
  try {
    return groupRows(column, codes, allocator)
  } catch (error) {
    if (error instanceof LichenError && error.code === 'memory-budget-exceeded') return undefined
    throw error
  }
}

function fill(column: Column, offsets: Uint32Array, rows: Uint32Array): void {
  for (const { codes } of column.segments)
    for (let i = 0; i < codes.length; i++) offsets[codes[i]!]! += 1
  let end = 0
  for (let code = 0; code < offsets.length; code++) {
    end += offsets[code]!
    offsets[code] = end
  }
  for (let s = column.segments.length - 1; s >= 0; s--) {
    const { start, codes } = column.segments[s]!
    for (let i = codes.length - 1; i >= 0; i--) {
      const place = offsets[codes[i]!]! - 1
      offsets[codes[i]!] = place
      rows[place] = start + i
    }
  }
}
