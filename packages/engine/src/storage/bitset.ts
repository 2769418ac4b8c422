import { popcount } from '../base/popcount.ts'
import type { Allocator } from './allocator.ts'

/**
 * A set of integers below `size`, 32 to a word; bits at and above `size` are always 0. Used for rows of a table and for codes of a field.
 * Methods named `…With` change this set and return it; sizes must be equal.
 */
export class Bitset {
  readonly size: number
  readonly words: Uint32Array
  constructor(size: number, words: Uint32Array = new Uint32Array((size + 31) >>> 5)) {
    this.size = size
    this.words = words
  }

  static allocate(size: number, allocator: Allocator): Bitset {
    return new Bitset(size, new Uint32Array(allocator.allocate(((size + 31) >>> 5) * 4, 'bitsets')))
  }

  static full(size: number): Bitset {
    return new Bitset(size).fill()
  }

  static of(size: number, members: Iterable<number>): Bitset {
    const set = new Bitset(size)
    for (const member of members) set.add(member)
    return set
  }

  has(member: number): boolean {
    return ((this.words[member >>> 5]! >>> (member & 31)) & 1) === 1
  }

  add(member: number): void {
    this.words[member >>> 5]! |= 1 << (member & 31)
  }

  delete(member: number): void {
    this.words[member >>> 5]! &= ~(1 << (member & 31))
  }

  fill(): this {
    this.words.fill(0xffffffff)
    const spare = this.words.length * 32 - this.size
    if (spare > 0) this.words[this.words.length - 1]! = 0xffffffff >>> spare
    return this
  }

  clone(): Bitset {
    return new Bitset(this.size, this.words.slice())
  }

  unionWith(other: Bitset): this {
    const { words } = this
    for (let i = 0; i < words.length; i++) words[i]! |= other.words[i]!
    return this
  }

  intersectWith(other: Bitset): this {
    const { words } = this
    for (let i = 0; i < words.length; i++) words[i]! &= other.words[i]!
    return this
  }

  subtractWith(other: Bitset): this {
    const { words } = this
    for (let i = 0; i < words.length; i++) words[i]! &= ~other.words[i]!
    return this
  }

  complement(): this {
    const { words } = this
    for (let i = 0; i < words.length; i++) words[i] = ~words[i]!
    const spare = words.length * 32 - this.size
    if (spare > 0) words[words.length - 1]! &= 0xffffffff >>> spare
    return this
  }

  /** Number of members. */
  count(): number {
    const { words } = this
    let total = 0
    for (let i = 0; i < words.length; i++) total += popcount(words[i]!)
    return total
  }

  isEmpty(): boolean {
    const { words } = this
    for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false
    return true
  }

  equals(other: Bitset): boolean {
    if (this.size !== other.size) return false
    for (let i = 0; i < this.words.length; i++) if (this.words[i] !== other.words[i]) return false
    return true
  }

  intersects(other: Bitset): boolean {
    for (let i = 0; i < this.words.length; i++)
      if ((this.words[i]! & other.words[i]!) !== 0) return true
    return false
  }

  forEach(visit: (member: number) => void): void {
    const { words } = this
    for (let i = 0; i < words.length; i++) {
      for (let word = words[i]!; word !== 0; word &= word - 1)
        visit(i * 32 + 31 - Math.clz32(word & -word))
    }
  }

  /** The members in ascending order. */
  toArray(): Uint32Array {
    const members = new Uint32Array(this.count())
    this.fillMembers(members)
    return members
  }

  /** As `toArray`, into an array that has room for exactly all members. */
  fillMembers(members: Uint32Array | Int32Array): void {
    let at = 0
    const { words } = this
    for (let i = 0; i < words.length; i++) {
      const base = i * 32
      let word = words[i]! | 0
      if (word === -1) for (let bit = 0; bit < 32; bit++) members[at++] = base + bit
      else for (; word !== 0; word &= word - 1) members[at++] = base + 31 - Math.clz32(word & -word)
    }
  }
}
