import { joined } from './encoding.ts'
import { readNumeral } from './numeral.ts'
import type { Cells } from './text-batch.ts'

/** Cells of a batch, so that what is noted of them stays in the processor's cache. */
const batchCells = 1 << 16
const fewestRows = 64

/**
 * Where the cells of the batch in hand stand in the bytes at hand; nothing is copied. Cell (column, row) is entry column × capacity + row
 * of each array. Only a cell that comes in several parts, such as one with a doubled quote, gets bytes of its own.
 */
export class BatchCells {
  /** Rows there is room for. */
  readonly capacity: number
  readonly #columns: number
  #room: Room = noRoom
  /** Of a batch that was given back. */
  #spare: Room = noRoom
  /** Texts of the cells that came in parts, and the entries of these cells; their places are in here until the batch is taken. */
  #composed: Uint8Array = new Uint8Array(0)
  #composedEnd = 0
  #composedEntries: number[] = []

  /** One column more than `columns` takes the cells that nobody wants. */
  constructor(columns: number, mostRows: number) {
    this.#columns = columns
    this.capacity = Math.min(
      mostRows,
      Math.max(fewestRows, Math.floor(batchCells / Math.max(1, columns))),
    )
  }

  /** Room for a batch; again after each `take`. */
  begin(): void {
    if (this.#room !== noRoom) return
    this.#room = this.#spare === noRoom ? roomFor((this.#columns + 1) * this.capacity) : this.#spare
    this.#spare = noRoom
  }

  get room(): Room {
    return this.#room
  }

  /** Makes the cells of a row empty, for those of a short record. */
  beginRow(row: number): void {
    for (let column = 0; column < this.#columns; column++) {
      const entry = column * this.capacity + row
      this.#room.starts[entry] = this.#room.ends[entry] = 0
      this.#room.marks[entry] = 0
    }
  }

  /** Adds source[start … end), of the bytes at hand, to a cell of the row begun. */
  addPart(column: number, row: number, source: Uint8Array, start: number, end: number): void {
    if (start === end) return
    const entry = column * this.capacity + row
    const { starts, ends, marks } = this.#room
    if (starts[entry] === ends[entry]) {
      starts[entry] = start
      ends[entry] = end
      marks[entry] = ~readNumeral(source, start, end)
      return
    }
    if (this.#composedEntries.at(-1) !== entry) {
      const first = this.#composedEnd
      this.#compose(source, starts[entry]!, ends[entry]!)
      starts[entry] = first
      marks[entry] = 0
      this.#composedEntries.push(entry)
    }
    this.#compose(source, start, end)
    ends[entry] = this.#composedEnd
  }

  /** Forgets the row begun. */
  undoRow(row: number): void {
    for (;;) {
      const entry = this.#composedEntries.at(-1)
      if (entry === undefined || entry % this.capacity !== row) return
      this.#composedEntries.pop()
      this.#composedEnd = this.#room.starts[entry]!
    }
  }

  /**
   * The cells of `rows` rows by column. `source` are the bytes of the records; the columns refer to them, or to a copy where a cell came in
   * parts. The columns are the caller's until it calls `release`, which it need not.
   */
  take(rows: number, source: Uint8Array): TakenBatch {
    const bytes = this.#withComposed(source)
    const { capacity } = this
    const { starts, ends, marks } = this.#room
    // A batch that stayed small gets arrays of its size.
    const small = rows * 2 < capacity
    const columns = Array.from({ length: this.#columns }, (_, column) => {
      const from = column * capacity
      const to = from + rows
      return {
        bytes,
        starts: small ? starts.slice(from, to) : starts.subarray(from, to),
        ends: small ? ends.slice(from, to) : ends.subarray(from, to),
        marks: small ? marks.slice(from, to) : marks.subarray(from, to),
      }
    })
    if (small) return { columns, release: () => {} }
    let given: Room | undefined = this.#room
    this.#room = noRoom
    return {
      columns,
      release: () => {
        if (given !== undefined) this.#spare = given
        given = undefined
      },
    }
  }

  #withComposed(source: Uint8Array): Uint8Array {
    const entries = this.#composedEntries
    if (entries.length === 0) return source
    for (const entry of entries) {
      this.#room.starts[entry]! += source.length
      this.#room.ends[entry]! += source.length
    }
    const bytes = joined(source, this.#composed.subarray(0, this.#composedEnd))
    this.#composedEntries = []
    this.#composedEnd = 0
    return bytes
  }

  #compose(source: Uint8Array, start: number, end: number): void {
    const needed = this.#composedEnd + end - start
    if (needed > this.#composed.length) {
      const grown = new Uint8Array(Math.max(needed, this.#composed.length * 2, 1024))
      grown.set(this.#composed.subarray(0, this.#composedEnd))
      this.#composed = grown
    }
    const composed = this.#composed
    if (end - start > 40) composed.set(source.subarray(start, end), this.#composedEnd)
    else for (let to = this.#composedEnd, at = start; at < end; at++) composed[to++] = source[at]!
    this.#composedEnd = needed
  }
}

export interface TakenBatch {
  readonly columns: readonly Cells[]
  readonly release: () => void
}

/** What is noted of the cells, an entry each. */
interface Room {
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly marks: Int32Array
}

function roomFor(entries: number): Room {
  return {
    starts: new Uint32Array(entries),
    ends: new Uint32Array(entries),
    marks: new Int32Array(entries),
  }
}

const noRoom: Room = roomFor(0)
