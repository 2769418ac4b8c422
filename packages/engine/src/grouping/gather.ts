import type { Codes, Column } from '../storage/column.ts'

/** Codes of arbitrary rows of a column; row -1 gives code 0. Best when rows ascend. */
export function gather(column: Column, rows: Int32Array, count: number, out: Uint32Array): void {
  const { segments } = column
  const single = segments.length === 1 ? segments[0] : undefined
  if (single !== undefined && single.start === 0) gatherSegment(single.codes, rows, count, out)
  else gatherSegments(column, rows, count, out)
}

function gatherSegment(codes: Codes, rows: Int32Array, count: number, out: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    out[i] = row < 0 ? 0 : codes[row]!
  }
}

function gatherSegments(
  { segments }: Column,
  rows: Int32Array,
  count: number,
  out: Uint32Array,
): void {
  let start = 0
  let end = 0
  let codes: Codes | undefined
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    if (row < 0) {
      out[i] = 0
      continue
    }
    if (codes === undefined || row < start || row >= end) {
      let low = 0
      let high = segments.length - 1
      while (low < high) {
        const middle = (low + high + 1) >>> 1
        if (segments[middle]!.start <= row) low = middle
        else high = middle - 1
      }
      codes = segments[low]!.codes
      start = segments[low]!.start
      end = start + codes.length
    }
    out[i] = codes[row - start]!
  }
}
