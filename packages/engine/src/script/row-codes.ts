import type { Codes } from '../storage/column.ts'
import { chunkRows } from '../storage/column-builder.ts'
import type { TableBuilder } from '../storage/table-builder.ts'

/** All codes of one column in one array; a copy. */
export function codesOf(table: TableBuilder, column: number): Uint32Array {
  const codes = new Uint32Array(table.rows)
  let at = 0
  for (const chunk of table.column(column).chunks()) {
    codes.set(chunk, at)
    at += chunk.length
  }
  return codes
}

/** The codes of one column as they are now, chunk by chunk, without copying those that will not change. */
export function codeChunksOf(table: TableBuilder, column: number): readonly Codes[] {
  return table
    .column(column)
    .chunks()
    .map((chunk) => (chunk.length === chunkRows ? chunk : chunk.slice()))
}

/**
 * Numbers the combinations of codes of several columns, in order of first appearance: 0, 1, 2 … A combination with a NULL is -1
 * when `skipNull`. Tables that share a `KeyNumbers` share the numbering.
 */
export class KeyNumbers {
  /** Numbers of the codes of the first column, -1 = not seen; then of pairs of such a number and the code of the next column. */
  #first: Int32Array = new Int32Array(64).fill(-1)
  #firstCount = 0
  readonly #levels: readonly PairNumbers[]

  constructor(columns: number) {
    this.#levels = Array.from({ length: Math.max(0, columns - 1) }, () => new PairNumbers())
  }

  get count(): number {
    return this.#levels[this.#levels.length - 1]?.count ?? this.#firstCount
  }

  number(
    columns: readonly Uint32Array[],
    rows: number,
    skipNull: boolean,
    insert: boolean,
  ): Int32Array {
    const keys = new Int32Array(rows)
    for (let row = 0; row < rows; row++) keys[row] = this.numberRow(columns, row, skipNull, insert)
    return keys
  }

  numberRow(
    columns: readonly ArrayLike<number>[],
    row: number,
    skipNull: boolean,
    insert: boolean,
  ): number {
    if (skipNull && columns.length > 0 && columns[0]![row] === 0) return -1
    let key = this.#numberOfFirst(columns.length > 0 ? columns[0]![row]! : 0, insert)
    for (let level = 1; level < columns.length && key >= 0; level++) {
      const code = columns[level]![row]!
      if (skipNull && code === 0) return -1
      key = this.#levels[level - 1]!.find(key, code, insert)
    }
    return key
  }

  #numberOfFirst(code: number, insert: boolean): number {
    const known = code < this.#first.length ? this.#first[code]! : -1
    if (known >= 0 || !insert) return known
    if (code >= this.#first.length) {
      const grown = new Int32Array(Math.max(code + 1, this.#first.length * 2)).fill(-1)
      grown.set(this.#first)
      this.#first = grown
    }
    this.#first[code] = this.#firstCount
    return this.#firstCount++
  }
}

/** Pairs of integers → 0, 1, 2 … in order of insertion; open addressing. */
class PairNumbers {
  #slots = new Int32Array(32).fill(-1)
  #left = new Uint32Array(16)
  #right = new Uint32Array(16)
  count = 0

  find(left: number, right: number, insert: boolean): number {
    const mask = this.#slots.length - 1
    let slot = hashPair(left, right) & mask
    for (let known = this.#slots[slot]!; known >= 0; known = this.#slots[slot]!) {
      if (this.#left[known] === left && this.#right[known] === right) return known
      slot = (slot + 1) & mask
    }
    if (!insert) return -1
    const number = this.count++
    if (number === this.#left.length) this.#grow()
    this.#left[number] = left
    this.#right[number] = right
    if (number * 2 >= this.#slots.length) this.#rehash()
    else this.#slots[slot] = number
    return number
  }

  #grow(): void {
    const left = new Uint32Array(this.#left.length * 2)
    left.set(this.#left)
    const right = new Uint32Array(this.#right.length * 2)
    right.set(this.#right)
    this.#left = left
    this.#right = right
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let number = 0; number < this.count; number++) {
      let slot = hashPair(this.#left[number]!, this.#right[number]!) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = number
    }
    this.#slots = slots
  }
}

function hashPair(left: number, right: number): number {
  const mixed =
    Math.imul(left ^ (left >>> 15), 0x2c1b3c6d) ^ Math.imul(right ^ (right >>> 13), 0x297a2d39)
  return mixed ^ (mixed >>> 16)
}

/** Marks the first row of each distinct combination of all columns with 1. */
export function distinctRows(table: TableBuilder): Uint8Array {
  const columns = table.fields.map((_, column) => codesOf(table, column))
  const { rows } = table
  const keep = new Uint8Array(rows)
  let size = 16
  while (size < rows * 2) size *= 2
  const slots = new Int32Array(size).fill(-1)
  for (let row = 0; row < rows; row++) {
    let hash = 0x811c9dc5
    for (const codes of columns) hash = Math.imul(hash ^ codes[row]!, 0x01000193) ^ (hash >>> 15)
    let slot = (hash ^ (hash >>> 13)) & (size - 1)
    while (slots[slot] !== -1 && !sameRow(columns, slots[slot]!, row))
      slot = (slot + 1) & (size - 1)
    if (slots[slot] !== -1) continue
    slots[slot] = row
    keep[row] = 1
  }
  return keep
}

function sameRow(columns: readonly Uint32Array[], left: number, right: number): boolean {
  for (const codes of columns) if (codes[left] !== codes[right]) return false
  return true
}

/** Replaces all rows of a table by rows given as codes, one array per column. */
export function replaceRows(
  table: TableBuilder,
  columns: readonly Uint32Array[],
  rows: number,
): void {
  table.retainRows(new Uint8Array(table.rows))
  table.appendCodes(columns, rows)
}
