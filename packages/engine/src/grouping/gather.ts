import type { Codes, Column } from '../storage/column.ts'

/** Codes of consecutive rows of a column: in `out`, or the column's own array where that is as wide. Not to be changed. */
export function readCodes(
  column: Column,
  start: number,
  count: number,
  out: Uint32Array,
): Uint32Array {
  const { segments } = column
  const segment = segments.length === 1 ? segments[0] : undefined
  if (segment === undefined || segment.start !== 0) column.read(start, count, out)
  else {
    const { codes } = segment
    if (codes instanceof Uint32Array) return codes.subarray(start, start + count)
    out.set(codes.subarray(start, start + count))
  }
  return out
}

/** Codes of arbitrary rows of a column; row -1 gives code 0. Best when rows ascend. */
export function gather(column: Column, rows: Int32Array, count: number, out: Uint32Array): void {
  const { segments } = column
  const single = segments.length === 1 ? segments[0] : undefined
  if (single === undefined || single.start !== 0) gatherSegments(column, rows, count, out)
  else if (single.codes instanceof Uint8Array) gather8(single.codes, rows, count, out)
  else if (single.codes instanceof Uint16Array) gather16(single.codes, rows, count, out)
  else gather32(single.codes, rows, count, out)
}

// One function per width, so that each stays monomorphic.
function gather8(codes: Uint8Array, rows: Int32Array, count: number, out: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    out[i] = row < 0 ? 0 : codes[row]!
  }
}

function gather16(codes: Uint16Array, rows: Int32Array, count: number, out: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    out[i] = row < 0 ? 0 : codes[row]!
  }
}

function gather32(codes: Uint32Array, rows: Int32Array, count: number, out: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    const row = rows[i]!
    out[i] = row < 0 ? 0 : codes[row]!
  }
}

/** out[i] = map[codes[i]]. */
export function mapCodes(
  map: Uint32Array,
  codes: Uint32Array,
  count: number,
  out: Uint32Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    out[i] = map[codes[i]!]!
    out[i + 1] = map[codes[i + 1]!]!
    out[i + 2] = map[codes[i + 2]!]!
    out[i + 3] = map[codes[i + 3]!]!
  }
  for (; i < count; i++) out[i] = map[codes[i]!]!
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
