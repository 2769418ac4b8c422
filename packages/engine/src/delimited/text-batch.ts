/**
 * Cell i is UTF-8 bytes[starts[i] … ends[i]). Its mark spares a look at them: above 0 it is the number, from 1 on, of the cell among the
 * distinct ones of the column that were `counted`; below 0 the complement of its numeral (see numeral.ts); 0 says nothing.
 */
export interface Cells {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly marks: Int32Array
  /** Where there may be marks above 0. */
  readonly counted?: CountedCells
}

/** Marks of the same `by` mean the same cells. None of them is above `most`, which is infinite where some cell has no mark above 0. */
interface CountedCells {
  readonly by: object
  readonly most: number
}

/** One column of a batch. */
export interface TextColumn extends Cells {
  readonly kind: 'text'
  readonly interpret: boolean
}

/**
 * Consecutive records; one column per field asked for, in the order asked. The bytes are those pushed, or a part of them: they are the
 * caller's as long as the batch is in use.
 */
export interface TextBatch {
  readonly rows: number
  readonly columns: readonly TextColumn[]
  /** Gives the arrays of places back to be used again; nobody may refer to the columns any more. Need not be called. */
  readonly release: () => void
  /** Does some work with the batch, while the next is read by another thread where there is one. Need not be called. */
  readonly during: (work: () => void) => void
}
