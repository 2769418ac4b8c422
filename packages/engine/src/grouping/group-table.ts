import { LichenError } from '../base/errors.ts'

/** In place of a group: none. */
export const noGroup = 0xffffffff

const maxDirect = 4_000_000

/**
 * Dense ids of tuples of dimension codes, in order of arrival. Without dimensions there is one group. `sizes[d]` is the number of codes
 * of dimension d, or infinite while it is not known: then the table grows.
 */
export class GroupTable {
  readonly dimensions: number
  readonly #sizes: readonly number[]
  readonly #maxGroups: number
  readonly #codes: Uint32Array[]
  /** Direct addressing: id + 1 by code, or by code of the first × size of the second + code of the second. Else open addressing. */
  #slots: Uint32Array
  readonly #direct: boolean
  #count = 0

  constructor(sizes: readonly number[], maxGroups: number) {
    this.dimensions = sizes.length
    this.#sizes = sizes
    this.#maxGroups = maxGroups
    this.#codes = sizes.map(() => new Uint32Array(64))
    const product = sizes.reduce((all, size) => all * size, 1)
    this.#direct = sizes.length <= 1 || (sizes.length === 2 && product < maxDirect)
    this.#slots = new Uint32Array(this.#direct && Number.isFinite(product) ? product : 256)
    if (sizes.length === 0) this.#count = 1
  }

  get count(): number {
    return this.#count
  }

  /** Codes of a dimension by group; at least `count` long and replaced when the table grows. */
  codes(dimension: number): Uint32Array {
    return this.#codes[dimension]!
  }

  /** Ids of the tuples in slots 0 … count - 1, new ones added. @throws LichenError `budget-exceeded` */
  add(codes: readonly Uint32Array[], count: number, out: Uint32Array): void {
    if (this.dimensions === 0) out.fill(0, 0, count)
    else if (!this.#direct) this.#addHashed(codes, count, out)
    else if (this.dimensions === 1) this.#addSingle(codes[0]!, count, out)
    else this.#addPair(codes[0]!, codes[1]!, count, out)
  }

  /** As `add`, but a tuple that is not there gives `noGroup`. */
  find(codes: readonly Uint32Array[], count: number, out: Uint32Array): void {
    if (this.dimensions === 0) {
      out.fill(0, 0, count)
      return
    }
    const tuple = new Array<number>(this.dimensions)
    for (let i = 0; i < count; i++) {
      for (let d = 0; d < this.dimensions; d++) tuple[d] = codes[d]![i]!
      const id = this.#direct ? this.#directId(tuple) : this.#hashedId(codes, i)
      out[i] = id === 0 ? noGroup : id - 1
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
