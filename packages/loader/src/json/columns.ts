import type { Value } from '@lichen/engine'

/** A column that grows by rows and keeps each distinct value once. Rows never set are NULL. */
export class GrowingColumn {
  readonly dictionary: Value[] = []
  readonly #codeOf = new Map<number | string, number>()
  #codes: Uint32Array = new Uint32Array(1024)

  set(row: number, value: number | string): void {
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.dictionary.push(value)
      this.#codeOf.set(value, code)
    }
    this.#reserve(row + 1)
    this.#codes[row] = code
  }

  /** Codes of the rows [start, end). */
  codes(start: number, end: number): Uint32Array {
    this.#reserve(end)
    return this.#codes.subarray(start, end)
  }

  #reserve(rows: number): void {
    if (rows <= this.#codes.length) return
    const larger = new Uint32Array(Math.max(rows, this.#codes.length * 2))
    larger.set(this.#codes)
    this.#codes = larger
  }
}
