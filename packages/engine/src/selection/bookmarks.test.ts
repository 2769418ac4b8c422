import { describe, expect, it } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import { Dual, type Value } from '../value/dual.ts'
import { captureByValue, restoreByValue } from './bookmarks.ts'
import { lock, noSelections, select } from './transitions.ts'

const before = loadView([
  {
    name: 'T',
    fields: ['Text', 'Number', 'Date'],
    rows: [
      ['x', 1, new Dual('2026-01-01', 46023)],
      ['y', 2.5, new Dual('2026-01-02', 46024)],
      ['z', 3, null],
    ],
  },
])

function column(name: string, values: Value[]) {
  return { name: `T${name}`, fields: [name], rows: values.map((value) => [value]) }
}

describe('bookmarks', () => {
  it('find values again after symbols have changed', () => {
    let selections = select(noSelections, before, 2, [1], 'replace').selections
    selections = select(selections, before, 0, [0, 2], 'replace').selections
    selections = select(selections, before, 1, [1], 'replace').selections
    selections = lock(selections, 1).selections
    const captured = JSON.parse(JSON.stringify(captureByValue(before, selections)))
    const after = loadView([
      column('Number', [9, 2.5]),
      column('Text', ['z', 'y', 'x']),
      column('Date', [new Dual('2 Jan', 46024)]),
    ])
    const { selections: restored, missing } = restoreByValue(after, captured)
    expect(missing).toEqual([])
    const shown = [...restored.fields.values()].map(({ field, symbols, locked, serial }) => [
      after.fields[field]?.name,
      [...symbols.toArray()],
      locked,
      serial,
    ])
    expect(shown).toEqual([
      ['Date', [0], false, 1],
      ['Text', [0, 2], false, 2],
      ['Number', [1], true, 3],
    ])
  })

  it('tell what is missing', () => {
    const captured = {
      fields: [
        { name: 'Text', values: ['x', 'q'], locked: false, serial: 1 },
        { name: 'Number', values: [77], locked: false, serial: 2 },
        { name: 'Gone', values: ['a'], locked: false, serial: 3 },
        { name: 'Date', values: [], locked: false, serial: 4 },
      ],
    }
    const { selections, missing } = restoreByValue(before, captured)
    expect(
      [...selections.fields.values()].map(({ field, symbols }) => [field, [...symbols.toArray()]]),
    ).toEqual([
      [0, [0]],
      [2, []],
    ])
    expect(missing).toEqual([
      { name: 'Text', values: ['q'] },
      { name: 'Number', values: [77] },
      { name: 'Gone', values: null },
    ])
  })
})
