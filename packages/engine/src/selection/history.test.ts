import { describe, expect, it } from 'vitest'
import { Bitset } from '../storage/bitset.ts'
import { SelectionHistory } from './history.ts'
import {
  addState,
  defaultState,
  emptyState,
  removeState,
  type SelectionState,
  sameState,
  selectionsIn,
  withSelections,
} from './state-set.ts'
import { lockAll, selectionsOf } from './transitions.ts'

function stateWith(symbol: number): SelectionState {
  const symbols = Bitset.of(50, [symbol])
  return withSelections(
    emptyState,
    '$',
    selectionsOf([{ field: 0, symbols, locked: false, serial: 1 }]),
  )
}

describe('SelectionHistory', () => {
  it('goes back and forward and forgets the way forward on a new step', () => {
    const history = new SelectionHistory()
    const [one, two, three] = [stateWith(1), stateWith(2), stateWith(3)]
    history.push(one)
    history.push(two)
    expect([history.backCount, history.forwardCount]).toEqual([2, 0])
    expect(history.back()).toBe(one)
    expect(history.back()).toBe(emptyState)
    expect(history.back()).toBeUndefined()
    expect(history.forward()).toBe(one)
    expect([history.backCount, history.forwardCount]).toEqual([1, 1])
    history.push(three)
    expect(history.forward()).toBeUndefined()
    expect(history.current).toBe(three)
    expect(history.backCount).toBe(2)
  })

  it('takes no step to an equal state but does to one with other locks', () => {
    const history = new SelectionHistory()
    history.push(stateWith(1))
    history.push(stateWith(1))
    expect(history.backCount).toBe(1)
    history.push(
      withSelections(stateWith(1), '$', lockAll(selectionsIn(stateWith(1), '$')).selections),
    )
    expect(history.backCount).toBe(2)
  })

  it('keeps only so many steps', () => {
    const history = new SelectionHistory(emptyState, { limit: 3 })
    for (let symbol = 0; symbol < 10; symbol++) history.push(stateWith(symbol))
    expect(history.backCount).toBe(3)
    while (history.back() !== undefined);
    expect(sameState(history.current, stateWith(6))).toBe(true)
    expect(() => new SelectionHistory(emptyState, { limit: 0 })).toThrow(/limit/)
  })

  it('looks back and forward without going, replaces, drops and rewrites', () => {
    const history = new SelectionHistory()
    for (const symbol of [1, 2, 3]) history.push(stateWith(symbol))
    history.back()
    expect(history.peek(0)).toBe(history.current)
    expect(sameState(history.peek(1) ?? emptyState, stateWith(1))).toBe(true)
    expect(sameState(history.peek(-1) ?? emptyState, stateWith(3))).toBe(true)
    expect(history.peek(9)).toBeUndefined()
    history.replace(stateWith(7))
    expect([history.backCount, history.forwardCount]).toEqual([2, 1])
    expect(history.drop()).toBe(history.current)
    expect([history.backCount, history.forwardCount]).toEqual([1, 1])
    expect(sameState(history.current, stateWith(1))).toBe(true)
    history.rewrite(() => emptyState)
    expect(history.current).toBe(emptyState)
  })
})

describe('alternate states', () => {
  it('are added and removed by name', () => {
    const added = addState(emptyState, 'Group 1')
    expect([...added.keys()]).toEqual(['$', 'Group 1'])
    expect(selectionsIn(added, '')).toBe(selectionsIn(added, defaultState))
    expect([...removeState(added, 'Group 1').keys()]).toEqual(['$'])
    expect(() => addState(added, 'Group 1')).toThrow(/exists/)
    expect(() => addState(added, '$1')).toThrow(/cannot name/)
    expect(() => selectionsIn(added, 'Other')).toThrow(/no alternate state 'Other'/)
    expect(() => removeState(added, '$')).toThrow(/default/)
  })

  it('are equal by symbols, state by state', () => {
    expect(sameState(stateWith(1), stateWith(1))).toBe(true)
    expect(sameState(stateWith(1), stateWith(2))).toBe(false)
    expect(sameState(emptyState, addState(emptyState, 'A'))).toBe(false)
  })
})
