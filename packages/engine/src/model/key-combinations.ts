import type { Allocator } from '../storage/allocator.ts'
import { Column } from '../storage/column.ts'
import { placeCodes } from '../storage/column-builder.ts'
import { mix, slotCount } from '../storage/hash.ts'

/**
 * The occurring combinations of a synthetic key's fields, numbered in order of appearance. A combination with a NULL part is numbered
 * per table, so that it never links two of them; one of NULLs only is no combination.
 */
export class KeyCombinations {
  readonly width: number
  #count = 0
  /** `width` codes per combination, then the table + 1 of an incomplete one, else 0. */
  #parts: Uint32Array
  #hashes: Uint32Array = new Uint32Array(64)
  #slots: Uint32Array = new Uint32Array(128)

  constructor(width: number) {
    this.width = width
    this.#parts = new Uint32Array(64 * (width + 1))
  }

  get count(): number {
    return this.#count
  }

  /** The key code of every row of a table, from the columns of its parts (`width` of them, in the key's order). */
  keysOf(table: number, parts: readonly Column[], rows: number): Uint32Array {
    const { width } = this
    const keys = new Uint32Array(rows)
    const block = parts.map(() => new Uint32Array(Math.min(rows, 1024)))
    const tuple = new Uint32Array(width + 1)
    for (let start = 0; start < rows; start += 1024) {
      const count = Math.min(1024, rows - start)
      for (let part = 0; part < width; part++) parts[part]!.read(start, count, block[part]!)
      for (let i = 0; i < count; i++) {
        let nulls = 0
        for (let part = 0; part < width; part++) {
          const code = block[part]![i]!
          tuple[part] = code
          if (code === 0) nulls += 1
        }
        tuple[width] = nulls === 0 ? 0 : table + 1
        keys[start + i] = nulls === width ? 0 : this.#keyOf(tuple)
      }
    }
    return keys
  }

  /** Column `part` of the synthetic table: row r is the part of combination r. */
  partColumn(part: number, allocator: Allocator): Column {
    const stride = this.width + 1
    let largest = 0
    for (let row = 0; row < this.#count; row++)
      largest = Math.max(largest, this.#parts[row * stride + part]!)
    const codes = placeCodes(this.#count, largest, allocator)
    for (let row = 0; row < this.#count; row++) codes[row] = this.#parts[row * stride + part]!
    return new Column([{ start: 0, codes }])
  }

  #keyOf(tuple: Uint32Array): number {
    const stride = this.width + 1
    let hash = 0
    for (let part = 0; part < stride; part++) hash = mix(Math.imul(hash, 31) + tuple[part]!)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let key = this.#slots[slot]!; key !== 0; key = this.#slots[slot]!) {
      if (this.#hashes[key - 1] === hash && this.#equals(key - 1, tuple)) return key
      slot = (slot + 1) & mask
    }
    this.#add(tuple, hash)
    return this.#count
  }

  #equals(combination: number, tuple: Uint32Array): boolean {
    const start = combination * tuple.length
    for (let part = 0; part < tuple.length; part++)
      if (this.#parts[start + part] !== tuple[part]) return false
    return true
  }

  #add(tuple: Uint32Array, hash: number): void {
    const stride = this.width + 1
    if (this.#count === this.#hashes.length) {
      const parts = new Uint32Array(this.#parts.length * 2)
      parts.set(this.#parts)
      this.#parts = parts
      const hashes = new Uint32Array(this.#hashes.length * 2)
      hashes.set(this.#hashes)
      this.#hashes = hashes
    }
    this.#parts.set(tuple, this.#count * stride)
    this.#hashes[this.#count] = hash
    this.#count += 1
    if (this.#count * 2 > this.#slots.length) {
      this.#slots = new Uint32Array(slotCount(this.#count * 2))
      for (let key = 1; key <= this.#count; key++) this.#place(key)
    } else this.#place(this.#count)
  }

  #place(key: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#hashes[key - 1]! & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = key
  }
}
