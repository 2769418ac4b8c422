import type { BatchCells } from './batch-cells.ts'
import { decimalNumeral, integerNumeral, noNumeral, readNumeral } from './numeral.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const blank = 0x20
const tab = 0x09
const doubleQuote = 0x22
const singleQuote = 0x27
const point = 0x2e
const zero = 0x30

/**
 * Reads the records that need no second look, many times faster than the general way: a one-byte delimiter that is no digit, cells without
 * quotes or wholly in `"` without another `"` inside, no more cells than fields. It stops before the first other record and before one that
 * does not end within the bytes at hand. Numerals are read in the same pass over the bytes.
 */
export class PlainRecords {
  readonly #delimiter: number
  readonly #largestStop: number
  readonly #quoting: 'msq' | 'standard' | 'none'
  /** By cell: the entry of its first row. */
  readonly #entries: Uint32Array
  /** The bytes of the last `read`, and where their last line ends. */
  #bytes: Uint8Array = new Uint8Array(0)
  #linesEnd = 0
  /** Rows of the batch after the last `read`. */
  rows = 0

  /** `target`: cell index → column of the batch, or -1; one for each field. `unwanted` is the column for the latter. */
  constructor(
    delimiter: number,
    quoting: 'msq' | 'standard' | 'none',
    target: Int32Array,
    unwanted: number,
    capacity: number,
  ) {
    this.#delimiter = delimiter
    this.#largestStop = Math.max(delimiter, carriageReturn)
    this.#quoting = quoting
    this.#entries = Uint32Array.from(
      target,
      (column) => (column < 0 ? unwanted : column) * capacity,
    )
  }

  static reads(delimiter: number): boolean {
    return delimiter < zero || delimiter > zero + 9
  }

  /** Reads from `from` on into the rows from `rows` up to the capacity, and returns where the next record begins. */
  read(bytes: Uint8Array, from: number, cells: BatchCells, rows: number): number {
    const last = this.#endOfLines(bytes)
    let at = from
    this.rows = rows
    while (this.rows < cells.capacity && at < last) {
      const first = bytes[at]
      // Perhaps a blank line.
      if (first === blank || first === lineFeed || first === carriageReturn) return at
      if (first === tab && this.#delimiter !== tab) return at
      const end = this.#record(bytes, at, last, cells, this.rows)
      if (end < 0) return at
      this.rows += 1
      at = end
    }
    return at
  }

  /** Behind the last line end of the bytes: before it no cell runs past them. */
  #endOfLines(bytes: Uint8Array): number {
    if (bytes === this.#bytes) return this.#linesEnd
    let end = bytes.length
    while (end > 0 && bytes[end - 1] !== lineFeed && bytes[end - 1] !== carriageReturn) end -= 1
    this.#bytes = bytes
    this.#linesEnd = end
    return end
  }

  /** Notes the cells of the record at `from` and returns where the next line begins; -1 = not a plain record. */
  #record(bytes: Uint8Array, from: number, last: number, cells: BatchCells, row: number): number {
    const delimiter = this.#delimiter
    const largestStop = this.#largestStop
    const entries = this.#entries
    const { starts, ends, marks } = cells.room
    const fields = entries.length
    let at = from
    for (let cell = 0; cell < fields; cell++) {
      let start = at
      let numeral = noNumeral
      let digits = 0
      let byte = bytes[at]!
      while ((byte - zero) >>> 0 <= 9) {
        digits = (digits * 10 + byte - zero) | 0
        at += 1
        byte = bytes[at]!
      }
      let end = at
      if (byte === delimiter || byte === lineFeed || byte === carriageReturn)
        numeral = integerNumeral(bytes, start, at, digits)
      else if (at === start && byte <= singleQuote && this.#mayOpen(byte)) {
        if (byte !== doubleQuote) return -1
        start = at + 1
        end = start
        while (end < last && bytes[end] !== doubleQuote) end += 1
        at = end + 1
        if (at >= last) return -1
        byte = bytes[at]!
        if (byte !== delimiter && byte !== lineFeed && byte !== carriageReturn) return -1
        numeral = readNumeral(bytes, start, end)
      } else {
        const dot = at
        if (byte === point) {
          at += 1
          byte = bytes[at]!
          while ((byte - zero) >>> 0 <= 9) {
            digits = (digits * 10 + byte - zero) | 0
            at += 1
            byte = bytes[at]!
          }
        }
        const numberEnd = at
        while (
          byte > largestStop ||
          (byte !== delimiter && byte !== lineFeed && byte !== carriageReturn)
        ) {
          at += 1
          byte = bytes[at]!
        }
        end = at
        if (at === numberEnd && dot < at) numeral = decimalNumeral(bytes, start, dot, at, digits)
      }
      const entry = entries[cell]! + row
      starts[entry] = start
      ends[entry] = end
      marks[entry] = ~numeral
      if (byte === delimiter) at += 1
      else {
        for (let missing = cell + 1; missing < fields; missing++) {
          const none = entries[missing]! + row
          starts[none] = ends[none] = at
          marks[none] = 0
        }
        if (byte === lineFeed) return at + 1
        if (at + 1 === bytes.length) return -1
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
}
