import type { Bitset } from '../storage/bitset.ts'

/** What is selected in one field. */
export interface FieldSelection {
  /** Field index in the view. */
  readonly field: number
  /** Selected symbols (not codes); size = symbol count of the field. May be empty: nothing is possible then. */
  readonly symbols: Bitset
  readonly locked: boolean
  /** Grows with every change, so that the newest selection is known. */
  readonly serial: number
}

/**
 * The selections of one alternate state: at most one FieldSelection per field, in the order the fields were first selected. Immutable;
 * transitions return a new value. `signature` is equal for equal selected symbols (locks and serials do not matter) and serves as cache key.
 */
export interface Selections {
  readonly fields: ReadonlyMap<number, FieldSelection>
  readonly signature: string
}
