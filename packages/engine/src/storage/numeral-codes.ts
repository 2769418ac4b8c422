/** Digits below this have a place in the table, whatever they are. */
const firstDigits = 1 << 12
/** The largest table, 16 MiB. */
const mostDigits = 1 << 22
/** Places for other numerals, 2^13. */
const recentBits = 13

/**
 * Numeral (an integer ≥ 0: digits times 8 plus how many are decimals) → code. Digits that are about as dense as the values known, and have as
 * many decimals as the first, are looked up in a table; of others those seen lately are known, so that values that never come again cost
 * little. Plain heap memory: it lives only while a column loads.
 */
export class NumeralCodes {
  #table = new Uint32Array(0)
  #decimals = 0
  #count = 0
  /** In twos: a numeral and its code, which is 0 in a free place; made with the first numeral. */
  #recent = new Int32Array(0)

  /** 0 = not known. */
  find(numeral: number): number {
    const table = this.#table
    const digits = numeral >>> 3
    if (digits < table.length && (numeral & 7) === this.#decimals) return table[digits]!
    const recent = this.#recent
    if (recent.length === 0) return 0
    const at = placeOf(numeral)
    return recent[at] === numeral ? recent[at + 1]! : 0
  }

  /** Remembers a numeral that `find` does not know. */
  remember(numeral: number, code: number): void {
    if (this.#count === 0) {
      this.#table = new Uint32Array(firstDigits)
      this.#recent = new Int32Array(2 << recentBits)
      this.#decimals = numeral & 7
    }
    this.#count += 1
    const digits = numeral >>> 3
    if ((numeral & 7) === this.#decimals && this.#hasRoom(digits)) {
      this.#table[digits] = code
      return
    }
    const at = placeOf(numeral)
    this.#recent[at] = numeral
    this.#recent[at + 1] = code
  }

  #hasRoom(digits: number): boolean {
    let { length } = this.#table
    if (digits < length) return true
    if (digits >= Math.min(this.#count * 4, mostDigits)) return false
    while (length <= digits) length *= 2
    const grown = new Uint32Array(length)
    grown.set(this.#table)
    this.#table = grown
    return true
  }
}

/** Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): near numerals come to lie apart. */
function placeOf(numeral: number): number {
  return (Math.imul(numeral, 0x9e3779b1) >>> (32 - recentBits)) * 2
}
