/** Cell i is UTF-8 bytes[starts[i] … ends[i]) and, where it is one, the numeral numerals[i] (see numeral.ts), else -1. */
export interface Cells {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly numerals: Int32Array
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
}
