import { assert } from '../base/assert.ts'
import { popcount } from '../base/popcount.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { keepRowList, rowCount } from './row-list.ts'
import { giveWords, takeWords, takeZeros } from './row-memory.ts'

/** Tables below this size have no lists: there a bitset is as fast. */
const smallTable = 4096

/** Above this share of the rows a bitset is walked as quickly. */
const listShare = 0.6

/** A change is followed row by row when it touches at most this share of the rows. */
const changeShare = 1 / 8

/** Rows that came and rows that went, ascending. */
interface Change {
  readonly added: Uint32Array
  readonly removed: Uint32Array
}

/**
 * A set of rows of one table as a bitset, and as an ascending list where that is quicker to walk. Each form is made when first needed.
 * What was read through the rows is remembered with them. Not to be changed. Its memory is reused once every holder has let go.
 */
export class Rows {
  readonly size: number
  /** Codes of a column in these rows, without NULL. */
  readonly codes: Map<Column, Bitset> = new Map()
  /** Rows per code of a column. */
  readonly counts: Map<Column, Uint32Array> = new Map()
  /** Rows of the same table for an earlier selection, from which these may differ little. */
  base: Rows | null = null
  readonly #intersections = new Map<Rows, Rows>()
  /** Rows that remember an intersection with these. */
  readonly #intersected = new Set<Rows>()
  #bits: Bitset | undefined
  #list: Uint32Array | undefined
  #ownsBits: boolean
  #ownsList: boolean
  #holders = 1
  #count: number
  #asked = 0
  #change: Change | null | undefined
  #others: Rows | undefined

  /**
   * @param rows a bitset, or an ascending list of rows
   * @param owned whether its memory was taken for these rows alone
   */
  constructor(size: number, rows: Bitset | Uint32Array, owned = false) {
    this.size = size
    if (rows instanceof Bitset) this.#bits = rows
    else this.#list = rows
    this.#ownsBits = owned || rows instanceof Uint32Array
    this.#ownsList = owned || rows instanceof Bitset
    this.#count = rows instanceof Bitset ? -1 : rows.length
  }

