import { LichenError } from '../base/errors.ts'
import type { Allocator } from './allocator.ts'
import type { Codes, Column } from './column.ts'

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
/** Columns whose index somebody is building. */
const inWork = new WeakSet<Column>()
let clock = 0

/** The index of a column if it was built. */
export function rowIndexOf(column: Column): RowIndex | undefined {
  const kept = indices.get(column)
  if (kept !== undefined) kept.used = ++clock
  return kept?.index
}

/** Says that an index would have helped. It is built later, by `buildRowIndices`: never while somebody waits. */
export function wantRowIndex(column: Column, codes: number): void {
  if (column.rows >= fewestRows && !indices.has(column) && !inWork.has(column))
    wanted.set(column, codes)
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
  return drained(buildingRowIndices(columns, allocator, budget))
}

/** The same in slices of a few milliseconds. An index whose building is abandoned by `return()` gives its memory back and stays wanted. */
export function* buildingRowIndices(
  columns: Iterable<Column>,
  allocator: Allocator,
  budget: IndexBudget = {},
): Generator<void, IndexReport> {
  const all = [...columns]
  const limit = budget.bytes ?? Number.POSITIVE_INFINITY
  let built = 0
  for (const column of all) {
    const codes = wanted.get(column)
    if (codes === undefined || built >= (budget.count ?? Number.POSITIVE_INFINITY)) continue
    const bytes = (codes + 1 + column.rows) * 4
    wanted.delete(column)
    if (bytes > limit) continue
    makeRoom(all, allocator, limit - bytes)
    if (yield* building(column, codes, allocator)) built += 1
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
  return drained(groupingRows(column, codes, allocator))
}

function* groupingRows(
  column: Column,
  codes: number,
  allocator: Allocator,
): Generator<void, RowIndex> {
  const taken: ArrayBufferLike[] = []
  const take = (length: number): Uint32Array => {
    const buffer = allocator.allocate(length * 4, 'indices')
    taken.push(buffer)
    return new Uint32Array(buffer)
  }
  try {
    const offsets = take(codes + 1)
    const rows = take(column.rows)
    yield* filling(column, offsets, rows)
    taken.length = 0
    return { offsets, rows }
  } finally {
    for (const buffer of taken) allocator.release(buffer, 'indices')
  }
}

/** Whether the column has its index now; false when the allocator has no room. */
function* building(column: Column, codes: number, allocator: Allocator): Generator<void, boolean> {
  let isAbandoned = true
  inWork.add(column)
  try {
    const index = yield* groupingRows(column, codes, allocator)
    indices.set(column, { index, used: ++clock })
    isAbandoned = false
    return true
  } catch (error) {
    isAbandoned = false
    if (error instanceof LichenError && error.code === 'memory-budget-exceeded') return false
    throw error
  } finally {
    inWork.delete(column)
    if (isAbandoned) wanted.set(column, codes)
  }
}

/** Rows of one slice. */
const sliceRows = 1 << 18

function* filling(column: Column, offsets: Uint32Array, rows: Uint32Array): Generator<void, void> {
  for (const { codes } of column.segments) {
    for (let from = 0; from < codes.length; from += sliceRows) {
      countEnds(codes, from, Math.min(codes.length, from + sliceRows), offsets)
      yield
    }
  }
  let end = 0
  for (let code = 0; code < offsets.length; code++) {
    end += offsets[code]!
    offsets[code] = end
  }
  for (let s = column.segments.length - 1; s >= 0; s--) {
    const { start, codes } = column.segments[s]!
    for (let to = codes.length; to > 0; to -= sliceRows) {
      placeRows(codes, Math.max(0, to - sliceRows), to, start, offsets, rows)
      yield
    }
  }
}

function countEnds(codes: Codes, from: number, to: number, offsets: Uint32Array): void {
  for (let i = from; i < to; i++) offsets[codes[i]!]! += 1
}

/** From the last row to the first, so that the rows of a code come to stand ascending. */
function placeRows(
  codes: Codes,
  from: number,
  to: number,
  start: number,
  offsets: Uint32Array,
  rows: Uint32Array,
): void {
  for (let i = to - 1; i >= from; i--) {
    const place = offsets[codes[i]!]! - 1
    offsets[codes[i]!] = place
    rows[place] = start + i
  }
}

function drained<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
