import { type CancellationToken, type StoredField, throwIfCancelled } from '@lichen/engine'
import type { Occurrence } from './occurrence.ts'
import { bitsOf, type RecordLayout } from './record-layout.ts'

/** The fewest bits for the indices of a field, its NULLs among them. */
export function indexBits({ symbols, bias }: Occurrence): number {
  return bitsOf(symbols.length - 1 - bias)
}

const chunkBytes = 1 << 18
const maxChunkRows = 1 << 16

/** The section of records in chunks of whole records, each a new array. @throws LichenError `cancelled` */
export function* encodeRecords(
  fields: readonly StoredField[],
  occurrences: readonly Occurrence[],
  { places, recordBytes }: RecordLayout,
  rows: number,
  cancellation: CancellationToken,
): Generator<Uint8Array> {
  const step = Math.max(1, Math.min(maxChunkRows, Math.floor(chunkBytes / recordBytes)))
  const codes = new Uint32Array(Math.min(rows, step))
  for (let start = 0; start < rows; start += step) {
    throwIfCancelled(cancellation)
    const count = Math.min(step, rows - start)
    const chunk = new Uint8Array(count * recordBytes)
    for (const [index, field] of fields.entries()) {
      const occurrence = occurrences[index]!
      const bits = indexBits(occurrence)
      if (bits === 0) continue
      field.read(start, count, codes)
      putBits(codes, count, occurrence.records, chunk, recordBytes, places[index]!.bitOffset, bits)
    }
    yield chunk
  }
}

/** Puts what `records` has for each code into `bits` bits of each record, which are 0 so far. */
export function putBits(
  codes: Uint32Array,
  rows: number,
  records: Uint32Array,
  chunk: Uint8Array,
  recordBytes: number,
  bitOffset: number,
  bits: number,
): void {
  const shift = bitOffset & 7
  const bytes = (shift + bits + 7) >> 3
  let at = bitOffset >> 3
  if (bytes === 1) {
    for (let row = 0; row < rows; row++, at += recordBytes)
      chunk[at]! |= records[codes[row]!]! << shift
    return
  }
  // Byte by byte, up to five of them, instead of a number of 40 bits; the array keeps the low eight.
  for (let row = 0; row < rows; row++, at += recordBytes) {
    const index = records[codes[row]!]!
    chunk[at]! |= index << shift
    let rest = index >>> (8 - shift)
    for (let i = 1; i < bytes; i++) {
      chunk[at + i]! |= rest
      rest >>>= 8
    }
  }
}
