import type { ModelView } from '../model/view.ts'
import { type CapturedSelections, captureByValue, restoreByValue } from '../selection/bookmarks.ts'
import type { Selections } from '../selection/selections.ts'
import { defaultState, type SelectionState, withSelections } from '../selection/state-set.ts'
import { noSelections } from '../selection/transitions.ts'
import type { CapturedStates, Document } from './document.ts'

/** The index of a field by name in the view that selections are restored in. */
type FindField = (name: string) => number | undefined

/** The selections of every state by value. */
export function captureStates(view: ModelView, state: SelectionState): CapturedStates {
  const states: Record<string, CapturedSelections> = {}
  for (const [name, selections] of state) states[name] = captureByValue(view, selections)
  return states
}

/** `state` with the captured selections in its states; a state that was not captured has none, one that is gone is passed over. */
export function restoreStates(
  view: ModelView,
  state: SelectionState,
  captured: CapturedStates,
  find: FindField,
): SelectionState {
  let restored = state
  for (const name of state.keys()) {
    const selections = captured[name]
    restored = withSelections(
      restored,
      name,
      selections === undefined ? noSelections : restoreByValue(view, selections, find).selections,
    )
  }
  return restored
}

/** The same values selected in the view that takes the place of `before`. */
export function carryOver(
  before: ModelView,
  after: ModelView,
  state: SelectionState,
  find: FindField,
): SelectionState {
  const moved = new Map<string, Selections>()
  for (const [name, selections] of state)
    moved.set(name, restoreByValue(after, captureByValue(before, selections), find).selections)
  return moved
}

/** The default state's selections in a bookmark of that id or title; undefined when there is none. */
export function bookmarkSelections(
  document: Document,
  view: ModelView,
  name: string,
  find: FindField,
): Selections | undefined {
  for (const bookmark of document.bookmarks.values()) {
    if (bookmark.id !== name && bookmark.title !== name) continue
    const captured = bookmark.selections[defaultState]
    return captured === undefined ? noSelections : restoreByValue(view, captured, find).selections
  }
  return undefined
}
