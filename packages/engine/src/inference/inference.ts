import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import type { Bitset } from '../storage/bitset.ts'

/** State of a value, as list boxes show it. */
export type ValueState =
  | 'selected'
  | 'optional'
  | 'alternative'
  | 'excluded'
  | 'selected-excluded'
  | 'locked'
  | 'locked-excluded'

export interface StateCounts {
  readonly selected: number
  readonly optional: number
  readonly alternative: number
  readonly excluded: number
  readonly selectedExcluded: number
  readonly locked: number
  readonly lockedExcluded: number
}

/** Possible rows of a table: null = all of the view's rows. Not to be changed by callers. */
export type RowSet = Bitset | null

/**
 * What follows from selections: a pure function of (view, selections), lazily evaluated part by part and remembered. Deterministic,
 * whatever was asked first. Symbol sets have one bit per symbol of the field.
 */
export interface Inference {
  readonly view: ModelView
  readonly selections: Selections
  readonly signature: string
  possibleRows(table: number): RowSet
  /** Symbols that occur in a record compatible with all selections. */
  possible(field: number): Bitset
  /** Symbols that would be possible with this field's own selection lifted; equals `possible` for a field without selection. */
  possibleWithoutOwn(field: number): Bitset
  state(field: number, symbol: number): ValueState
  /** ValueState of every symbol as a small integer, see `valueStates`; length = symbol count. */
  states(field: number): Uint8Array
  counts(field: number): StateCounts
  /** Possible rows per code of the field (length symbols + 1) in its first place. */
  frequencies(field: number): Uint32Array
}

/** The integers of `Inference.states`. */
export const valueStates: readonly ValueState[] = [
  'selected',
  'optional',
  'alternative',
  'excluded',
  'selected-excluded',
  'locked',
  'locked-excluded',
]
