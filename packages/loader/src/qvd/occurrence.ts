import { type CancellationToken, type StoredField, throwIfCancelled } from '@lichen/engine'

/** Which values of a field a table has, in the order in which a file lists them. */
export interface Occurrence {
  /** Symbols of the field in order of first appearance in the rows: symbol i of the file is `symbols[i]`. */
  readonly symbols: Uint32Array
  /** What a record holds for a code of the field: index + 2 where the field has NULLs, which are 0, else the index. Length `count + 1`. */
  readonly records: Uint32Array
  /** Added to what a record holds it gives the index. */
  readonly bias: 0 | -2
}

const blockRows = 1 << 16

/** Reads all rows of a field once. @throws LichenError `cancelled` */
export function findOccurrence(
  field: StoredField,
  rows: number,
  cancellation: CancellationToken,
): Occurrence {
  const { count } = field.symbols
  const records = new Uint32Array(count + 1)
  const symbols = new Uint32Array(Math.min(count, rows))
  const codes = new Uint32Array(Math.min(rows, blockRows))
  let found = 0
  let hasNull = false
  for (let start = 0; start < rows; start += blockRows) {
    throwIfCancelled(cancellation)
    const block = Math.min(blockRows, rows - start)
    field.read(start, block, codes)
    // Instead of a set of codes: those seen have their place, counted from 1, in `records`.
    for (let row = 0; row < block; row++) {
      const code = codes[row]!
      if (records[code] !== 0) continue
      if (code === 0) hasNull = true
      else {
        symbols[found++] = code - 1
        records[code] = found
      }
    }
  }
  const shift = hasNull ? 1 : -1
  for (let i = 0; i < found; i++) records[symbols[i]! + 1] = i + 1 + shift
  return { symbols: symbols.subarray(0, found), records, bias: hasNull ? -2 : 0 }
}
