import { joined } from './encoding.ts'
import { pieceBytes, ScanMemory, type ScanPlan } from './scan-memory.ts'
import type { Cells } from './text-batch.ts'

const lineFeed = 0x0a
const nothing: Uint8Array = new Uint8Array(0)
/** Pieces under way at a time: one is used while the next are filled and scanned. */
const slots = 3

/** Whole lines of a text, copied to where the kernel can read them. */
interface Piece {
  readonly kind: 'piece'
  readonly slot: number
  readonly length: number
}

/** A piece whose first records have been read, on the assumption that it begins with a record. */
export interface ScannedPiece {
  /** The lines. */
  readonly bytes: Uint8Array
  readonly rows: number
  /** Where the first record stands that has not been read. */
  readonly at: number
  cells(column: number): Cells
  /** Nobody refers to the cells any more; need not be called. */
  readonly release: () => void
  /** Does some work while the next piece is scanned by another thread, where there is one. */
  readonly during: (work: () => void) => void
}

/** Text that cannot be cut into pieces. */
interface Uncut {
  readonly kind: 'uncut'
  readonly bytes: Uint8Array
}

/**
 * A stream of text cut behind line ends, in pieces that a kernel scans. A line end may stand in quotes: whether a piece begins with a record
 * shows when all before it is read, and its scan counts only then.
 */
export class Pieces {
  readonly #memory: ScanMemory
  readonly #free: number[]
  readonly #waiting: (Piece | Uncut)[] = []
  /** Text that is not cut yet: what was left of a chunk, and the chunk after it. */
  #carry: Uint8Array
  #chunk: Uint8Array = nothing

  private constructor(memory: ScanMemory, carry: Uint8Array) {
    this.#memory = memory
    this.#free = [...memory.slots]
    this.#carry = carry
  }

  /** `rest`: the text before the first chunk to come, which begins with a record. Undefined where there is no kernel. */
  static open(plan: ScanPlan, rest: Uint8Array): Pieces | undefined {
    const memory = ScanMemory.create(plan, slots)
    return memory === undefined ? undefined : new Pieces(memory, rest)
  }

  /** Whether a chunk is welcome. */
  get isHungry(): boolean {
    return this.#chunk.length === 0
  }

  /** Whether there is room for a piece to be scanned ahead, and no text for it. */
  get isShort(): boolean {
    return this.#free.length > 0 && this.#waiting.length < slots
  }

  /** Takes in the next chunk, when hungry; it is the caller's again when there is hunger again. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk
  }

  /** Cuts what there is, as far as there is room. `final`: nothing follows. */
  cut(final: boolean): void {
    for (;;) {
      if (this.#carry.length + this.#chunk.length < (final ? 1 : pieceBytes)) break
      const slot = this.#free.at(-1)
      if (slot === undefined && this.#waiting.length > 0) return
      // Without a slot those who read keep what they were given.
      const length = slot === undefined ? 0 : this.#fill(slot)
      if (slot === undefined || length === 0) {
        this.#waiting.push({ kind: 'uncut', bytes: joined(this.#carry, this.#chunk) })
        this.#carry = this.#chunk = nothing
        return
      }
      this.#free.pop()
      this.#memory.place(slot, length)
      this.#waiting.push({ kind: 'piece', slot, length })
    }
    if (this.#chunk.length === 0) return
    this.#carry = joined(this.#carry, this.#chunk)
    this.#chunk = nothing
  }

  /** Nothing is wanted any more, or nothing comes. */
  close(): void {
    if (this.#free.length === slots) this.#memory.close()
  }

  /** What comes next in the text. */
  next(): ScannedPiece | Uint8Array | undefined {
    const next = this.#waiting.shift()
    if (next === undefined) return undefined
    if (next.kind === 'uncut') return next.bytes
    const { slot, length } = next
    const memory = this.#memory
    memory.scan(slot)
    const { rows, at } = memory.outcome(slot)
    let isHeld = true
    return {
      bytes: memory.bytes(slot).subarray(0, length),
      rows,
      at,
      cells: (column) => memory.cells(slot, column, rows),
      release: () => {
        if (isHeld) this.#free.push(slot)
        isHeld = false
      },
      during: (work) => this.#scanDuring(work),
    }
  }

  #scanDuring(work: () => void): void {
    const slots = this.#waiting.flatMap((next) => (next.kind === 'piece' ? [next.slot] : []))
    this.#memory.scanDuring(slots, work)
  }

  /** Moves whole lines into the slot and returns how many bytes they have; 0 = there is no line end within a piece. */
  #fill(slot: number): number {
    const carry = this.#carry.subarray(0, pieceBytes)
    const fits = this.#chunk.subarray(0, Math.max(0, pieceBytes - this.#carry.length))
    const fromChunk = fits.lastIndexOf(lineFeed) + 1
    const fromCarry = fromChunk > 0 ? carry.length : carry.lastIndexOf(lineFeed) + 1
    const bytes = this.#memory.bytes(slot)
    bytes.set(carry.subarray(0, fromCarry))
    bytes.set(fits.subarray(0, fromChunk), fromCarry)
    this.#carry = this.#carry.subarray(fromCarry)
    this.#chunk = this.#chunk.subarray(fromChunk)
    return fromCarry + fromChunk
  }
}
