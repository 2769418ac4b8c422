import { describe, expect, test } from 'vitest'
import { environmentOf, type TestStates } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { ModelView } from '../model/view.ts'
import type { CubeDefinition } from './definition.ts'
import { computeCube } from './straight.ts'

const countries = loadView([
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
      [1, 'SE'],
      [2, 'DK'],
      [3, 'FR'],
    ],
  },
  {
    name: 'Transactions',
    fields: ['TID', 'CustomerID', 'Amount'],
    rows: [
      ['a', 1, 10],
      ['b', 1, 20],
      ['c', 2, 5],
      ['d', 4, 7],
    ],
  },
])

const sales = loadView([
  {
    name: 'Sales',
    fields: ['Region', 'Cust', 'Month', 'Amount'],
    rows: [
      ['N', 'a', 1, 10],
      ['N', 'b', 1, 20],
      ['S', 'c', 1, 5],
      ['N', 'a', 2, 40],
    ],
  },
  { name: 'Island', fields: ['Factor'], rows: [[2], [3]] },
])

const years = loadView([
  {
    name: 'T',
    fields: ['Year', 'Sales'],
    rows: [
      [2019, 1000],
      [2020, 1500],
      [2021, 1200],
      [2022, 1800],
      [2023, 1700],
    ],
  },
])

function rowsOf(view: ModelView, definition: CubeDefinition, states: TestStates = {}): string[] {
  const cube = computeCube(definition, environmentOf(view, states))
  return cube
    .page(0, 0, cube.columns, cube.rows)
    .map((row) => row.map(({ text }) => text).join(' '))
}

const simple = (dimensions: readonly string[], measures: readonly string[]): CubeDefinition => ({
  dimensions: dimensions.map((definition) => ({ definition })),
  measures: measures.map((definition) => ({ definition })),
})