  get count(): number {
    if (this.#count < 0) this.#count = rowCount(this.bits)
    return this.#count
  }

  get bits(): Bitset {
    if (this.#bits === undefined) {
      const list = this.#list
      assert(list !== undefined, 'rows are not used after they were let go')
      const words = takeZeros((this.size + 31) >>> 5)
      for (let i = 0; i < list.length; i++) words[list[i]! >>> 5]! |= 1 << (list[i]! & 31)
      this.#bits = new Bitset(this.size, words)
    }
    return this.#bits
  }

  /** The bitset for somebody who may keep it; a list that is there already goes with it. */
  given(): Bitset {
    const { bits } = this
    if (this.#ownsBits && this.#ownsList && this.#list !== undefined) {
      const { buffer, byteOffset, length } = this.#list
      keepRowList(bits, new Int32Array(buffer, byteOffset, length))
      this.#ownsList = false
    }
    this.#ownsBits = false
    return bits
  }

  /**
   * The rows as a list, or null where walking the bitset is better: for most rows, and at the first use, since making a list of many
   * rows pays from the second column on. Not to be kept.
   */
  list(): Uint32Array | null {
    if (this.#list !== undefined) return this.#list
    if (this.size < smallTable || this.count > this.size * listShare) return null
    if (this.count > this.size / 8 && this.#asked++ === 0) return null
    this.#list = takeWords(this.count)
    this.bits.fillMembers(this.#list)
    return this.#list
  }

  /** The list where it is short, or costs nothing. */
  shortList(): Uint32Array | null {
    return this.count > this.size / 64 ? this.knownList() : this.list()
  }

  /** The list where it costs nothing. */
  knownList(): Uint32Array | null {
    return this.#list ?? null
  }

  and(other: Rows): Rows {
    if (other === this) return this
    let both = this.#intersections.get(other)
    if (both === undefined) {
      both = intersection(this, other)
      this.#intersections.set(other, both)
      other.#intersected.add(this)
    }
    return both
  }

  /** Forgets the earlier rows and the list, which only the present selection needs. */
  rest(): void {
    this.base = null
    this.#change = undefined
    if (this.#bits !== undefined) this.#giveList()
    for (const both of this.#intersections.values()) both.rest()
  }

  /** One holder more. */
  hold(): this {
    this.#holders += 1
    return this
  }

  /** One holder less; the last one gives the memory back. */
  letGo(): void {
    this.#holders -= 1
    if (this.#holders > 0) return
    for (const both of this.#intersections.values()) both.letGo()
    this.#intersections.clear()
    // Whoever uses an intersection holds both sides.
    for (const other of this.#intersected) other.#forget(this)
    this.#intersected.clear()
    this.#others?.letGo()
    this.#others = undefined
    this.codes.clear()
    this.counts.clear()
    this.base = null
    this.#change = undefined
    this.#giveList()
    if (this.#bits !== undefined && this.#ownsBits) giveWords(this.#bits.words)
    this.#bits = undefined
  }

  /** How these rows differ from the earlier ones; null when there are none, or by much. */
  change(): Change | null {
    const base = this.base
    if (base === null || base.#holders <= 0) return null
    this.#change ??= difference(base.bits, this.bits, Math.max(this.count * changeShare, 64))
    return this.#change
  }

  /** The other rows of the table. */
  others(): Rows {
    this.#others ??= new Rows(this.size, copyOf(this.bits).complement(), true)
    return this.#others
  }

  get bytes(): number {
    let bytes = (this.#bits?.words.byteLength ?? 0) + (this.#list?.byteLength ?? 0)
    for (const codes of this.codes.values()) bytes += codes.words.byteLength
    for (const counts of this.counts.values()) bytes += counts.byteLength
    for (const both of this.#intersections.values()) bytes += both.bytes
    return bytes + (this.#others?.bytes ?? 0)
  }

  #forget(other: Rows): void {
    this.#intersections.get(other)?.letGo()
    this.#intersections.delete(other)
  }

  #giveList(): void {
    if (this.#list !== undefined && this.#ownsList) giveWords(this.#list)
    this.#list = undefined
  }
}

/** A copy in memory of its own. */
export function copyOf(bits: Bitset): Bitset {
  const words = takeWords(bits.words.length)
  words.set(bits.words)
  return new Bitset(bits.size, words)
}

function intersection(a: Rows, b: Rows): Rows {
  const few = a.count <= b.count ? a : b
  const list = few.count > few.size / 64 ? null : few.list()
  if (list === null) return new Rows(a.size, copyOf(a.bits).intersectWith(b.bits), true)
  // Walks the few rows instead of all words.
  const { words } = (few === a ? b : a).bits
  const found = takeWords(list.length)
  let count = 0
  for (let i = 0; i < list.length; i++) {
    const row = list[i]!
    found[count] = row
    count += (words[row >>> 5]! >>> (row & 31)) & 1
  }
  return new Rows(a.size, found.subarray(0, count), true)
}

/** The rows in exactly one of two sets of one table, as two lists; null when they are more than `limit`. */
function difference(before: Bitset, after: Bitset, limit: number): Change | null {
  const old = before.words
  const now = after.words
  let changed = 0
  for (let w = 0; w < now.length; w++) {
    const differs = old[w]! ^ now[w]!
    if (differs === 0) continue
    changed += popcount(differs)
    if (changed > limit) return null
  }
  const added = new Uint32Array(changed)
  const removed = new Uint32Array(changed)
  let adds = 0
  let removes = 0
  for (let w = 0; w < now.length; w++) {
    for (let bits = old[w]! ^ now[w]!; bits !== 0; bits &= bits - 1) {
      const bit = bits & -bits
      const row = w * 32 + 31 - Math.clz32(bit)
      if ((now[w]! & bit) === 0) removed[removes++] = row
      else added[adds++] = row
    }
  }
  return { added: added.subarray(0, adds), removed: removed.subarray(0, removes) }
}
