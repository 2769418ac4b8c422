import { LichenError } from '../base/errors.ts'
import type { Operand, Program } from '../wasm/program.ts'
import { type DimensionCodes, planPositions } from './arena-positions.ts'
import { KeyedPositions } from './keyed-positions.ts'

/** In place of a group: none. */
export const noGroup = 0xffffffff

const maxDirect = 4_000_000

const noSlots = new Uint32Array(0)
const noCodes = new Uint32Array(1)

// Replaces out[i] = first[i] * size + second[i].
function pairPositions(
  first: Uint32Array,
  second: Uint32Array,
  size: number,
  count: number,
  out: Uint32Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    out[i] = first[i]! * size + second[i]!
    out[i + 1] = first[i + 1]! * size + second[i + 1]!
    out[i + 2] = first[i + 2]! * size + second[i + 2]!
    out[i + 3] = first[i + 3]! * size + second[i + 3]!
  }
  for (; i < count; i++) out[i] = first[i]! * size + second[i]!
}

/**
 * Ids of tuples of dimension codes. Without dimensions there is one group. `sizes[d]` is the number of codes of dimension d, or infinite
 * while it is not known: then the table grows. Ids are dense, in order of arrival; but where many records are expected to fill most of
 * the possible tuples, the id is the position of the tuple among all of them, and only some of the ids up to `count` are there.
 */
export class GroupTable {
  readonly dimensions: number
  readonly #sizes: readonly number[]
  readonly #maxGroups: number
  readonly #codes: Uint32Array[]
  /** Direct addressing: id + 1 by code, or by code of the first × size of the second + code of the second. Else open addressing. */
  #slots: Uint32Array
  #direct: boolean
  #count = 0
  /** Ids that are there, when ids are positions; whole words of 4. */
  #present: Uint8Array | undefined
  readonly #product: number

  constructor(sizes: readonly number[], maxGroups: number) {
    this.dimensions = sizes.length
    this.#sizes = sizes
    this.#maxGroups = maxGroups
    this.#codes = sizes.map(() => new Uint32Array(64))
    const product = sizes.reduce((all, size) => all * size, 1)
    this.#product = product
    this.#direct = sizes.length <= 1 || (sizes.length === 2 && product < maxDirect)
    this.#slots = noSlots
    if (sizes.length === 0) this.#count = 1
  }

