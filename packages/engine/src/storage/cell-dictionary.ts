import { equalBytes, hashWords, slotCount } from './hash.ts'

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
  /** Of the cell `find` was asked for last. */
  #hash = 0

  /** The code of bytes[start … end), -1 when they are not known. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    const hash = hashWords(bytes, start, end)
    this.#hash = hash
    const slots = this.#slots
    const mask = slots.length - 1
    for (let slot = hash & mask, entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
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
    return -1
  }

  /** Remembers the code of the cell that `find` was asked for last and did not know. */
  remember(bytes: Uint8Array, start: number, end: number, code: number): void {
    const used = this.#used + end - start
    if (used > rememberedBytes) return
    const entry = ++this.#count
    if (entry === this.#ends.length) this.#growEntries()
    if (used > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(used, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    for (let at = this.#used, i = start; i < end; i++) this.#bytes[at++] = bytes[i]!
    this.#used = used
    this.#ends[entry] = used
    this.#hashes[entry] = this.#hash
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