describe('computeCube', () => {
  test('an association is a full outer join', () => {
    expect(rowsOf(countries, simple(['Country', 'CustomerID'], ['Sum(Amount)']))).toEqual([
      'DK 2 5',
      'ES - 0',
      'FR 3 0',
      'SE 1 30',
      '- 4 7',
    ])
    expect(rowsOf(countries, simple(['Region'], ['Sum(Amount)']))).toEqual([
      'Nordic 35',
      'South 0',
      '- 7',
    ])
    expect(rowsOf(countries, simple(['Region'], []))).toEqual(['Nordic', 'South'])
    expect(rowsOf(countries, simple(['CustomerID'], ['Count(TID)']))).toEqual([
      '1 2',
      '2 1',
      '3 0',
      '4 1',
    ])
  })

  test('selections, sets and TOTAL', () => {
    const states = { selections: { Region: ['N'] } }
    expect(rowsOf(sales, simple(['Region'], ['Sum(Amount)']), states)).toEqual(['N 70'])
    expect(rowsOf(sales, simple(['Region'], ['Sum(Amount)', 'Sum({1} Amount)']), states)).toEqual([
      'N 70 70',
      'S 0 5',
    ])
    expect(
      rowsOf(
        sales,
        simple(['Region', 'Month'], ['Sum(TOTAL <Region> Amount)', 'Sum(TOTAL Amount)']),
      ),
    ).toEqual(['N 1 70 75', 'N 2 70 75', 'S 1 5 75'])
  })

  test('dimensions of tables that nothing links', () => {
    expect(rowsOf(sales, simple(['Region', 'Factor'], ['Sum(Amount)']))).toEqual([
      'N 2 70',
      'N 3 70',
      'S 2 5',
      'S 3 5',
    ])
    expect(rowsOf(sales, simple(['Factor'], ['Sum(Amount*Factor)']))).toEqual(['2 150', '3 225'])
  })

  test('calculated dimensions, of records and of Aggr', () => {
    expect(rowsOf(sales, simple(["=If(Amount>15,'big','small')"], ['Count(Amount)']))).toEqual([
      'big 2',
      'small 2',
    ])
    expect(
      rowsOf(
        sales,
        simple(["=Aggr(If(Sum(Amount)>20,'big','small'),Cust)"], ['Count(DISTINCT Cust)']),
      ),
    ).toEqual(['big 1', 'small 2'])
    expect(
      rowsOf(
        sales,
        simple(
          ['Region'],
          ['Max(Aggr(Sum(Amount),Region,Cust))', 'Sum(Amount)/Sum(TOTAL Aggr(Sum(Amount),Cust))'],
        ),
      ),
    ).toEqual(['N 50 0.93333333333333', 'S 5 0.066666666666667'])
  })

  test('inter-record functions', () => {
    const cube = computeCube(
      simple(
        ['Year'],
        [
          'Below(Sum(Sales))',
          'RangeSum(Below(Sales,1,2))',
          'Rank(Sum(Sales))',
          'RowNo()',
          'Top(Sum(Sales))',
          'Column(3)',
        ],
      ),
      environmentOf(years),
    )
    expect(cube.page(0, 0, 7, 9).map((row) => row.map(({ text }) => text).join(' '))).toEqual([
      '2019 1500 2700 5 1 1000 5',
      '2020 1200 3000 3 2 1000 3',
      '2021 1800 3500 4 3 1000 4',
      '2022 1700 1700 1 4 1000 1',
      '2023 - 0 2 5 1000 2',
    ])
    expect(cube.totals.map(({ text }) => text)).toEqual(['-', '0', '-', '-', '1000', '-'])
  })

  test('RowNo(TOTAL) and NoOfRows(TOTAL) number the whole column', () => {
    const cube = simple(['Region', 'Cust'], ['RowNo()', 'RowNo(TOTAL)', 'NoOfRows(TOTAL)'])
    expect(rowsOf(sales, cube)).toEqual(['N a 1 1 3', 'N b 2 2 3', 'S c 1 3 3'])
  })

  test('sorting, suppression and limits', () => {
    const byMeasure: CubeDefinition = {
      dimensions: [{ definition: 'Cust' }],
      measures: [{ definition: 'Sum(Amount)', sort: { numeric: -1 } }],
      columnSortOrder: [1, 0],
    }
    expect(rowsOf(sales, byMeasure)).toEqual(['a 50', 'b 20', 'c 5'])
    const limited: CubeDefinition = {
      ...byMeasure,
      dimensions: [
        { definition: 'Cust', limit: { mode: 'counted', count: 1, from: 'largest', others: true } },
      ],
    }
    expect(rowsOf(sales, limited)).toEqual(['a 50', 'Others 25'])
    expect(
      rowsOf(countries, { ...simple(['Region'], ['Sum(Amount)']), suppressZero: true }),
    ).toEqual(['Nordic 35', '- 7'])
    expect(
      rowsOf(countries, {
        dimensions: [{ definition: 'Region', suppressNull: true }],
        measures: [{ definition: 'Sum(Amount)' }],
      }),
    ).toEqual(['Nordic 35', 'South 0'])
    expect(
      rowsOf(
        sales,
        {
          dimensions: [{ definition: 'Region', showAll: true }],
          measures: [{ definition: 'Sum(Amount)' }],
        },
        { selections: { Region: ['S'] } },
      ),
    ).toEqual(['N 0', 'S 5'])
  })

  test('a bad column leaves the others', () => {
    const cube = computeCube(
      simple(['Region', 'Nothing'], ['Sum(Amount)', 'Sum(Amout)']),
      environmentOf(sales),
    )
    expect(cube.page(0, 0, 4, 9).map((row) => row.map(({ text }) => text).join(' '))).toEqual([
      'N - 70 -',
      'S - 5 -',
    ])
    expect(cube.measures[1]?.error?.message).toContain('Did you mean Amount?')
    expect(cube.dimensions[1]?.error?.code).toBe('field-not-found')
    expect(cube.totals.map(({ text }) => text)).toEqual(['75', '-'])
  })
})
