import type { SourceBatch } from '@lichen/engine'
import { TextBytes } from './xml-text/text-bytes.ts'

const mostRows = 8192
const fewestRows = 16
const batchCells = 1 << 18
const batchBytes = 8 << 20

/** Rows of texts that come cell by cell in any order, until they are taken as a batch. Cells never put are NULL. */
export class TextRows {
  /** Where the texts go: append, then `put`. */
  text: TextBytes = new TextBytes(1 << 14)
  rows = 0
  readonly #interpret: readonly boolean[]
  readonly #batchRows: number
  #columns: readonly Column[]

  /** @param interpret by column: whether its texts are to be read by the format variables */
  constructor(interpret: readonly boolean[]) {
    this.#interpret = interpret
    const rows = Math.floor(batchCells / Math.max(1, interpret.length))
    this.#batchRows = Math.max(fewestRows, Math.min(mostRows, rows))
    this.#columns = interpret.map(() => newColumn(this.#batchRows))
  }

  get isFull(): boolean {
    return this.rows === this.#batchRows || this.text.length > batchBytes
  }

  /** Whether the row at hand has this cell. */
  has(column: number): boolean {
    return this.#columns[column]?.missing[this.rows] === 0
  }

  /** The text since `start` is a cell of the row at hand. */
  put(column: number, start: number): void {
    const { starts, ends, missing } = this.#columns[column]!
    starts[this.rows] = start
    ends[this.rows] = this.text.length
    missing[this.rows] = 0
  }

  putText(column: number, text: string): void {
    const start = this.text.length
    this.text.appendText(text)
    this.put(column, start)
  }

  endRow(): void {
    this.rows += 1
  }

  /** The rows so far, which are the caller's. */
  take(): SourceBatch {
    const { rows } = this
    const { bytes } = this.text
    const batch: SourceBatch = {
      rows,
      columns: this.#columns.map(({ starts, ends, missing }, column) => ({
        kind: 'text',
        bytes,
        starts: starts.subarray(0, rows),
        ends: ends.subarray(0, rows),
        missing: missing.subarray(0, rows),
        interpret: this.#interpret[column] ?? true,
      })),
    }
    this.rows = 0
    this.text = new TextBytes(1 << 14)
    this.#columns = this.#interpret.map(() => newColumn(this.#batchRows))
    return batch
  }
}

interface Column {
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly missing: Uint8Array
}

function newColumn(rows: number): Column {
  return {
    starts: new Uint32Array(rows),
    ends: new Uint32Array(rows),
    missing: new Uint8Array(rows).fill(1),
  }
}
