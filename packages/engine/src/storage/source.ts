import type { Value } from '../value/dual.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { Codes } from './column.ts'

/**
 * A column of a batch as a reader hands it over. `rows` values each.
 * - dictionary: code 0 is NULL, code c is `dictionary[c - 1]`; the same `dictionary` object may come with later batches (it may have grown).
 * - numbers: NaN is NULL; shown by `format` (null = default).
 * - text: row i is UTF-8 bytes[starts[i] … ends[i]); `interpret` asks for text interpretation by the format variables (CSV, INLINE); `missing`, when given, has 1 where the cell is NULL.
 *   `marks`, when given, spare looking at the bytes: 0 says nothing; below 0 is an integer that only cells of the same text have; above 0 is the
 *   number of the cell among the distinct ones that were `counted`.
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
      readonly starts: Uint32Array
      readonly ends: Uint32Array
      readonly marks?: Int32Array
      readonly counted?: CountedCells
      readonly interpret: boolean
      readonly missing?: Uint8Array
    }
  | { readonly kind: 'values'; readonly values: readonly Value[] }

/** Marks of the same `by` mean the same cells. None of them is above `most`, which is infinite where some cell has no mark above 0. */
export interface CountedCells {
  readonly by: object
  readonly most: number
}

/** Consecutive records of a source: one column per requested field, in the order asked for. */
export interface SourceBatch {
  readonly rows: number
  readonly columns: readonly SourceColumn[]
  /** Gives arrays back to the reader, which may write into them: for the last user of the batch, when nobody holds a column. Need not be called. */
  readonly release?: (() => void) | undefined
  /** Does some work with the batch, while the reader reads on. Need not be called. */
  readonly during?: ((work: () => void) => void) | undefined
}
