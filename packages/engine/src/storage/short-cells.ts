import { mix } from './hash.ts'

const places = 1 << 12
const shortest = 1
const longest = 8

/**
 * The codes of cells of one to eight bytes seen lately. Length, first and last four bytes tell all of such a cell, so none of it is compared
 * byte by byte. Plain heap memory: it lives only while a column loads.
 */
export class ShortCells {
  /** In fours: first bytes, last bytes, length, code, which is 0 in a free place; made at the first code. */
  #places = new Int32Array(0)
  #head = 0
  #tail = 0
  #at = 0

  /** Whether cells of so many bytes are remembered. */
  static holds(length: number): boolean {
    return length >= shortest && length <= longest
  }

  /** The code of bytes[start … end), 0 when it is not known. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    let head = bytes[start]!
    let tail = 0
    if (length >= 4) {
      head |= (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
      tail =
        bytes[end - 4]! | (bytes[end - 3]! << 8) | (bytes[end - 2]! << 16) | (bytes[end - 1]! << 24)
    } else for (let at = start + 1; at < end; at++) head = (head << 8) | bytes[at]!
    const at = (mix(head ^ Math.imul(tail, 0x9e3779b1) ^ length) & (places - 1)) * 4
    this.#head = head
    this.#tail = tail
    this.#at = at
    const known = this.#places
    const same =
      known.length > 0 && known[at] === head && known[at + 1] === tail && known[at + 2] === length
    return same ? known[at + 3]! : 0
  }

  /** Remembers the code of the cell that `find` was asked for last. */
  remember(length: number, code: number): void {
    if (this.#places.length === 0) this.#places = new Int32Array(4 * places)
    const at = this.#at
    this.#places[at] = this.#head
    this.#places[at + 1] = this.#tail
    this.#places[at + 2] = length
    this.#places[at + 3] = code
  }
}
