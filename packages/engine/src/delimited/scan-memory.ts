import { threadPool } from '../wasm/threads.ts'
import { cellBytes, cellWord, job, stopAt, tableStarts, tablesEnd } from './scan-job.ts'
import { giveRoom, type ScanRoom, takeRoom } from './scan-room.ts'
import type { Cells } from './text-batch.ts'

/** How records are read, as far as the kernel is concerned. */
export interface ScanPlan {
  /** One byte, no digit. */
  readonly delimiter: number
  readonly quoting: 'msq' | 'standard' | 'none'
  /** Cell of a record → column of the batch, or -1. */
  readonly target: Int32Array
  readonly columns: number
  /** Most records of a batch. */
  readonly batchRows: number
}

/** Bytes of a piece of text. */
export const pieceBytes: number = 512 << 10
/** The kernel looks at whole windows, which may reach beyond the last line. */
const slackBytes = 128
const composedBytes = 64 << 10
/** Cells of a piece there is room for; what stands behind them is read in the general way. */
const roomCells = 1 << 18
/** Where the text begins in a slot, behind the job. */
const textAt = 128
const pageBytes = 64 << 10
const mostFields = pageBytes / cellBytes - 1
const slotBytes =
  textAt + pieceBytes + slackBytes + composedBytes + 3 * 4 * roomCells + (pageBytes / cellBytes) * 4
/** Columns whose cells get marks. */
const markedColumns = 32
/** Bytes of tables that are cleared and kept for another text. */
const mostKept = 32 << 20

/**
 * Memory for the kernel: the tables of marks, which take memory as they fill, and some pieces of text, for each of them the places and marks
 * of its cells. It never grows.
 */
export class ScanMemory {
  /** Addresses of the slots. */
  readonly slots: readonly number[]
  /** Rows a slot has room for. */
  readonly capacity: number
  readonly #plan: ScanPlan
  readonly #room: ScanRoom
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  /** By column, of those that have marks: who counts its cells. */
  readonly #counters: readonly object[]

  private constructor(plan: ScanPlan, room: ScanRoom, slots: number) {
    const { buffer } = room.memory
    const first = buffer.byteLength - slots * slotBytes
    this.#room = room
    this.#words = new Int32Array(buffer)
    this.#bytes = new Uint8Array(buffer)
    this.slots = Array.from({ length: slots }, (_, slot) => first + slot * slotBytes)
    this.#plan = plan
    this.#counters = Array.from({ length: Math.min(plan.columns, markedColumns) }, () => ({}))
    this.capacity = capacityFor(plan)
    this.#words.fill(0, 0, wordsOf(plan.target.length))
    plan.target.forEach((column, cell) => {
      const at = wordsOf(cell)
      this.#words[at + cellWord.entries] = (column < 0 ? plan.columns : column) * this.capacity * 4
      if (column >= 0 && column < markedColumns)
        this.#words[at + cellWord.tables] = tablesOf(column)
    })
  }

  /** Undefined where there is no WebAssembly or no memory, and for records of thousands of cells. */
  static create(plan: ScanPlan, slots: number): ScanMemory | undefined {
    if (plan.target.length > mostFields) return undefined
    const room = takeRoom(tablesOf(Math.min(plan.columns, markedColumns)) + slots * slotBytes)
    return room && new ScanMemory(plan, room, slots)
  }

  /** Lets the next text have the memory; nobody may refer to any cells. */
  close(): void {
    const used: (readonly [number, number])[] = []
    for (let cell = 0; cell < this.#plan.target.length; cell++) {
      const at = wordsOf(cell)
      const tables = this.#words[at + cellWord.tables]!
      for (const [word, start] of tableStarts) {
        const end = this.#words[at + word]!
        if (end > 0) used.push([tables + start, end])
      }
    }
    // Memory that is full takes more time to clear than to make anew, and should not be kept.
    if (used.reduce((bytes, [start, end]) => bytes + end - start, 0) > mostKept) return
    for (const [start, end] of used) this.#bytes.fill(0, start, end)
    giveRoom(this.#room)
  }

  /** The bytes of a slot: a piece of text, and behind it room for the cells that come in parts. */
  bytes(slot: number): Uint8Array {
    return this.#bytes.subarray(
      slot + textAt,
      slot + textAt + pieceBytes + slackBytes + composedBytes,
    )
  }

