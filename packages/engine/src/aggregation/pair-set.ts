import { PairIds } from './value-ids.ts'

/** Bits of the map of one set: 32 MiB. */
const maxBits = 2 ** 28

/**
 * A set of pairs of small unsigned integers, as long as it stays dense a bitmap with one run of bits for each first number, later hashed.
 */
export class PairSet {
  #stride = 1024
  #bits: Uint32Array = new Uint32Array(64)
  #hashed: PairIds | undefined

  /** Whether the pair was not there yet. */
  add(first: number, second: number): boolean {
    if (this.#hashed !== undefined) return this.#hashed.add(first, second)
    if (second >= this.#stride && !this.#widen(second)) return this.add(first, second)
    const at = first * this.#stride + second
    if (at >= this.#bits.length * 32 && !this.#lengthen(at)) return this.add(first, second)
    const word = at >>> 5
    const bit = 1 << (at & 31)
    if ((this.#bits[word]! & bit) !== 0) return false
    this.#bits[word]! |= bit
    return true
  }

  /** False when the set is hashed from now on. */
  #lengthen(at: number): boolean {
    if (at >= maxBits) return this.#hash()
    const bits = new Uint32Array(
      Math.min(maxBits / 32, Math.max((at >>> 5) + 1, this.#bits.length * 2)),
    )
    bits.set(this.#bits)
    this.#bits = bits
    return true
  }

  /** Rows of bits are copied as words, since strides are multiples of 32. False when the set is hashed from now on. */
  #widen(second: number): boolean {
    const before = this.#stride
    let stride = before
    while (stride <= second) stride *= 2
    const firsts = Math.ceil((this.#bits.length * 32) / before)
    if (firsts * stride > maxBits) return this.#hash()
    const bits = new Uint32Array((firsts * stride) / 32)
    for (let first = 0; first < firsts; first++) {
      const from = (first * before) / 32
      bits.set(this.#bits.subarray(from, from + before / 32), (first * stride) / 32)
    }
    this.#bits = bits
    this.#stride = stride
    return true
  }

  #hash(): false {
    const hashed = new PairIds()
    for (let w = 0; w < this.#bits.length; w++) {
      for (let word = this.#bits[w]!; word !== 0; word &= word - 1) {
        const at = w * 32 + 31 - Math.clz32(word & -word)
        hashed.add(Math.floor(at / this.#stride), at % this.#stride)
      }
    }
    this.#hashed = hashed
    this.#bits = new Uint32Array(0)
    return false
  }
}
