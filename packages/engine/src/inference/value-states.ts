import { popcount } from '../base/popcount.ts'
import type { FieldSelection } from '../selection/selections.ts'
import type { Bitset } from '../storage/bitset.ts'
import { type StateCounts, type ValueState, valueStates } from './inference.ts'

/** What the state of a field's values follows from. */
export interface StateInputs {
  readonly selection: FieldSelection | undefined
  readonly possible: Bitset
  readonly possibleWithoutOwn: Bitset
}

/**
 * Possible here means by the selections in other fields. Without a selection in the field: optional or excluded. With one: chosen
 * values are selected or selected-excluded (locked, locked-excluded under a lock), the others alternative or excluded.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/Selections/selection-states.htm
 */
export function stateOf(
  { selection, possible, possibleWithoutOwn }: StateInputs,
  symbol: number,
): ValueState {
  if (selection === undefined) return possible.has(symbol) ? 'optional' : 'excluded'
  const reachable = possibleWithoutOwn.has(symbol)
  if (!selection.symbols.has(symbol)) return reachable ? 'alternative' : 'excluded'
  if (selection.locked) return reachable ? 'locked' : 'locked-excluded'
  return reachable ? 'selected' : 'selected-excluded'
}

export function statesOf(inputs: StateInputs): Uint8Array {
  const { selection, possible, possibleWithoutOwn } = inputs
  const size = possible.size
  const states = new Uint8Array(size)
  const reachable = selection === undefined ? possible : possibleWithoutOwn
  const out = valueStates.indexOf('excluded')
  const open = valueStates.indexOf(selection === undefined ? 'optional' : 'alternative')
  const chosen = valueStates.indexOf(selection?.locked === true ? 'locked' : 'selected')
  const chosenOut = valueStates.indexOf(
    selection?.locked === true ? 'locked-excluded' : 'selected-excluded',
  )
  for (let word = 0; word < reachable.words.length; word++) {
    const reach = reachable.words[word]!
    const chose = selection === undefined ? 0 : selection.symbols.words[word]!
    const end = Math.min(size, (word + 1) * 32)
    for (let symbol = word * 32; symbol < end; symbol++) {
      const isReachable = (reach >>> (symbol & 31)) & 1
      if ((chose >>> (symbol & 31)) & 1) states[symbol] = isReachable ? chosen : chosenOut
      else states[symbol] = isReachable ? open : out
    }
  }
  return states
}

export function countStates({ selection, possible, possibleWithoutOwn }: StateInputs): StateCounts {
  const none = {
    selected: 0,
    optional: 0,
    alternative: 0,
    excluded: 0,
    selectedExcluded: 0,
    locked: 0,
    lockedExcluded: 0,
  }
  if (selection === undefined) {
    const optional = possible.count()
    return { ...none, optional, excluded: possible.size - optional }
  }
  let chosen = 0
  let chosenReachable = 0
  let reachable = 0
  for (let i = 0; i < possibleWithoutOwn.words.length; i++) {
    const reach = possibleWithoutOwn.words[i]!
    const chose = selection.symbols.words[i]!
    chosen += popcount(chose)
    reachable += popcount(reach)
    chosenReachable += popcount(chose & reach)
  }
  const alternative = reachable - chosenReachable
  const excluded = possible.size - chosen - alternative
  const chosenOut = chosen - chosenReachable
  return selection.locked
    ? { ...none, alternative, excluded, locked: chosenReachable, lockedExcluded: chosenOut }
    : { ...none, alternative, excluded, selected: chosenReachable, selectedExcluded: chosenOut }
}
