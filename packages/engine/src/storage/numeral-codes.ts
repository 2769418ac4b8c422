/** Digits below this have a place in the table, whatever they are. */
const firstDigits = 1 << 12
/** The largest table, 16 MiB. */
const mostDigits = 1 << 22
/** Places for other numerals at first and at most, powers of two. */
const firstPlaces = 1 << 10
const mostPlaces = 1 << 16

/**
 * Numeral (an integer ≥ 0: digits times 8 plus how many are decimals) → code. Digits that are
 * about as dense as the values known, and have as many decimals as the first, are looked up in a table; of others those seen lately are
 * known, so that values that never come again cost little. Plain heap memory: it lives only while a column loads.
 */
export class NumeralCodes {
  #table = new Uint32Array(0)
  #decimals = -1
  #count = 0
  /** In twos: a numeral and its code, which is 0 in a free place; made with the first numeral that comes here. */
  #recent = new Int32Array(0)
  #recentCount = 0

  /** 0 = not known. */
  find(numeral: number): number {
    const table = this.#table
    const digits = numeral >>> 3
    if (digits < table.length && (numeral & 7) === this.#decimals) return table[digits]!
    const recent = this.#recent
    if (recent.length === 0) return 0
    const at = placeOf(numeral, recent.length)
    return recent[at] === numeral ? recent[at + 1]! : 0
  }

  /**
   * out[i] = code of the numeral whose complement is marks[i], from `from` up to `to`; stops at the first that is not known, or is none, and
   * returns its place. Replaces a `find` for each.
   */
  translate(marks: Int32Array, from: number, to: number, out: Uint32Array): number {
    const table = this.#table
    const decimals = this.#decimals
    const recent = this.#recent
    for (let i = from; i < to; i++) {
      const numeral = ~marks[i]!
      const digits = numeral >>> 3
      let code = 0
      if (digits < table.length && (numeral & 7) === decimals) code = table[digits]!
      else if (recent.length > 0) {
        const at = placeOf(numeral, recent.length)
        if (recent[at] === numeral) code = recent[at + 1]!
      }
      if (code === 0) return i
      out[i] = code
    }
    return to
  }

  /** Remembers a numeral that `find` does not know. */
  remember(numeral: number, code: number): void {
    this.#count += 1
    const digits = numeral >>> 3
    if (this.#decimals < 0 && digits < mostDigits) {
      this.#table = new Uint32Array(firstDigits)
      this.#decimals = numeral & 7
    }
    if ((numeral & 7) === this.#decimals && this.#hasRoom(digits)) {
      this.#table[digits] = code
      return
    }
    if (++this.#recentCount * 4 > this.#recent.length) this.#growRecent()
    const at = placeOf(numeral, this.#recent.length)
    this.#recent[at] = numeral
    this.#recent[at + 1] = code
  }

  #growRecent(): void {
    const old = this.#recent
    const places = Math.min(mostPlaces, Math.max(firstPlaces, old.length * 2))
    if (places * 2 === old.length) return
    const grown = new Int32Array(places * 2)
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue
      const at = placeOf(old[from]!, grown.length)
      grown[at] = old[from]!
      grown[at + 1] = old[from + 1]!
    }
    this.#recent = grown
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

/** Where a numeral lies in twos; those of a range narrower than the places, such as days written as 20261124, do not meet. */
function placeOf(numeral: number, length: number): number {
  return ((numeral >>> 3) * 2 + (numeral & 7) * (length >>> 3)) & (length - 2)
}
