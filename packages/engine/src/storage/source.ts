import type { Value } from '../value/dual.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Codes } from './column.ts'

/**
 * A column of a batch as a reader hands it over. `rows` values each.
 * - dictionary: code 0 is NULL, code c is `dictionary[c - 1]`; the same `dictionary` object may come with later batches (it may have grown).
 * - numbers: NaN is NULL; shown by `format` (null = default).
 * - text: row i is UTF-8 bytes[offsets[i] … offsets[i+1]); `interpret` asks for text interpretation by the format variables (CSV, INLINE); `missing`, when given, has 1 where the cell is NULL.
 * - values: as they are.
 */
export type SourceColumn =
  | {
      readonly kind: 'dictionary'
      readonly codes: Codes
      readonly dictionary: readonly Value[]
      readonly format: NumberFormat | null
    }
  | {
      readonly kind: 'numbers'
      readonly values: Float64Array
      readonly format: NumberFormat | null
    }
  | {
      readonly kind: 'text'
      readonly bytes: Uint8Array
      readonly offsets: Uint32Array
      readonly interpret: boolean
      readonly missing?: Uint8Array
    }
  | { readonly kind: 'values'; readonly values: readonly Value[] }

/** Consecutive records of a source: one column per requested field, in the order asked for. */
export interface SourceBatch {
  readonly rows: number
  readonly columns: readonly SourceColumn[]
}
