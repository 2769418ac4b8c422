import { equalBytes, hashBytes, mix, slotCount } from './hash.ts'

/** Bytes of cell texts remembered per column; beyond, new texts are interpreted each time they come. */
const rememberedBytes = 64 << 20

/**
 * Cell bytes → code, so that a text source is interpreted once per distinct cell, not per row.
 * Plain heap memory: it lives only while a column loads.
 */
export class CellDictionary {
  #bytes = new Uint8Array(1024)
  #used = 0
  #ends = new Uint32Array(64)
  #hashes = new Uint32Array(64)
  #codes = new Uint32Array(64)
  #slots = new Uint32Array(128)
  #count = 0

  /** The code of bytes[start … end); what is not known yet is asked of `interpret` and remembered. */
  codeOf(
    bytes: Uint8Array,
    start: number,
    end: number,
    interpret: (start: number, end: number) => number,
  ): number {
    const length = end - start
    const hash = length === 0 ? mix(0) : hashBytes(bytes, start, end)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      if (this.#hashes[entry] === hash) {
        const from = this.#ends[entry - 1]!
        if (
          this.#ends[entry]! - from === length &&
          equalBytes(this.#bytes, from, bytes, start, length)
        ) {
          return this.#codes[entry]!
        }
      }
      slot = (slot + 1) & mask
    }
    const code = interpret(start, end)
    if (this.#used + length <= rememberedBytes) this.#remember(bytes, start, end, hash, code)
    return code
  }

  #remember(bytes: Uint8Array, start: number, end: number, hash: number, code: number): void {
    const entry = ++this.#count
    if (entry === this.#ends.length) this.#growEntries()
    const used = this.#used + end - start
    if (used > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(used, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used)
    this.#used = used
    this.#ends[entry] = used
    this.#hashes[entry] = hash
    this.#codes[entry] = code
    if (entry * 2 > this.#slots.length) this.#slots = new Uint32Array(slotCount(entry * 2))
    else {
      this.#place(entry)
      return
    }
    for (let known = 1; known <= entry; known++) this.#place(known)
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#hashes[entry]! & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = entry
  }

  #growEntries(): void {
    const grow = (array: Uint32Array<ArrayBuffer>) => {
      const grown = new Uint32Array(array.length * 2)
      grown.set(array)
      return grown
    }
    this.#ends = grow(this.#ends)
    this.#hashes = grow(this.#hashes)
    this.#codes = grow(this.#codes)
  }
}
