import type { NumberFormat, SourceBatch } from '@lichen/engine'
import { malformed, overBudget } from '../load-errors.ts'
import { TextBytes } from '../xml-text/text-bytes.ts'
import { CellColumn, type CellTexts, mostRows, nullColumn } from './cell-column.ts'
import { type CellRange, columnLetters } from './cell-reference.ts'
import type { SharedStrings } from './shared-strings.ts'
import type { CellSink } from './sheet.ts'

const fewestRows = 64
const cellsOfBatch = 1 << 20
/** Texts of cells, other than shared ones, after which a batch ends early. */
const textOfBatch = 1 << 26

interface TableCells {
  /** Records are the rows of it up to the last one with a value. */
  readonly range: CellRange
  /** Columns of the sheet to be read, in the order of the batches. */
  readonly columns: readonly number[]
  /** Cells of the sheet are allowed beside the table. */
  readonly partial: boolean
  readonly formats: readonly (NumberFormat | null)[]
  readonly strings: SharedStrings
  /** Most bytes of the texts of a batch. */
  readonly textBytes: number
  /** For errors. */
  readonly where: string
}

/** Rows that are complete: with their cells, or without any. */
interface Finished {
  readonly rows: number
  readonly cells:
    | { readonly columns: readonly CellColumn[]; readonly inline: Uint8Array }
    | undefined
}

/** Collects the cells of a table and makes batches of them. Rows that a sheet leaves out are records of NULLs. */
export class BatchBuilder implements CellSink {
  /** Set when a cell below the table was seen. */
  past = false
  readonly #table: TableCells
  readonly #batchRows: number
  /** By column of the range: its place in `#columns`, or -1. */
  readonly #slots: Int32Array
  readonly #fields: number
  #columns: readonly CellColumn[]
  #inline = new TextBytes()
  #finished: Finished[] = []
  /** Row of the sheet that is the first one of the batch. */
  #start: number
  /** Rows of the batch up to the last one with a value. */
  #rows = 0

  constructor(table: TableCells) {
    const { firstColumn, lastColumn, firstRow } = table.range
    const distinct = [...new Set(table.columns)]
    this.#table = table
    this.#start = firstRow
    this.#batchRows = Math.max(
      fewestRows,
      Math.min(mostRows, Math.floor(cellsOfBatch / Math.max(1, distinct.length))),
    )
    this.#slots = new Int32Array(lastColumn - firstColumn + 1).fill(-1)
    for (const [slot, column] of distinct.entries()) this.#slots[column - firstColumn] = slot
    this.#fields = distinct.length
    this.#columns = this.#newColumns()
  }

  number(row: number, column: number, value: number, format: number): void {
    this.#columnFor(row, column)?.putNumber(row - this.#start, value, format)
  }

  sharedText(row: number, column: number, index: number): void {
    const { ends } = this.#table.strings
    this.#columnFor(row, column)?.putShared(row - this.#start, ends[index]!, ends[index + 1]!)
  }

  text(row: number, column: number, bytes: Uint8Array, start: number, end: number): void {
    const target = this.#columnFor(row, column)
    if (target === undefined) return
    const at = this.#inline.length
    if (at + end - start > this.#table.textBytes)
      throw overBudget(this.#table.where, `the texts of row ${row + 1} are too long`)
    this.#inline.append(bytes, start, end)
    target.putInline(row - this.#start, at, this.#inline.length)
  }

  /** The batches that are complete. They are made one by one, since a gap between rows may be as long as a sheet. */
  *take(): Generator<SourceBatch> {
    const finished = this.#finished
    if (finished.length === 0) return
    this.#finished = []
    for (const { rows, cells } of finished)
      if (cells === undefined) yield* this.#gap(rows)
      else yield* this.#batchesOf(rows, cells.columns, cells.inline)
  }

  /** No more cells come. */
  end(): void {
    this.#finish()
  }

  /** Makes room for the row; undefined where the column is not asked for. */
  #columnFor(row: number, column: number): CellColumn | undefined {
    const { range, partial } = this.#table
    if (row > range.lastRow) this.past = true
    if (row < range.firstRow || row > range.lastRow) return undefined
    if (column < range.firstColumn || column > range.lastColumn) {
      if (partial) return undefined
      throw malformed(
        this.#table.where,
        `the cell ${columnLetters(column)}${row + 1} lies outside the extent the sheet states`,
      )
    }
    const full = row - this.#start >= this.#batchRows
    if (full || (this.#inline.length > textOfBatch && row - this.#start >= this.#rows)) {
      this.#finish()
      if (row > this.#start) this.#finished.push({ rows: row - this.#start, cells: undefined })
      this.#start = row
    }
    this.#rows = row - this.#start + 1
    const slot = this.#slots[column - range.firstColumn]!
    return slot < 0 ? undefined : this.#columns[slot]
  }

  #finish(): void {
    if (this.#rows === 0) return
    const cells = { columns: this.#columns, inline: this.#inline.bytes }
    this.#finished.push({ rows: this.#rows, cells })
    this.#columns = this.#newColumns()
    this.#inline = new TextBytes()
    this.#start += this.#rows
    this.#rows = 0
  }

  #newColumns(): readonly CellColumn[] {
    return Array.from({ length: this.#fields }, () => new CellColumn(this.#batchRows))
  }

  *#gap(rows: number): Generator<SourceBatch> {
    for (let left = rows; left > 0; left -= this.#batchRows) {
      const column = nullColumn(Math.min(left, this.#batchRows))
      yield {
        rows: Math.min(left, this.#batchRows),
        columns: this.#table.columns.map(() => column),
      }
    }
  }

  /** One batch, or several where the numbers of a column are not all shown alike. */
  *#batchesOf(
    rows: number,
    cells: readonly CellColumn[],
    inline: Uint8Array,
  ): Generator<SourceBatch> {
    const { range, columns, formats, strings } = this.#table
    const texts: CellTexts = { shared: strings.bytes, inline }
    const cuts = new Set<number>()
    for (const column of cells) column.addCuts(rows, cuts)
    let from = 0
    for (const to of [...[...cuts].sort((a, b) => a - b), rows]) {
      const made = cells.map((column) => column.slice(from, to, formats, texts))
      yield {
        rows: to - from,
        columns: columns.flatMap((column) => made[this.#slots[column - range.firstColumn]!] ?? []),
      }
      from = to
    }
  }
}
