import { describe, expect, it } from 'vitest'
import { type LoadTable, loadView } from '../../test/oracle/load.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { lock, noSelections, select } from '../selection/transitions.ts'
import type { Value } from '../value/dual.ts'
import { infer } from './infer.ts'
import { valueStates } from './inference.ts'

const tables: readonly LoadTable[] = [
  {
    name: 'Countries',
    fields: ['Country', 'Region'],
    rows: [
      ['SE', 'Nordic'],
      ['DK', 'Nordic'],
      ['ES', 'South'],
    ],
  },
  {
    name: 'Customers',
    fields: ['CustomerID', 'Country'],
    rows: [
      ['1', 'SE'],
      ['2', 'DK'],
      ['3', 'FR'],
      ['5', null],
    ],
  },
  {
    name: 'Transactions',
    fields: ['TID', 'CustomerID'],
    rows: [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
      ['d', '4'],
      ['e', null],
    ],
  },
  { name: 'Island', fields: ['Scenario'], rows: [['low'], ['high']] },
]
const view = loadView(tables)
const short: Readonly<Record<string, string>> = {
  selected: 'S',
  optional: 'O',
  alternative: 'A',
  excluded: 'X',
  'selected-excluded': 'XS',
  locked: 'L',
  'locked-excluded': 'XL',
}

type Chosen = Readonly<Record<string, readonly Value[]>>

function fieldIndex(of: ModelView, name: string): number {
  return of.fieldIndex(name) ?? expect.fail(`no field ${name}`)
}

function choose(chosen: Chosen, locked: readonly string[] = [], of = view): Selections {
  let selections = noSelections
  for (const [name, values] of Object.entries(chosen)) {
    const field = fieldIndex(of, name)
    const symbols = values.map((value) =>
      value === null ? -1 : (of.fields[field]?.symbols.find(value) ?? -1),
    )
    selections = select(selections, of, field, symbols, 'replace').selections
  }
  for (const name of locked) selections = lock(selections, fieldIndex(of, name)).selections
  return selections
}

/** `value:state` of a field, in load order. */
function states(name: string, selections: Selections, of = view): string {
  const field = fieldIndex(of, name)
  const symbols = of.fields[field]?.symbols ?? expect.fail()
  return [...infer(of, selections).states(field)]
    .map((state, symbol) => `${symbols.textAt(symbol)}:${short[valueStates[state] ?? '']}`)
    .join(' ')
}

describe('value states', () => {
  it('are all optional without selections', () => {
    expect(states('Country', noSelections)).toBe('SE:O DK:O ES:O FR:O')
    expect(infer(view, noSelections).possibleRows(0)).toBeNull()
  })

  it('show selected, alternative, optional and excluded over three tables', () => {
    const selections = choose({ Region: ['Nordic'] })
    expect(states('Region', selections)).toBe('Nordic:S South:A')
    expect(states('Country', selections)).toBe('SE:O DK:O ES:X FR:X')
    expect(states('CustomerID', selections)).toBe('1:O 2:O 3:X 5:X 4:X')
    expect(states('TID', selections)).toBe('a:O b:O c:O d:X e:X')
    expect(states('Scenario', selections)).toBe('low:O high:O')
  })

  it('flow from the far end, with keys that have no partner', () => {
    expect(states('Region', choose({ TID: ['c'] }))).toBe('Nordic:O South:X')
    expect(states('Region', choose({ TID: ['d'] }))).toBe('Nordic:X South:X')
    expect(states('CustomerID', choose({ TID: ['d'] }))).toBe('1:X 2:X 3:X 5:X 4:O')
    expect(states('CustomerID', choose({ TID: ['e'] }))).toBe('1:X 2:X 3:X 5:X 4:X')
    expect(states('TID', choose({ CustomerID: ['4', '5'] }))).toBe('a:X b:X c:X d:O e:X')
  })

  it('show selected values that other fields exclude', () => {
    const selections = choose({ TID: ['a', 'c'], Country: ['DK', 'ES'] })
    expect(states('TID', selections)).toBe('a:XS b:X c:S d:X e:X')
    expect(states('Country', selections)).toBe('SE:A DK:S ES:XS FR:X')
    expect(infer(view, selections).counts(fieldIndex(view, 'Country'))).toEqual({
      selected: 1,
      optional: 0,
      alternative: 1,
      excluded: 1,
      selectedExcluded: 1,
      locked: 0,
      lockedExcluded: 0,
    })
  })

  it('show locked values', () => {
    const selections = choose({ Country: ['DK', 'ES'], TID: ['a', 'c'] }, ['Country'])
    expect(states('Country', selections)).toBe('SE:A DK:L ES:XL FR:X')
    expect(infer(view, selections).counts(fieldIndex(view, 'Country'))).toEqual({
      selected: 0,
      optional: 0,
      alternative: 1,
      excluded: 1,
      selectedExcluded: 0,
      locked: 1,
      lockedExcluded: 1,
    })
    expect(infer(view, selections).state(fieldIndex(view, 'Country'), 1)).toBe('locked')
  })

  it('leave nothing possible under an empty selection, and every value alternative', () => {
    const selections = choose({ Region: [] })
    expect(states('Region', selections)).toBe('Nordic:A South:A')
    expect(states('TID', selections)).toBe('a:X b:X c:X d:X e:X')
    expect(infer(view, selections).possibleRows(0)?.count()).toBe(0)
    expect(states('Scenario', selections)).toBe('low:O high:O')
  })

  it('count possible rows per code in the first place', () => {
    const field = fieldIndex(view, 'CustomerID')
    expect([...infer(view, choose({ Region: ['Nordic'] })).frequencies(field)]).toEqual([
      0, 1, 1, 0, 0, 0,
    ])
    const tid = fieldIndex(view, 'TID')
    expect([...infer(view, noSelections).frequencies(tid)]).toEqual([0, 1, 1, 1, 1, 1])
  })

  it('refuse unknown fields, symbols and tables', () => {
    const inference = infer(view, noSelections)
    expect(() => inference.possible(99)).toThrow(/no field of index 99/)
    expect(() => inference.state(0, 99)).toThrow(/no symbol 99/)
    expect(() => inference.possibleRows(99)).toThrow(/no table of index 99/)
  })
})

