import { describe, expect, test } from 'vitest'
import { environmentOf, type TestStates } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { CubeDefinition } from './definition.ts'
import { computeCube } from './straight.ts'

const view = loadView([
  {
    name: 'Sales',
    fields: ['Product', 'Amount'],
    rows: [
      ['A', 10],
      ['A', 20],
      ['B', 5],
    ],
  },
])

function rowsOf(
  dimensions: readonly string[],
  measures: readonly string[],
  states: TestStates = {},
  more: Partial<CubeDefinition> = {},
): string[] {
  const cube = computeCube(
    {
      dimensions: dimensions.map((definition) => ({
        definition,
        sort: { loadOrder: 1 as const },
      })),
      measures: measures.map((definition) => ({ definition })),
      ...more,
    },
    environmentOf(view, states),
  )
  return cube.page(0, 0, cube.columns, 100).map((cells) => cells.map(({ text }) => text).join('|'))
}

const list = `ValueList('Number of sales', 'Average', 'Total')`
const measure = `If(${list} = 'Number of sales', Count(Amount), If(valuelist('Number of sales','Average','Total') = 'Average', Avg(Amount), Sum(Amount)))`

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/SyntheticDimensionFunctions/valuelist.htm
describe('ValueList', () => {
  test('is a dimension of its own values, and measures tell them by restating it', () => {
    expect(rowsOf([`=${list}`], [measure])).toEqual([
      'Number of sales|3',
      'Average|11.666666666667',
      'Total|35',
    ])
  })

  test('is crossed with other dimensions, and only those follow selections', () => {
    const selected = { selections: { Product: ['A'] } }
    expect(rowsOf(['Product', `=${list}`], [measure], selected)).toEqual([
      'A|Number of sales|2',
      'A|Average|15',
      'A|Total|30',
    ])
    expect(rowsOf([`=${list}`], ['Sum(Amount)'], selected)).toEqual([
      'Number of sales|30',
      'Average|30',
      'Total|30',
    ])
  })

  test('shows each value once, numbers and texts, and no NULL', () => {
    expect(rowsOf([`=ValueList(2, 'x', 2, 'x', Null(), 1 + 1)`], ['1'])).toEqual(['2|1', 'x|1'])
  })

  test('tells nothing in a chart without it', () => {
    expect(rowsOf(['Product'], [`ValueList('a')`])).toEqual(['A|-', 'B|-'])
  })
})

describe('ValueLoop', () => {
  test.each([
    ['ValueLoop(1, 3)', ['1', '2', '3']],
    ['ValueLoop(2, 10, 4)', ['2', '6', '10']],
    ['ValueLoop(3, 1, -1)', ['3', '2', '1']],
    ['ValueLoop(0, 0.3, 0.1)', ['0', '0.1', '0.2', '0.3']],
    ['ValueLoop(5)', ['5']],
    ['ValueLoop(3, 1)', []],
    ['ValueLoop(1, Max(Amount), 10)', ['1', '11']],
  ])('%s', (loop, values) => {
    expect(rowsOf([`=${loop}`], [])).toEqual(values)
  })

  test('gives its number to measures', () => {
    expect(rowsOf(['=ValueLoop(1, 3)'], ['ValueLoop(1,3) * Sum(Amount)'])).toEqual([
      '1|35',
      '2|70',
      '3|105',
    ])
  })

  test.each([
    ['ValueLoop(1, 3, 0)', /step other than 0/],
    [`ValueLoop('a', 3)`, /takes numbers/],
    ['ValueLoop(1, 100000000)', /more than the limit/],
    ['ValueLoop()', /does not take 0 arguments/],
  ])('%s says what is wrong', (loop, message) => {
    const cube = computeCube(
      { dimensions: [{ definition: `=${loop}` }], measures: [{ definition: 'Sum(Amount)' }] },
      environmentOf(view, {}),
    )
    expect(cube.dimensions[0]?.error?.message).toMatch(message)
  })

  test('inside an aggregation it says where it belongs', () => {
    const cube = computeCube(
      { dimensions: [], measures: [{ definition: 'Sum(ValueLoop(1, 3))' }] },
      environmentOf(view, {}),
    )
    expect(cube.measures[0]?.error?.message).toMatch(/outside aggregations/)
  })
})
