import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Selections } from './selections.ts'
import {
  clear,
  clearAll,
  clearOthers,
  lock,
  lockAll,
  noSelections,
  type SelectMode,
  select,
  unlock,
  unlockAll,
  withoutFields,
} from './transitions.ts'

const view = loadView([
  {
    name: 'T',
    fields: ['A', 'B', 'C'],
    rows: [
      ['a0', 'b0', 'c0'],
      ['a1', 'b1', 'c1'],
      ['a2', 'b2', 'c2'],
      ['a3', 'b3', 'c3'],
    ],
  },
])
const a = 0
const b = 1
const c = 2

function choose(
  selections: Selections,
  field: number,
  symbols: number[],
  mode: SelectMode = 'replace',
): Selections {
  return select(selections, view, field, symbols, mode).selections
}

function shown(selections: Selections): Record<number, number[]> {
  return Object.fromEntries(
    [...selections.fields].map(([field, { symbols }]) => [field, [...symbols.toArray()]]),
  )
}

describe('select', () => {
  it('replaces, adds and toggles', () => {
    const one = choose(noSelections, a, [0, 1])
    expect(shown(one)).toEqual({ [a]: [0, 1] })
    expect(shown(choose(one, a, [3]))).toEqual({ [a]: [3] })
    expect(shown(choose(one, a, [3], 'add'))).toEqual({ [a]: [0, 1, 3] })
    expect(shown(choose(one, a, [1, 2], 'toggle'))).toEqual({ [a]: [0, 2] })
    expect(shown(one)).toEqual({ [a]: [0, 1] })
  })

  it('takes a bitset and keeps no hold of it', () => {
    const set = Bitset.of(4, [2])
    const { selections } = select(noSelections, view, a, set, 'replace')
    set.add(0)
    expect(shown(selections)).toEqual({ [a]: [2] })
  })

  it('removes the selection when a toggle leaves nothing', () => {
    const one = choose(noSelections, a, [0, 1])
    expect(choose(one, a, [0, 1], 'toggle')).toBe(noSelections)
    expect(select(noSelections, view, a, [], 'toggle')).toEqual({
      selections: noSelections,
      changed: false,
      refused: null,
    })
    expect(select(noSelections, view, a, [], 'add').changed).toBe(false)
  })

  it('keeps an empty selection by replacing with nothing', () => {
    expect(shown(choose(noSelections, a, []))).toEqual({ [a]: [] })
    expect(choose(noSelections, a, []).signature).not.toBe(noSelections.signature)
  })

  it('returns the same selections when nothing changes', () => {
    const one = choose(noSelections, a, [1])
    const again = select(one, view, a, [1], 'replace')
    expect(again).toEqual({ selections: one, changed: false, refused: null })
    expect(again.selections).toBe(one)
  })

  it('keeps fields in the order they were first selected and knows the newest', () => {
    const order = choose(choose(choose(noSelections, b, [0]), a, [0]), b, [1])
    expect([...order.fields.keys()]).toEqual([b, a])
    expect([...order.fields.values()].map(({ serial }) => serial)).toEqual([3, 2])
  })

  it('refuses what the view does not have', () => {
    expect(() => select(noSelections, view, 9, [0], 'replace')).toThrow(/Field index 9/)
    expect(() => select(noSelections, view, a, [4], 'replace')).toThrow(/'A' has no symbol 4/)
    expect(() => select(noSelections, view, a, new Bitset(3), 'replace')).toThrow(/size 3/)
  })
})

describe('clear', () => {
  const three = choose(choose(choose(noSelections, a, [0]), b, [0]), c, [0])

  it('clears one field, the others, or all', () => {
    expect(shown(clear(three, b).selections)).toEqual({ [a]: [0], [c]: [0] })
    expect(shown(clearOthers(three, b).selections)).toEqual({ [b]: [0] })
    expect(clearAll(three).selections).toBe(noSelections)
    expect(clear(noSelections, a).changed).toBe(false)
  })

  it('leaves locked fields alone unless told otherwise', () => {
    const locked = lock(three, a).selections
    expect(shown(clearAll(locked).selections)).toEqual({ [a]: [0] })
    expect(shown(clearOthers(locked, b).selections)).toEqual({ [a]: [0], [b]: [0] })
    expect(clearAll(locked, { includeLocked: true }).selections).toBe(noSelections)
    expect(clear(locked, a)).toEqual({ selections: locked, changed: false, refused: 'locked' })
  })

  it('drops fields for what-if questions, locked or not', () => {
    expect(shown(withoutFields(lock(three, a).selections, new Set([a, b])))).toEqual({ [c]: [0] })
  })
})

describe('lock', () => {
  const two = choose(choose(noSelections, a, [0]), b, [0])

  it('refuses any change of a locked field', () => {
    const locked = lock(two, a).selections
    for (const mode of ['replace', 'toggle', 'add'] as const) {
      expect(select(locked, view, a, [1], mode)).toEqual({
        selections: locked,
        changed: false,
        refused: 'locked',
      })
    }
    expect(shown(choose(unlock(locked, a).selections, a, [1]))).toEqual({ [a]: [1], [b]: [0] })
  })

  it('does not lock a field without selection', () => {
    expect(lock(two, c).changed).toBe(false)
  })

  it('locks and unlocks all, and leaves signature and serials as they were', () => {
    const all = lockAll(two).selections
    expect([...all.fields.values()].every(({ locked }) => locked)).toBe(true)
    expect(all.signature).toBe(two.signature)
    expect(unlockAll(all).selections).toEqual(two)
    expect(unlockAll(two).changed).toBe(false)
  })
})
