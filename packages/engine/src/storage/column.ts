/** Codes in the smallest width that holds them. */
export type Codes = Uint8Array | Uint16Array | Uint32Array

/** A run of consecutive rows of a column, append-only: `codes[i]` belongs to row `start + i`. */
export interface ColumnSegment {
  readonly start: number
  readonly codes: Codes
}

/**
 * One field of one table: a code per row, in load order. Code 0 is NULL; code c > 0 is symbol c - 1 of the field's symbol table.
 * So an array over codes has `symbols.count + 1` slots and NULL needs no branch. All columns of a table have the same segment starts.
 */
export class Column {
  readonly rows: number
  readonly segments: readonly ColumnSegment[]
  #hasNull: boolean | undefined
  constructor(segments: readonly ColumnSegment[]) {
    this.segments = segments
    const last = segments[segments.length - 1]
    this.rows = last === undefined ? 0 : last.start + last.codes.length
  }

  /** The code of one row. For loops over rows read whole segments instead. */
  codeAt(row: number): number {
    return segmentOf(this.segments, row).codes[row - segmentOf(this.segments, row).start]!
  }

  /** Copies the codes of `count` rows from `start` on into `out`. */
  read(start: number, count: number, out: Uint32Array): void {
    let done = 0
    while (done < count) {
      const segment = segmentOf(this.segments, start + done)
      const from = start + done - segment.start
      const take = Math.min(count - done, segment.codes.length - from)
      for (let i = 0; i < take; i++) out[done + i] = segment.codes[from + i]!
      done += take
    }
  }

  /** Whether any row is NULL. */
  get hasNull(): boolean {
    this.#hasNull ??= this.segments.some(({ codes }) => codes.includes(0))
    return this.#hasNull
  }

  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.codes.byteLength, 0)
  }
}

function segmentOf(segments: readonly ColumnSegment[], row: number): ColumnSegment {
  if (segments.length === 1) return segments[0]!
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (segments[middle]!.start <= row) low = middle
    else high = middle - 1
  }
  return segments[low]!
}

/** The narrowest array type for codes up to and including `largest`. */
export function codeWidth(largest: number): 1 | 2 | 4 {
  return largest < 0x100 ? 1 : largest < 0x10000 ? 2 : 4
}
