import type { CountedCells } from './source.ts'

/**
 * Mark above 0 of a cell → code, for the cells counted last. Marks come as codes do, from 1 on in the order of cells, so most often they are
 * the same. Plain heap memory: it lives only while a column loads.
 */
export class MarkCodes {
  #by: object | undefined
  #codes = new Uint32Array(0)
  /** Marks up to this one are their own codes. */
  #same = 0

  /** Makes room for the marks of a batch, and forgets those of others. */
  prepare({ by, most }: CountedCells, marks: Int32Array): void {
    if (this.#by !== by) {
      this.#by = by
      this.#codes = new Uint32Array(0)
      this.#same = 0
    }
    const largest = most === Number.POSITIVE_INFINITY ? largestOf(marks) : most
    if (largest < this.#codes.length) return
    const grown = new Uint32Array(Math.max(largest + 1, this.#codes.length * 2))
    grown.set(this.#codes)
    this.#codes = grown
  }

  /** Whether all marks of a batch are their own codes. */
  areCodes({ by, most }: CountedCells): boolean {
    return by === this.#by && most <= this.#countSame()
  }

  /** The code of a mark of a batch that was prepared for, 0 when it is not known. */
  find(mark: number): number {
    return this.#codes[mark]!
  }

  remember(mark: number, code: number): void {
    this.#codes[mark] = code
  }

  /**
   * out[i] = code of marks[i], 0 where `missing` has 1, from `from` up to `to`; stops at the first that is not above 0 or not known, and
   * returns its place. Replaces a `find` for each.
   */
  translate(
    marks: Int32Array,
    missing: Uint8Array | undefined,
    from: number,
    to: number,
    out: Uint32Array,
  ): number {
    const codes = this.#codes
    const same = this.#countSame()
    for (let i = from; i < to; i++) {
      const mark = marks[i]!
      const code = mark <= same ? mark : codes[mark]!
      if (missing !== undefined && missing[i] === 1) out[i] = 0
      else if (code <= 0) return i
      else out[i] = code
    }
    return to
  }

  #countSame(): number {
    const codes = this.#codes
    let same = this.#same
    while (same + 1 < codes.length && codes[same + 1] === same + 1) same += 1
    this.#same = same
    return same
  }
}

function largestOf(marks: Int32Array): number {
  let largest = 0
  for (let i = 0; i < marks.length; i++) if (marks[i]! > largest) largest = marks[i]!
  return largest
}
