import { describe, expect, test } from 'vitest'
import { loadView } from '../../test/oracle/load.ts'
import type { ModelView } from '../model/view.ts'
import { frames } from './frame.ts'
import { joinTree } from './join-tree.ts'

/** The records of a join as `field=value` lists; `-` is NULL. */
function joined(
  view: ModelView,
  tables: readonly string[],
  fields: readonly string[],
  maxRecords = 100,
): string[] {
  const tree = joinTree(
    view,
    tables.map((name) => view.tableIndex(name) ?? -1),
  )
  return frames(view, () => null, tree, [], maxRecords).flatMap((frame) =>
    Array.from({ length: frame.count }, (_, record) =>
      fields
        .map((name) => {
          const field = view.fieldIndex(name) ?? -1
          const code = frame.codes(field, record, 1)[0] ?? 0
          return code === 0 ? '-' : (view.fields[field]?.symbols.textAt(code - 1) ?? '')
        })
        .join(' '),
    ),
  )
}

describe('frames', () => {
  const shop = loadView([
    {
      name: 'Orders',
      fields: ['Order', 'Customer'],
      rows: [
        [1, 'a'],
        [2, 'b'],
        [3, null],
        [4, 'z'],
      ],
    },
    {
      name: 'Lines',
      fields: ['Order', 'Amount'],
      rows: [
        [1, 10],
        [1, 20],
        [2, 5],
        [9, 7],
      ],
    },
    {
      name: 'Customers',
      fields: ['Customer', 'City'],
      rows: [
        ['a', 'Oslo'],
        ['c', 'Rome'],
      ],
    },
  ])

  test('the root is the table all links lead away from; what nothing refers to follows', () => {
    expect(joined(shop, ['Lines', 'Customers'], ['Order', 'Amount', 'Customer', 'City'])).toEqual([
      '1 10 a Oslo',
      '1 20 a Oslo',
      '2 5 b -',
      '9 7 - -',
      '3 - - -',
      '4 - z -',
      '- - c Rome',
    ])
  })

  test('NULL keys link nothing; one table needs no join', () => {
    expect(joined(shop, ['Orders'], ['Order', 'Customer', 'City'])).toEqual([
      '1 a -',
      '2 b -',
      '3 - -',
      '4 z -',
    ])
  })

  test('two tables of a common key without a unique side are expanded, within the budget', () => {
    const facts = loadView([
      {
        name: 'Sales',
        fields: ['Product', 'Sold'],
        rows: [
          ['p', 1],
          ['p', 2],
          ['q', 3],
        ],
      },
      {
        name: 'Budget',
        fields: ['Product', 'Planned'],
        rows: [
          ['p', 10],
          ['p', 20],
          ['r', 30],
        ],
      },
    ])
    expect(joined(facts, ['Sales', 'Budget'], ['Product', 'Sold', 'Planned'])).toEqual([
      'p 1 10',
      'p 1 20',
      'p 2 10',
      'p 2 20',
      'q 3 -',
      'r - 30',
    ])
    expect(() => joined(facts, ['Sales', 'Budget'], ['Product'], 4)).toThrow(
      'more than the limit of 4',
    )
  })
})
