import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import type { Rows } from './rows.ts'

/** A table of counts may have as many cells as there are rows to count, and this many for small tables. */
const fewestCells = 1 << 16

/** Nor more than this, which is 16 MB. */
const mostCells = 1 << 22

/** Steps of one brush from which on tables of counts pay: a table costs as much as two counts of all rows. */
const stepsToPay = 2

/** Codes of the moving field that were selected, and what they count in another column. */
interface Counted {
  readonly codes: Bitset
  readonly counts: Uint32Array
}

/**
 * A selection that moves in one field while all others stay, as in brushing: for another column of the same table it keeps how often each
 * code of the moving field meets each code there, in the rows that pass everything else. A step then costs by the codes that came and went,
 * not by rows.
 */
export class Brush {
  /** The field that moves. */
  readonly field: number
  readonly table: number
  readonly #column: Column
  /** Codes of the moving field, NULL among them. */
  readonly #size: number
  /** By column: row c has the counts of code c of the moving field. */
  readonly #cells = new Map<Column, Uint32Array>()
  readonly #latest = new Map<Column, Counted>()
  #steps = 1

  constructor(field: number, table: number, column: Column, size: number) {
    this.field = field
    this.table = table
    this.#column = column
    this.#size = size
  }

  /** One step more. */
  moved(): this {
    this.#steps += 1
    return this
  }

  get bytes(): number {
    let bytes = 0
    for (const cells of this.#cells.values()) bytes += cells.byteLength
    return bytes
  }

  /** Whether counting in a column of `size` codes, NULL among them, goes by tables. */
  pays(size: number): boolean {
    const limit = Math.min(mostCells, Math.max(fewestCells, this.#column.rows))
    return this.#steps > stepsToPay && this.#size * size <= limit
  }

  /**
   * Rows per code of a column when these codes of the moving field are selected. `rest`: the rows that pass everything else, null = all;
   * the same at every step. The counts are the caller's to read, not to change.
   */
  counts(column: Column, size: number, codes: Bitset, rest: () => Rows | null): Uint32Array {
    let cells = this.#cells.get(column)
    if (cells === undefined) {
      cells = crossCounts(this.#column, this.#size, column, size, rest()?.bits ?? null)
      this.#cells.set(column, cells)
    }
    const counts = step(cells, size, codes, this.#latest.get(column))
    this.#latest.set(column, { codes, counts })
    return counts
  }
}

/** Adds the rows of codes that came and subtracts those that went; starts anew when that touches fewer rows. */
function step(
  cells: Uint32Array,
  size: number,
  codes: Bitset,
  before: Counted | undefined,
): Uint32Array {
  const differing = before === undefined ? null : difference(before.codes, codes)
  if (before === undefined || differing === null || differing.count() > codes.count()) {
    const counts = new Uint32Array(size)
    codes.forEach((code) => {
      add(counts, cells, code * size)
    })
    return counts
  }
  const counts = before.counts.slice()
  differing.forEach((code) => {
    if (codes.has(code)) add(counts, cells, code * size)
    else subtract(counts, cells, code * size)
  })
  return counts
}

function difference(a: Bitset, b: Bitset): Bitset {
  const differing = a.clone()
  for (let w = 0; w < differing.words.length; w++) differing.words[w]! ^= b.words[w]!
  return differing
}

function add(counts: Uint32Array, cells: Uint32Array, from: number): void {
  for (let i = 0; i < counts.length; i++) counts[i]! += cells[from + i]!
}

function subtract(counts: Uint32Array, cells: Uint32Array, from: number): void {
  for (let i = 0; i < counts.length; i++) counts[i]! -= cells[from + i]!
}

/** Codes taken from a column at a time, in one width whatever that of the column, so that there is one loop. */
const blockRows = 4096

/** Cell a * `otherSize` + b: the rows that have code a in the one column and b in the other. */
function crossCounts(
  column: Column,
  size: number,
  other: Column,
  otherSize: number,
  rows: Bitset | null,
): Uint32Array {
  const cells = new Uint32Array(size * otherSize)
  const a = new Uint32Array(blockRows)
  const b = new Uint32Array(blockRows)
  column.segments.forEach(({ start, codes }, at) => {
    // The columns of a table have the same segments.
    const others = other.segments[at]!.codes
    for (let from = 0; from < codes.length; from += blockRows) {
      const count = Math.min(blockRows, codes.length - from)
      a.set(codes.subarray(from, from + count))
      b.set(others.subarray(from, from + count))
      if (rows === null) crossAll(a, b, count, otherSize, cells)
      else crossSome(a, b, count, otherSize, cells, rows.words, start + from)
    }
  })
  return cells
}

function crossAll(
  a: Uint32Array,
  b: Uint32Array,
  count: number,
  width: number,
  cells: Uint32Array,
): void {
  for (let i = 0; i < count; i++) cells[a[i]! * width + b[i]!]! += 1
}

/** `first` is the row of the first codes. */
function crossSome(
  a: Uint32Array,
  b: Uint32Array,
  count: number,
  width: number,
  cells: Uint32Array,
  words: Uint32Array,
  first: number,
): void {
  for (let i = 0, row = first; i < count; i++, row++)
    cells[a[i]! * width + b[i]!]! += (words[row >>> 5]! >>> (row & 31)) & 1
}

/** The codes that occur, without NULL. */
export function codesCounted(counts: Uint32Array): Bitset {
  const codes = new Bitset(counts.length)
  for (let code = 1; code < counts.length; code++) if (counts[code] !== 0) codes.add(code)
  return codes
}
