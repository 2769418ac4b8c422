import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import type { Selections } from '../selection/selections.ts'
import { lock, noSelections, type SelectMode, select } from '../selection/transitions.ts'
import { infer } from './infer.ts'
import {
  selectAll,
  selectAlternative,
  selectExcluded,
  selectPossible,
  selectWithDrop,
} from './selecting.ts'

const view = loadView([
  {
    name: 'T',
    fields: ['A', 'B', 'C'],
    rows: [
      ['a0', 'b0', 'c0'],
      ['a1', 'b0', 'c1'],
      ['a2', 'b1', 'c0'],
      ['a3', 'b2', 'c2'],
    ],
  },
  { name: 'Island', fields: ['I'], rows: [['i0'], ['i1']] },
])
const [a, b, c, i] = [0, 1, 2, 3]

function choose(
  ...steps: readonly (readonly [number, readonly number[], SelectMode?])[]
): Selections {
  return steps.reduce(
    (selections, [field, symbols, mode]) =>
      select(selections, view, field, symbols, mode ?? 'replace').selections,
    noSelections,
  )
}

function shown(selections: Selections): Record<number, number[]> {
  return Object.fromEntries(
    [...selections.fields].map(([field, { symbols }]) => [field, [...symbols.toArray()]]),
  )
}

describe('selecting by state', () => {
  const byB = choose([b, [0]])

  it('selects the possible values', () => {
    expect(shown(selectPossible(view, byB, a, infer(view, byB)).selections)).toEqual({
      [b]: [0],
      [a]: [0, 1],
    })
    const none = choose([b, []])
    expect(selectPossible(view, none, a, infer(view, none)).changed).toBe(false)
  })

  it('selects the alternative values in place of the selected ones', () => {
    const both = choose([b, [0]], [a, [0]])
    expect(shown(selectAlternative(view, both, a, infer(view, both)).selections)).toEqual({
      [b]: [0],
      [a]: [1],
    })
    expect(selectAlternative(view, byB, a, infer(view, byB)).changed).toBe(false)
  })

  it('selects alternatives as excluded ones if there are any, else the excluded', () => {
    const both = choose([b, [0]], [a, [0]])
    expect(shown(selectExcluded(view, both, a, infer(view, both)).selections)).toEqual({
      [b]: [0],
      [a]: [1],
    })
    const excluded = selectExcluded(view, byB, a, infer(view, byB))
    expect(shown(excluded.selections)).toEqual({ [a]: [2, 3] })
    expect(excluded.dropped).toEqual([b])
    expect(selectExcluded(view, noSelections, a, infer(view, noSelections)).changed).toBe(false)
  })

  it('selects all, so that excluded values are selected-excluded', () => {
    const { selections } = selectAll(view, byB, a)
    expect(shown(selections)).toEqual({ [b]: [0], [a]: [0, 1, 2, 3] })
    expect([0, 1, 2, 3].map((symbol) => infer(view, selections).state(a, symbol))).toEqual([
      'selected',
      'selected',
      'selected-excluded',
      'selected-excluded',
    ])
  })

  it('is refused in a locked field', () => {
    const locked = lock(choose([b, [0]], [a, [0]]), a).selections
    const inference = infer(view, locked)
    for (const change of [selectPossible, selectAlternative, selectExcluded, selectAll]) {
      const { refused, selections } = change(view, locked, a, inference)
      expect(selections).toBe(locked)
      if (change !== selectPossible) expect(refused).toBe('locked')
    }
  })
})

describe('selectWithDrop', () => {
  it('keeps other selections while one chosen value is possible', () => {
    const change = selectWithDrop(view, choose([b, [0]]), a, [1, 3], 'replace')
    expect(shown(change.selections)).toEqual({ [b]: [0], [a]: [1, 3] })
    expect(change.dropped).toEqual([])
  })

  it('drops the newest first and only what stands in the way', () => {
    const selections = choose([c, [0]], [b, [0]], [i, [1]])
    const change = selectWithDrop(view, selections, a, [2], 'replace')
    expect(change.dropped).toEqual([b])
    expect(shown(change.selections)).toEqual({ [c]: [0], [i]: [1], [a]: [2] })
    const further = selectWithDrop(view, selections, a, [3], 'replace')
    expect(further.dropped).toEqual([b, c])
    expect(shown(further.selections)).toEqual({ [i]: [1], [a]: [3] })
  })

  it('looks at what a toggle adds', () => {
    const selections = choose([b, [0]], [a, [0]])
    expect(selectWithDrop(view, selections, a, [0], 'toggle').dropped).toEqual([])
    const added = selectWithDrop(view, selections, a, [3], 'toggle')
    expect(added.dropped).toEqual([b])
    expect(shown(added.selections)).toEqual({ [a]: [0, 3] })
  })

  it('is refused when a lock is the cause, and drops around a lock that is not', () => {
    const locked = lock(choose([b, [0]], [c, [0]]), b).selections
    expect(selectWithDrop(view, locked, a, [3], 'replace')).toEqual({
      selections: locked,
      changed: false,
      refused: 'locked',
      dropped: [],
    })
    const innocent = lock(choose([c, [0]], [b, [0]]), c).selections
    const change = selectWithDrop(view, innocent, a, [2], 'replace')
    expect(change.dropped).toEqual([b])
    expect(shown(change.selections)).toEqual({ [c]: [0], [a]: [2] })
  })

  it('is refused in a locked field', () => {
    const locked = lock(choose([a, [0]]), a).selections
    expect(selectWithDrop(view, locked, a, [1], 'replace').refused).toBe('locked')
  })
})
