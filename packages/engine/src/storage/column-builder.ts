import type { Allocator, Place } from './allocator.ts'
import { type Codes, Column, codeWidth } from './column.ts'

/** Rows per chunk while a table grows. */
export const chunkRows = 65_536

/**
 * One column while its table loads: codes go into an open chunk of full width, and each full chunk is packed to the smallest width
 * that holds it.
 */
export class ColumnBuilder {
  readonly #allocator: Allocator
  #chunks: Codes[] = []
  #open: Uint32Array = new Uint32Array(16)
  #filled = 0
  #openLargest = 0
  #largest = 0
  /** Chunks from the first on that are views of a finished column, whose memory is accounted there. */
  #lent = 0

  /** With a finished column its rows; they stay where they are, and the column must not be released before this. */
  constructor(allocator: Allocator, column?: Column) {
    this.#allocator = allocator
    for (const { codes } of column?.segments ?? [])
      if (this.rows === 0) this.#borrow(codes)
      else this.pushAll(codes)
  }

  get rows(): number {
    return this.#chunks.length * chunkRows + this.#filled
  }

  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, this.#open.byteLength)
  }

  push(code: number): void {
    if (this.#filled === this.#open.length) this.#grow(this.#filled + 1)
    this.#open[this.#filled++] = code
    if (code > this.#openLargest) this.#openLargest = code
    if (this.#filled === chunkRows) this.#pack()
  }

  /** Appends codes[from … to). */
  pushAll(codes: Codes, from = 0, to: number = codes.length): void {
    for (let at = from; at < to; ) {
      const take = Math.min(to - at, chunkRows - this.#filled)
      if (this.#filled + take > this.#open.length) this.#grow(this.#filled + take)
      let largest = this.#openLargest
      for (let i = 0; i < take; i++) {
        const code = codes[at + i]!
        this.#open[this.#filled + i] = code
        if (code > largest) largest = code
      }
      this.#openLargest = largest
      this.#filled += take
      at += take
      if (this.#filled === chunkRows) this.#pack()
    }
  }

  /** Appends `rows` NULLs. */
  pushNulls(rows: number): void {
    for (let left = rows; left > 0; ) {
      const take = Math.min(left, chunkRows - this.#filled)
      if (this.#filled + take > this.#open.length) this.#grow(this.#filled + take)
      this.#open.fill(0, this.#filled, this.#filled + take)
      this.#filled += take
      left -= take
      if (this.#filled === chunkRows) this.#pack()
    }
  }

  codeAt(row: number): number {
    const chunk = Math.floor(row / chunkRows)
    return chunk < this.#chunks.length
      ? this.#chunks[chunk]![row % chunkRows]!
      : this.#open[row % chunkRows]!
  }

  /** Copies the codes of `count` rows from `start` on into `out`. */
  read(start: number, count: number, out: Uint32Array): void {
    for (let done = 0; done < count; ) {
      const at = (start + done) % chunkRows
      const chunk = this.#chunks[Math.floor((start + done) / chunkRows)] ?? this.#open
      const take = Math.min(count - done, chunkRows - at)
      out.set(chunk.subarray(at, at + take), done)
      done += take
    }
  }

  /** The chunks in row order, for loops over all rows. Views, not copies. */
  chunks(): readonly Codes[] {
    return this.#filled === 0
      ? this.#chunks
      : [...this.#chunks, this.#open.subarray(0, this.#filled)]
  }

  /** Replaces every code c by remap[c]. */
  remap(remap: Uint32Array): void {
    const chunks = this.chunks()
    this.release()
    for (const chunk of chunks) this.pushAll(remapped(chunk, remap))
  }

  /** Keeps the rows whose byte in `keep` is 1. */
  retain(keep: Uint8Array): void {
    const chunks = this.chunks()
    this.release()
    let row = 0
    for (const chunk of chunks) {
      const kept = new Uint32Array(chunk.length)
      let count = 0
      for (let i = 0; i < chunk.length; i++) if (keep[row++] === 1) kept[count++] = chunk[i]!
      this.pushAll(kept, 0, count)
    }
  }

  /**
   * The column in one segment of the smallest width; the builder stays as it was. `remap`: old code → new code. Without it the full
   * chunks of the builder become views of the column, so that the codes do not take their memory twice.
   */
  finish(remap: Uint32Array | null = null): Column {
    const chunks = this.chunks()
    const largest =
      remap === null ? Math.max(this.#largest, this.#openLargest) : largestRemapped(chunks, remap)
    const codes = placeCodes(this.rows, largest, this.#allocator)
    let start = 0
    for (const chunk of chunks) {
      codes.set(remap === null ? chunk : remapped(chunk, remap), start)
      start += chunk.length
    }
    if (remap === null) this.#lend(codes)
    return new Column([{ start: 0, codes }])
  }

  /** Full chunks are views of the codes; what is left is copied. */
  #borrow(codes: Codes): void {
    const full = codes.length - (codes.length % chunkRows)
    for (let start = 0; start < full; start += chunkRows)
      this.#chunks.push(codes.subarray(start, start + chunkRows))
    this.#lent = this.#chunks.length
    // The codes have the smallest width already, so that its largest code stands for theirs.
    if (full > 0) this.#largest = 2 ** (8 * codes.BYTES_PER_ELEMENT) - 1
    this.pushAll(codes, full)
  }

  #lend(codes: Codes): void {
    for (let i = 0; i < this.#chunks.length; i++) {
      if (i >= this.#lent) this.#allocator.release(this.#chunks[i]!, 'columns')
      this.#chunks[i] = codes.subarray(i * chunkRows, (i + 1) * chunkRows)
    }
    this.#lent = this.#chunks.length
  }

  /** Forgets all rows and gives the memory back. */
  release(): void {
    for (const chunk of this.#chunks.slice(this.#lent)) this.#allocator.release(chunk, 'columns')
    this.#chunks = []
    this.#lent = 0
    this.#open = new Uint32Array(16)
    this.#filled = 0
    this.#openLargest = 0
    this.#largest = 0
  }

  #pack(): void {
    const packed = allocateCodes(chunkRows, this.#openLargest, this.#allocator)
    packed.set(this.#open)
    this.#chunks.push(packed)
    if (this.#openLargest > this.#largest) this.#largest = this.#openLargest
    this.#openLargest = 0
    this.#filled = 0
  }

  #grow(needed: number): void {
    let capacity = this.#open.length
    while (capacity < needed) capacity *= 2
    const grown = new Uint32Array(Math.min(capacity, chunkRows))
    grown.set(this.#open.subarray(0, this.#filled))
    this.#open = grown
  }
}

/** Zeroed codes for `rows` rows, wide enough for `largest`. */
function allocateCodes(rows: number, largest: number, allocator: Allocator): Codes {
  const width = codeWidth(largest)
  return codesAt({ buffer: allocator.allocate(rows * width, 'columns'), offset: 0 }, rows, width)
}

/** As `allocateCodes`, for a finished column: in what the allocator has reserved. */
export function placeCodes(rows: number, largest: number, allocator: Allocator): Codes {
  const width = codeWidth(largest)
  return codesAt(allocator.place(rows * width, 'columns'), rows, width)
}

function codesAt({ buffer, offset }: Place, rows: number, width: 1 | 2 | 4): Codes {
  if (width === 1) return new Uint8Array(buffer, offset, rows)
  return width === 2 ? new Uint16Array(buffer, offset, rows) : new Uint32Array(buffer, offset, rows)
}

function remapped(codes: Codes, remap: Uint32Array): Uint32Array {
  const out = new Uint32Array(codes.length)
  for (let i = 0; i < codes.length; i++) out[i] = remap[codes[i]!]!
  return out
}

function largestRemapped(chunks: readonly Codes[], remap: Uint32Array): number {
  let largest = 0
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const code = remap[chunk[i]!]!
      if (code > largest) largest = code
    }
  }
  return largest
}
