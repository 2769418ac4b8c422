import { job, markBytes, markPlaces } from './scan-job.ts'
import { scanKernel } from './scan-kernel.ts'
import type { Cells } from './text-batch.ts'

/** The part of the WebAssembly API used here; runtimes without it, and pages whose policy forbids it, go without. */
interface WasmApi {
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum: number
  }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { scan(address: number): void } }
}

declare const WebAssembly: WasmApi | undefined

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
export const pieceBytes: number = 256 << 10
/** The kernel looks at whole windows, which may reach beyond the last line. */
const slackBytes = 128
const composedBytes = 64 << 10
/** Cells of a piece there is room for; what stands behind them is read in the general way. */
const roomCells = 1 << 17
/** Where the text begins in a slot, behind the job. */
const textAt = 128
const slotBytes = textAt + pieceBytes + slackBytes + composedBytes + 3 * 4 * roomCells
const pageBytes = 64 << 10
/** A pair of words per cell of a record. */
const mostFields = pageBytes / 8
const markedColumns = 32
const markTableBytes = markedColumns * markPlaces * markBytes
const firstMark = 2 ** 30
const mostMark = 2 ** 31

/** Marks are handed out once per process, so that a mark means one text wherever it comes from. */
let nextMark: number = firstMark

/** Memory for the kernel: some pieces of text, and for each the places and numerals of its cells. It never grows. */
export class ScanMemory {
  /** Addresses of the slots. */
  readonly slots: readonly number[]
  /** Rows a slot has room for. */
  readonly capacity: number
  readonly #plan: ScanPlan
  readonly #buffer: ArrayBuffer
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  readonly #scan: (slot: number) => void
  readonly #firstMark: number

  private constructor(api: WasmApi, plan: ScanPlan, slots: number) {
    const first = pageBytes + markTableBytes
    const pages = Math.ceil((first + slots * slotBytes) / pageBytes)
    const memory = new api.Memory({ initial: pages, maximum: pages })
    const module = new api.Module(scanKernel(pages))
    const { scan } = new api.Instance(module, { env: { memory } }).exports
    this.#scan = scan
    this.#buffer = memory.buffer
    this.#words = new Int32Array(memory.buffer)
    this.#bytes = new Uint8Array(memory.buffer)
    this.slots = Array.from({ length: slots }, (_, slot) => first + slot * slotBytes)
    this.#plan = plan
    this.capacity = capacityFor(plan)
    const marks = Math.min(plan.columns, markedColumns) * markPlaces
    const isMarked = nextMark + marks <= mostMark
    this.#firstMark = nextMark
    if (isMarked) nextMark += marks
    plan.target.forEach((column, cell) => {
      const hasMarks = isMarked && column >= 0 && column < markedColumns
      this.#words[cell * 2] = (column < 0 ? plan.columns : column) * this.capacity * 4
      this.#words[cell * 2 + 1] = hasMarks ? column * markPlaces * markBytes : -1
    })
  }

  /** Undefined where there is no WebAssembly or no memory, and for records of thousands of cells. */
  static create(plan: ScanPlan, slots: number): ScanMemory | undefined {
    if (typeof WebAssembly === 'undefined' || plan.target.length > mostFields) return undefined
    try {
      return new ScanMemory(WebAssembly, plan, slots)
    } catch {
      // A content security policy without 'wasm-unsafe-eval', or no memory: the loops in JavaScript do the same.
      return undefined
    }
  }

  /** The bytes of a slot: a piece of text, and behind it room for the cells that come in parts. */
  bytes(slot: number): Uint8Array {
    return new Uint8Array(this.#buffer, slot + textAt, pieceBytes + slackBytes + composedBytes)
  }

  /** Reads the records in the first `length` bytes of the slot, which end with a line end. */
  scan(slot: number, length: number): void {
    const at = slot >>> 2
    const words = this.#words
    const text = slot + textAt
    const { capacity } = this
    const arrayBytes = this.#arrayBytes
    const composed = text + pieceBytes + slackBytes
    words[at + job.from] = words[at + job.base] = text
    words[at + job.last] = text + length
    words[at + job.cells] = 0
    words[at + job.fields] = this.#plan.target.length
    words[at + job.capacity] = capacity
    words[at + job.starts] = composed + composedBytes
    words[at + job.ends] = composed + composedBytes + arrayBytes
    words[at + job.numerals] = composed + composedBytes + 2 * arrayBytes
    words[at + job.delimiter] = this.#plan.delimiter
    words[at + job.quoting] = ['none', 'standard', 'msq'].indexOf(this.#plan.quoting)
    words[at + job.marks] = pageBytes
    words[at + job.firstMark] = this.#firstMark
    words[at + job.composed] = composed
    words[at + job.composedEnd] = composed + composedBytes
    this.#scan(slot)
  }

  /** Records that `scan` has read, and where in the bytes of the slot the first stands that it has not. */
  outcome(slot: number): { readonly rows: number; readonly at: number } {
    const at = slot >>> 2
    const words = this.#words
    return { rows: words[at + job.rows]!, at: words[at + job.at]! - slot - textAt }
  }

  /** The cells of a column that `scan` has read, in the bytes of the slot. */
  cells(slot: number, column: number, rows: number): Cells {
    const first =
      slot + textAt + pieceBytes + slackBytes + composedBytes + column * this.capacity * 4
    const buffer = this.#buffer
    return {
      bytes: this.bytes(slot),
      starts: new Uint32Array(buffer, first, rows),
      ends: new Uint32Array(buffer, first + this.#arrayBytes, rows),
      numerals: new Int32Array(buffer, first + 2 * this.#arrayBytes, rows),
    }
  }

  get #arrayBytes(): number {
    return (this.#plan.columns + 1) * this.capacity * 4
  }
}

/** Rows whose cells there is room for; arrays that lie a multiple of 4 KiB apart would share few lines of the processor's cache. */
function capacityFor({ columns, batchRows }: ScanPlan): number {
  const rows = Math.min(batchRows, Math.floor(roomCells / (columns + 1)))
  return rows < 1040 ? rows : ((rows - 16) & -1024) + 16
}