  /** Reads what has not been read of the records of a slot. */
  scan(slot: number): void {
    const words = this.#words
    const at = slot >>> 2
    words[stopAt >>> 2] = 0
    words[at + job.next] = 0
    if (words[at + job.isDone] === 0) this.#room.exports.run(slot)
  }

  /** Does some work; meanwhile another thread, where there is one, reads as much of these slots, in order, as it can. */
  scanDuring(slots: readonly number[], work: () => void): void {
    const words = this.#words
    const unread = slots.filter((slot) => words[(slot >>> 2) + job.isDone] === 0)
    const [first] = unread
    const pool = this.#room.memory.isShared ? threadPool() : undefined
    if (pool === undefined || first === undefined) {
      work()
      return
    }
    for (const [index, slot] of unread.entries())
      words[(slot >>> 2) + job.next] = unread[index + 1] ?? 0
    const stop = stopAt >>> 2
    words[stop] = 0
    pool.run(this.#room.memory, { programs: [first], table: 0, chunks: 0, next: 0 }, () => {
      try {
        work()
      } finally {
        Atomics.store(words, stop, 1)
      }
    })
  }

  /** Makes the first `length` bytes of a slot, which end with a line end, what is to be scanned. */
  place(slot: number, length: number): void {
    const at = slot >>> 2
    const words = this.#words
    const text = slot + textAt
    const arrayBytes = this.#arrayBytes
    const composed = text + pieceBytes + slackBytes
    const arrays = composed + composedBytes
    words[at + job.base] = words[at + job.at] = text
    words[at + job.last] = text + length
    words[at + job.cells] = 0
    words[at + job.fields] = this.#plan.target.length
    words[at + job.capacity] = this.capacity
    words[at + job.starts] = arrays
    words[at + job.ends] = arrays + arrayBytes
    words[at + job.marks] = arrays + 2 * arrayBytes
    words[at + job.most] = arrays + 3 * arrayBytes
    words[at + job.delimiter] = this.#plan.delimiter
    words[at + job.quoting] = ['none', 'standard', 'msq'].indexOf(this.#plan.quoting)
    words[at + job.composed] = composed
    words[at + job.composedEnd] = arrays
    words[at + job.rows] = words[at + job.isDone] = 0
    words.fill(
      0,
      words[at + job.most]! >>> 2,
      (words[at + job.most]! >>> 2) + this.#plan.target.length,
    )
  }

  /** Records that the scan of a slot has read, and where in the bytes of the slot the first stands that it has not. */
  outcome(slot: number): { readonly rows: number; readonly at: number } {
    const at = slot >>> 2
    const words = this.#words
    return { rows: words[at + job.rows]!, at: words[at + job.at]! - slot - textAt }
  }

  /** The cells of a column that the scan of a slot has read, in the bytes of the slot. */
  cells(slot: number, column: number, rows: number): Cells {
    const { buffer } = this.#room.memory
    const arrays = slot + textAt + pieceBytes + slackBytes + composedBytes
    const first = arrays + column * this.capacity * 4
    const arrayBytes = this.#arrayBytes
    const cell = this.#plan.target.indexOf(column)
    const most = this.#words[((arrays + 3 * arrayBytes) >>> 2) + cell]!
    const by = this.#counters[column]
    return {
      bytes: this.bytes(slot),
      starts: new Uint32Array(buffer, first, rows),
      ends: new Uint32Array(buffer, first + arrayBytes, rows),
      marks: new Int32Array(buffer, first + 2 * arrayBytes, rows),
      ...(by && { counted: { by, most: most < 0 ? Number.POSITIVE_INFINITY : most } }),
    }
  }

  get #arrayBytes(): number {
    return (this.#plan.columns + 1) * this.capacity * 4
  }
}

/** The address of the tables of a column. */
function tablesOf(column: number): number {
  return pageBytes + column * tablesEnd
}

/** The first word of a cell of a record. */
function wordsOf(cell: number): number {
  return (cell * cellBytes) >>> 2
}

/** Rows whose cells there is room for; arrays that lie a multiple of 4 KiB apart would share few lines of the processor's cache. */
function capacityFor({ columns, batchRows }: ScanPlan): number {
  const rows = Math.min(batchRows, Math.floor(roomCells / (columns + 1)))
  return rows < 1040 ? rows : ((rows - 16) & -1024) + 16
}
