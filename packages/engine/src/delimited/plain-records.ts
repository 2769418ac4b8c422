import type { CellBuffer } from './cell-buffer.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const blank = 0x20
const tab = 0x09
const doubleQuote = 0x22
const singleQuote = 0x27

/**
 * Reads the records that need no second look, many times faster than the general way: a one-byte delimiter, cells without quotes or
 * wholly in `"` without another `"` inside, no more cells than fields. It stops before the first other record and before one that does
 * not end within the bytes at hand.
 */
export class PlainRecords {
  readonly #delimiter: number
  readonly #largestStop: number
  readonly #quoting: 'msq' | 'standard' | 'none'
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array

  readonly #target: Int32Array
  /** Rows of the batch after the last `read`. */
  rows = 0

  /** `target`: cell index → buffer, or -1; one for each field. */
  constructor(delimiter: number, quoting: 'msq' | 'standard' | 'none', target: Int32Array) {
    this.#delimiter = delimiter
    this.#largestStop = Math.max(delimiter, carriageReturn)
    this.#quoting = quoting
    this.#starts = new Uint32Array(target.length)
    this.#ends = new Uint32Array(target.length)
    this.#target = target
  }

  /** Reads from `from` on into the rows from `rows` up to `maxRows`, about `maxBytes`, and returns where the next record begins. */
  read(
    bytes: Uint8Array,
    from: number,
    cells: readonly CellBuffer[],
    rows: number,
    maxRows: number,
    maxBytes: number,
  ): number {
    const stop = from + maxBytes
    let at = from
    this.rows = rows
    while (this.rows < maxRows && at < stop) {
      const first = bytes[at]
      // Perhaps a blank line.
      if (first === blank || first === lineFeed || first === carriageReturn) return at
      if (first === tab && this.#delimiter !== tab) return at
      const end = this.#record(bytes, at)
      if (end < 0) return at
      this.#put(bytes, cells, this.rows)
      this.rows += 1
      at = end
    }
    return at
  }

  /** Notes the cells of the record at `from` and returns where the next line begins; -1 = not a plain record. */
  #record(bytes: Uint8Array, from: number): number {
    const delimiter = this.#delimiter
    const largestStop = this.#largestStop
    const starts = this.#starts
    const ends = this.#ends
    const fields = starts.length
    const { length } = bytes
    let at = from
    for (let cell = 0; cell < fields; cell++) {
      if (at >= length) return -1
      let byte = bytes[at]!
      let start = at
      let end = at
      if (byte <= singleQuote && this.#mayOpen(byte)) {
        if (byte !== doubleQuote) return -1
        start = at + 1
        end = start
        while (end < length && bytes[end] !== doubleQuote) end += 1
        at = end + 1
        if (at >= length) return -1
        byte = bytes[at]!
        if (byte !== delimiter && byte !== lineFeed && byte !== carriageReturn) return -1
      } else {
        while (
          byte > largestStop ||
          (byte !== delimiter && byte !== lineFeed && byte !== carriageReturn)
        ) {
          at += 1
          if (at === length) return -1
          byte = bytes[at]!
        }
        end = at
      }
      starts[cell] = start
      ends[cell] = end
      if (byte === delimiter) at += 1
      else {
        for (let missing = cell + 1; missing < fields; missing++)
          starts[missing] = ends[missing] = at
        if (byte === lineFeed) return at + 1
        if (at + 1 === length) return -1
        return bytes[at + 1] === lineFeed ? at + 2 : at + 1
      }
    }
    return -1
  }

  /** Whether a quoted cell may begin with this byte. */
  #mayOpen(byte: number): boolean {
    if (this.#quoting === 'none') return false
    if (byte === doubleQuote) return true
    return this.#quoting === 'msq' && (byte === blank || byte === singleQuote)
  }

  #put(bytes: Uint8Array, cells: readonly CellBuffer[], row: number): void {
    const starts = this.#starts
    const ends = this.#ends
    const target = this.#target
    for (let cell = 0; cell < target.length; cell++) {
      const buffer = target[cell]!
      if (buffer >= 0) cells[buffer]!.put(bytes, starts[cell]!, ends[cell]!, row)
    }
  }
}
