import { LichenError } from '../base/errors.ts'
import type { Selections } from './selections.ts'
import { noSelections } from './transitions.ts'

/** The selections of every alternate state by name. Immutable; the default state `$` is always there. */
export type SelectionState = ReadonlyMap<string, Selections>

export const defaultState = '$'

export const emptyState: SelectionState = new Map([[defaultState, noSelections]])

/**
 * Selections of one state; the empty name means the default state.
 * @throws LichenError `not-found`
 */
export function selectionsIn(state: SelectionState, name: string): Selections {
  const selections = state.get(name === '' ? defaultState : name)
  if (selections === undefined) {
    throw new LichenError('not-found', `There is no alternate state '${name}'; add it first`)
  }
  return selections
}

/** The state set with other selections in one existing state. @throws LichenError `not-found` */
export function withSelections(
  state: SelectionState,
  name: string,
  selections: Selections,
): SelectionState {
  if (selectionsIn(state, name) === selections) return state
  return new Map(state).set(name === '' ? defaultState : name, selections)
}

/**
 * Adds an alternate state without selections.
 * @throws LichenError `already-exists`, `invalid-argument` for names with a meaning in set expressions
 */
export function addState(state: SelectionState, name: string): SelectionState {
  if (state.has(name)) {
    throw new LichenError('already-exists', `The alternate state '${name}' exists already`)
  }
  if (name.trim() === '' || name.startsWith('$') || /^\d+$/.test(name)) {
    throw new LichenError(
      'invalid-argument',
      `'${name}' cannot name an alternate state: it is empty, a number, or starts with $`,
    )
  }
  return new Map(state).set(name, noSelections)
}

/** @throws LichenError `not-found`, `invalid-argument` for the default state */
export function removeState(state: SelectionState, name: string): SelectionState {
  selectionsIn(state, name)
  if (name === defaultState || name === '') {
    throw new LichenError('invalid-argument', 'The default state cannot be removed')
  }
  const rest = new Map(state)
  rest.delete(name)
  return rest
}

/** Whether two state sets have equal selected symbols and locks in every state. */
export function sameState(a: SelectionState, b: SelectionState): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [name, selections] of a) {
    const other = b.get(name)
    if (other === undefined || !sameSelections(selections, other)) return false
  }
  return true
}

/** Equal selected symbols and equal locks. */
export function sameSelections(a: Selections, b: Selections): boolean {
  return (
    a === b ||
    (sameSymbols(a, b) &&
      [...a.fields].every(([field, { locked }]) => b.fields.get(field)?.locked === locked))
  )
}

/** Equal selected symbols, compared symbol by symbol, whatever the locks. */
export function sameSymbols(a: Selections, b: Selections): boolean {
  if (a === b) return true
  if (a.signature !== b.signature || a.fields.size !== b.fields.size) return false
  for (const [field, { symbols }] of a.fields) {
    const other = b.fields.get(field)
    if (other === undefined || !other.symbols.equals(symbols)) return false
  }
  return true
}
