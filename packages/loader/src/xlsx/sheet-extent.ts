import { overBudget } from '../load-errors.ts'
import type { CellRange } from './cell-reference.ts'
import type { SharedStrings } from './shared-strings.ts'
import type { CellSink } from './sheet.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Finds where a table begins, what its first row says, and how far it reaches. */
export class SheetExtent implements CellSink {
  /** First row with a value, -1 while there is none. */
  firstRow = -1
  lastRow = -1
  firstColumn = -1
  lastColumn = -1
  /** Texts of the first row, by column. */
  readonly labels: Map<number, string> = new Map()
  readonly #range: CellRange
  readonly #strings: SharedStrings
  readonly #where: string
  readonly #mostBytes: number
  #bytes = 0

  /** Cells outside `range` are not looked at; labels have at most `mostBytes` bytes together. */
  constructor(range: CellRange, strings: SharedStrings, where: string, mostBytes: number) {
    this.#range = range
    this.#strings = strings
    this.#where = where
    this.#mostBytes = mostBytes
  }

  /** First and last column with a label; -1 while there is none. */
  get firstOfLabels(): number {
    return this.labels.size === 0 ? -1 : Math.min(...this.labels.keys())
  }

  get lastOfLabels(): number {
    return this.labels.size === 0 ? -1 : Math.max(...this.labels.keys())
  }

  /** Whether a row after the first was seen. */
  get pastFirst(): boolean {
    return this.lastRow > this.firstRow
  }

  number(row: number, column: number, value: number): void {
    if (this.#sees(row, column)) this.labels.set(column, String(value))
  }

  sharedText(row: number, column: number, index: number): void {
    const { bytes, ends } = this.#strings
    this.text(row, column, bytes, ends[index]!, ends[index + 1]!)
  }

  text(row: number, column: number, bytes: Uint8Array, start: number, end: number): void {
    if (!this.#sees(row, column)) return
    this.#bytes += end - start
    // One shared string may be every label.
    if (this.#bytes > this.#mostBytes)
      throw overBudget(this.#where, `the labels have more than ${this.#mostBytes} bytes`)
    this.labels.set(column, decoder.decode(bytes.subarray(start, end)))
  }

  /** Takes a cell into account, and tells whether it may be a label. */
  #sees(row: number, column: number): boolean {
    const { firstRow, lastRow, firstColumn, lastColumn } = this.#range
    if (row < firstRow || row > lastRow || column < firstColumn || column > lastColumn) return false
    if (this.firstRow < 0) {
      this.firstRow = row
      this.firstColumn = column
    }
    this.lastRow = row
    this.firstColumn = Math.min(this.firstColumn, column)
    this.lastColumn = Math.max(this.lastColumn, column)
    return row === this.firstRow
  }
}
