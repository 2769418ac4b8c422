import type { Vector } from '../value/vector.ts'

/** Final mixing of MurmurHash3 (public domain, Austin Appleby). */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const asNumber = new Float64Array(1)
const asWords = new Uint32Array(asNumber.buffer)

/** Dense ids of values: 0 is NULL; equal numbers, and equal texts without a number, share an id. */
export class ValueIds {
  #slots: Uint32Array = new Uint32Array(64)
  #numbers: Float64Array = new Float64Array(32)
  readonly #texts = new Map<string, number>()
  #count = 1
  #numeric = 0

  get count(): number {
    return this.#count
  }

  idOf(values: Vector, slot: number): number {
    const kind = values.kinds[slot]!
    if (kind === 0) return 0
    return (kind & 1) === 1
      ? this.#idOfNumber(values.numbers[slot]! + 0)
      : this.#idOfText(values.texts[slot]!)
  }

  #idOfText(text: string): number {
    let id = this.#texts.get(text)
    if (id === undefined) {
      id = this.#count++
      this.#texts.set(text, id)
    }
    return id
  }

  #idOfNumber(number: number): number {
    if ((this.#numeric + 1) * 2 > this.#slots.length) this.#rehash()
    const mask = this.#slots.length - 1
    let at = hashOf(number) & mask
    for (let id = this.#slots[at]!; id !== 0; id = this.#slots[at]!) {
      if (this.#numbers[id] === number) return id
      at = (at + 1) & mask
    }
    const id = this.#count++
    this.#slots[at] = id
    this.#keep(id, number)
    this.#numeric += 1
    return id
  }

  #keep(id: number, number: number): void {
    if (id >= this.#numbers.length) {
      const numbers = new Float64Array(Math.max(id + 1, this.#numbers.length * 2))
      numbers.set(this.#numbers)
      this.#numbers = numbers
    }
    this.#numbers[id] = number
  }

  #rehash(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    const mask = this.#slots.length - 1
    for (const id of old) {
      if (id === 0) continue
      let at = hashOf(this.#numbers[id]!) & mask
      while (this.#slots[at] !== 0) at = (at + 1) & mask
      this.#slots[at] = id
    }
  }
}

function hashOf(number: number): number {
  asNumber[0] = number
  return mix(Math.imul(asWords[0]!, 0x9e3779b1) ^ Math.imul(asWords[1]!, 0x85ebca6b))
}

/** A set of pairs of unsigned integers, numbered in order of arrival. */
export class PairIds {
  #slots: Uint32Array = new Uint32Array(64)
  #first: Uint32Array = new Uint32Array(32)
  #second: Uint32Array = new Uint32Array(32)
  count = 0

  first(id: number): number {
    return this.#first[id]!
  }

  second(id: number): number {
    return this.#second[id]!
  }

  /** The id of a pair; equals the old `count` when the pair is new. */
  idOf(first: number, second: number): number {
    const mask = this.#slots.length - 1
    let at = mix(Math.imul(first, 0x9e3779b1) ^ second) & mask
    for (let id = this.#slots[at]!; id !== 0; id = this.#slots[at]!) {
      if (this.#first[id - 1] === first && this.#second[id - 1] === second) return id - 1
      at = (at + 1) & mask
    }
    const id = this.count++
    if (id >= this.#first.length) this.#grow()
    this.#first[id] = first
    this.#second[id] = second
    this.#slots[at] = id + 1
    if (this.count * 2 > this.#slots.length) this.#rehash()
    return id
  }

  /** Whether the pair was not there yet. */
  add(first: number, second: number): boolean {
    const before = this.count
    return this.idOf(first, second) === before
  }

  #grow(): void {
    const first = new Uint32Array(this.#first.length * 2)
    first.set(this.#first)
    this.#first = first
    const second = new Uint32Array(this.#second.length * 2)
    second.set(this.#second)
    this.#second = second
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let id = 0; id < this.count; id++) {
      let at = mix(Math.imul(this.#first[id]!, 0x9e3779b1) ^ this.#second[id]!) & mask
      while (this.#slots[at] !== 0) at = (at + 1) & mask
      this.#slots[at] = id + 1
    }
  }
}