describe('loosely coupled tables', () => {
  const loosened = loadView(
    [
      {
        name: 'Facts',
        fields: ['Key', 'Amount'],
        rows: [
          ['k1', 10],
          ['k2', 20],
          ['k3', 30],
        ],
      },
      {
        name: 'Dim',
        fields: ['Key', 'Kind'],
        rows: [
          ['k1', 'x'],
          ['k2', 'y'],
        ],
      },
      {
        name: 'Other',
        fields: ['Kind', 'Note'],
        rows: [
          ['x', 'n1'],
          ['z', 'n2'],
        ],
      },
    ],
    ['Dim'],
  )

  it('filter their own rows by their fields but let nothing through', () => {
    const selections = choose({ Kind: ['x'] }, [], loosened)
    expect(states('Note', selections, loosened)).toBe('n1:O n2:X')
    expect(states('Amount', selections, loosened)).toBe('10:O 20:O 30:O')
    expect(infer(loosened, selections).possibleRows(1)?.toArray()).toEqual(Uint32Array.of(0))
  })

  it('make a value possible that is possible anywhere', () => {
    const selections = choose({ Amount: [30] }, [], loosened)
    expect(states('Key', selections, loosened)).toBe('k1:O k2:O k3:O')
    const both = choose({ Amount: [30], Kind: ['x'] }, [], loosened)
    expect(states('Key', both, loosened)).toBe('k1:O k2:X k3:O')
    expect(states('Kind', both, loosened)).toBe('x:S y:A z:A')
  })

  it('come from circular references', () => {
    const circle = loadView([
      {
        name: 'A',
        fields: ['X', 'Y'],
        rows: [
          [1, 1],
          [2, 2],
        ],
      },
      {
        name: 'B',
        fields: ['Y', 'Z'],
        rows: [
          [1, 1],
          [2, 2],
        ],
      },
      {
        name: 'C',
        fields: ['Z', 'X'],
        rows: [
          [1, 2],
          [2, 1],
        ],
      },
    ])
    expect(circle.tables.filter(({ loose }) => loose)).not.toEqual([])
    const selections = choose({ X: [1] }, [], circle)
    for (const name of ['X', 'Y', 'Z']) {
      expect(infer(circle, selections).possible(fieldIndex(circle, name)).isEmpty()).toBe(false)
    }
    expect(states('X', selections, circle)).toBe('1:S 2:A')
  })
})

describe('synthetic keys', () => {
  const pairs = loadView([
    {
      name: 'Sales',
      fields: ['Year', 'Shop', 'Amount'],
      rows: [
        [2025, 'N', 1],
        [2025, 'S', 2],
        [2026, 'N', 3],
        [null, 'N', 4],
      ],
    },
    {
      name: 'Budget',
      fields: ['Year', 'Shop', 'Plan'],
      rows: [
        [2025, 'N', 10],
        [2026, 'S', 20],
        [null, 'N', 40],
      ],
    },
  ])

  it('associate on all their fields, and never on NULL', () => {
    expect(states('Plan', choose({ Amount: [1] }, [], pairs), pairs)).toBe('10:O 20:X 40:X')
    expect(states('Plan', choose({ Amount: [4] }, [], pairs), pairs)).toBe('10:X 20:X 40:X')
    expect(states('Year', choose({ Plan: [20] }, [], pairs), pairs)).toBe('2025:X 2026:O')
    expect(states('Amount', choose({ Shop: ['N'], Year: [2026] }, [], pairs), pairs)).toBe(
      '1:X 2:X 3:O 4:X',
    )
    expect(states('Year', choose({ Shop: ['N'], Year: [2026] }, [], pairs), pairs)).toBe(
      '2025:A 2026:S',
    )
  })
})