  /** Before the first tuples: about how many records are going to be added. Later calls change nothing. */
  expect(records: number): void {
    if (this.#slots !== noSlots || this.#present !== undefined || this.dimensions === 0) return
    const size = this.#product
    if (size <= Math.min(maxDirect, this.#maxGroups, Math.max(256, records * 2))) {
      this.#present = new Uint8Array((size + 3) & ~3)
      this.#count = size
      return
    }
    if (size > 16 * records && this.dimensions > 1) this.#direct = false
    this.#begin()
  }

  #begin(): void {
    const size = this.#direct && Number.isFinite(this.#product) ? this.#product : 256
    this.#slots = new Uint32Array(size)
  }

  /**
   * A reader of ids from codes of keys, where ids are positions; undefined where they are not. `maps[d]`: code of the key → code of
   * dimension d, undefined where records have the dimension's own codes.
   */
  keyed(maps: readonly (Uint32Array | undefined)[]): KeyedPositions | undefined {
    const present = this.#present
    if (present === undefined) return undefined
    return new KeyedPositions(this.#sizes, maps, present)
  }

  /**
   * Plans the ids of a program's records of one or two dimensions, where they are positions; undefined where they are not. `found` is told
   * whether the tuple of NULLs was among them. @throws NotInArena
   */
  planIds(
    program: Program,
    dimensions: readonly DimensionCodes[],
    found: (hasNull: boolean) => void,
  ): Operand | undefined {
    const [first, second, ...others] = dimensions
    const present = this.#present
    return present === undefined || first === undefined || others.length > 0
      ? undefined
      : planPositions(program, this.#sizes, [first, second], present, found)
  }

  /**
   * With one dimension whose ids are positions: takes note of all its codes that occur at once. True when its codes are now the ids of
   * the records that were counted.
   */
  addCounted(counts: Uint32Array): boolean {
    const present = this.#present
    if (present === undefined || this.dimensions !== 1) return false
    for (let code = 0; code < counts.length; code++) if (counts[code] !== 0) present[code] = 1
    return true
  }

  /** The ids that are there, ascending. */
  ids(): Uint32Array {
    const present = this.#present
    if (present === undefined) return Uint32Array.from({ length: this.#count }, (_, id) => id)
    const ids = new Uint32Array(this.#count)
    let count = 0
    for (let id = 0; id < this.#count; id++) {
      ids[count] = id
      count += present[id]!
    }
    return ids.slice(0, count)
  }

  /** The id of the tuple of NULLs, or `noGroup`. */
  nullId(): number {
    if (this.#present !== undefined) return this.#present[0] === 1 ? 0 : noGroup
    const id = new Uint32Array(1)
    this.find(
      this.#sizes.map(() => noCodes),
      1,
      id,
    )
    return id[0]!
  }

  /** Codes of a dimension for some ids. */
  codesOf(dimension: number, ids: Uint32Array): Uint32Array {
    const out = new Uint32Array(ids.length)
    if (this.#present === undefined) {
      const codes = this.codes(dimension)
      for (let i = 0; i < ids.length; i++) out[i] = codes[ids[i]!]!
      return out
    }
    const size = this.#sizes[dimension]!
    const stride = this.#sizes.slice(dimension + 1).reduce((all, inner) => all * inner, 1)
    for (let i = 0; i < ids.length; i++) out[i] = Math.floor(ids[i]! / stride) % size
    return out
  }

  get count(): number {
    return this.#count
  }

  /** Codes of a dimension by group, for ids in order of arrival; at least `count` long and replaced when the table grows. */
  codes(dimension: number): Uint32Array {
    return this.#codes[dimension]!
  }

  /**
   * Ids of the tuples in slots 0 … count - 1, new ones added. They are in the array returned: `out`, or the codes themselves.
   * @throws LichenError `budget-exceeded`
   */
  add(codes: readonly Uint32Array[], count: number, out: Uint32Array): Uint32Array {
    if (this.#present !== undefined) return this.#addPositions(this.#present, codes, count, out)
    if (this.#slots === noSlots) this.#begin()
    if (this.dimensions === 0) out.fill(0, 0, count)
    else if (!this.#direct) this.#addHashed(codes, count, out)
    else if (this.dimensions === 1) this.#addSingle(codes[0]!, count, out)
    else this.#addPair(codes[0]!, codes[1]!, count, out)
    return out
  }

  #addPositions(
    present: Uint8Array,
    codes: readonly Uint32Array[],
    count: number,
    out: Uint32Array,
  ): Uint32Array {
    const [first, second, ...others] = codes
    if (first === undefined) return out
    if (second === undefined) {
      for (let i = 0; i < count; i++) present[first[i]!] = 1
      return first
    }
    pairPositions(first, second, this.#sizes[1]!, count, out)
    for (const [d, code] of others.entries())
      pairPositions(out, code, this.#sizes[d + 2]!, count, out)
    for (let i = 0; i < count; i++) present[out[i]!] = 1
    return out
  }

  /** As `add`, but a tuple that is not there gives `noGroup`. */
  find(codes: readonly Uint32Array[], count: number, out: Uint32Array): void {
    if (this.dimensions === 0) {
      out.fill(0, 0, count)
      return
    }
    if (this.#present !== undefined) {
      this.#findPositions(this.#present, codes, count, out)
      return
    }
    if (this.#slots === noSlots) this.#begin()
    const tuple = new Array<number>(this.dimensions)
    for (let i = 0; i < count; i++) {
      for (let d = 0; d < this.dimensions; d++) tuple[d] = codes[d]![i]!
      const id = this.#direct ? this.#directId(tuple) : this.#hashedId(codes, i)
      out[i] = id === 0 ? noGroup : id - 1
    }
  }

  #findPositions(
    present: Uint8Array,
    codes: readonly Uint32Array[],
    count: number,
    out: Uint32Array,
  ): void {
    for (let i = 0; i < count; i++) {
      let at = 0
      for (let d = 0; d < codes.length; d++) at = at * this.#sizes[d]! + codes[d]![i]!
      out[i] = present[at] === 1 ? at : noGroup
    }
  }

  #directId(tuple: readonly number[]): number {
    const [first = 0, second = 0] = tuple
    return this.#slots[this.dimensions === 1 ? first : first * this.#sizes[1]! + second] ?? 0
  }

  #addSingle(codes: Uint32Array, count: number, out: Uint32Array): void {
    let slots = this.#slots
    for (let i = 0; i < count; i++) {
      const code = codes[i]!
      if (code >= slots.length) slots = this.#growSlots(code + 1)
      let id = slots[code]!
      if (id === 0) {
        id = this.#newGroup() + 1
        this.#codes[0]![id - 1] = code
        slots[code] = id
      }
      out[i] = id - 1
    }
  }

  #addPair(first: Uint32Array, second: Uint32Array, count: number, out: Uint32Array): void {
    const slots = this.#slots
    const size = this.#sizes[1]!
    for (let i = 0; i < count; i++) {
      const at = first[i]! * size + second[i]!
      let id = slots[at]!
      if (id === 0) {
        id = this.#newGroup() + 1
        this.#codes[0]![id - 1] = first[i]!
        this.#codes[1]![id - 1] = second[i]!
        slots[at] = id
      }
      out[i] = id - 1
    }
  }

  #addHashed(codes: readonly Uint32Array[], count: number, out: Uint32Array): void {
    for (let i = 0; i < count; i++) {
      let id = this.#hashedId(codes, i)
      if (id === 0) {
        id = this.#newGroup() + 1
        for (let d = 0; d < codes.length; d++) this.#codes[d]![id - 1] = codes[d]![i]!
        if (this.#count * 2 > this.#slots.length) this.#rehash()
        else this.#slots[this.#freeSlot(id - 1)] = id
      }
      out[i] = id - 1
    }
  }

  #hashedId(codes: readonly Uint32Array[], slot: number): number {
    const mask = this.#slots.length - 1
    let hash = 0
    for (let d = 0; d < codes.length; d++)
      hash = Math.imul(hash ^ codes[d]![slot]!, 0x9e3779b1) + 0x85ebca6b
    let at = finish(hash) & mask
    for (let id = this.#slots[at]!; id !== 0; id = this.#slots[at]!) {
      let equal = true
      for (let d = 0; d < codes.length && equal; d++)
        equal = this.#codes[d]![id - 1] === codes[d]![slot]!
      if (equal) return id
      at = (at + 1) & mask
    }
    return 0
  }

  #freeSlot(group: number): number {
    const mask = this.#slots.length - 1
    let hash = 0
    for (let d = 0; d < this.dimensions; d++)
      hash = Math.imul(hash ^ this.#codes[d]![group]!, 0x9e3779b1) + 0x85ebca6b
    let at = finish(hash) & mask
    while (this.#slots[at] !== 0) at = (at + 1) & mask
    return at
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let group = 0; group < this.#count; group++) this.#slots[this.#freeSlot(group)] = group + 1
  }

  #growSlots(needed: number): Uint32Array {
    const slots = new Uint32Array(Math.max(needed, this.#slots.length * 2))
    slots.set(this.#slots)
    this.#slots = slots
    return slots
  }

  #newGroup(): number {
    const group = this.#count
    if (group >= this.#maxGroups) {
      throw new LichenError(
        'budget-exceeded',
        `The dimensions make more than ${this.#maxGroups} groups. Use fewer dimensions or select less`,
        { details: { limit: this.#maxGroups } },
      )
    }
    this.#count += 1
    for (let d = 0; d < this.dimensions; d++) {
      const codes = this.#codes[d]!
      if (group < codes.length) continue
      const more = new Uint32Array(codes.length * 2)
      more.set(codes)
      this.#codes[d] = more
    }
    return group
  }
}

/** Final mixing of MurmurHash3 (public domain, Austin Appleby). */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
