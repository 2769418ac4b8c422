import { describe, expect, test } from 'vitest'
import { environmentOf, type TestStates } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { CubeDefinition, DimensionLimit } from './definition.ts'
import { computeCube } from './straight.ts'

// https://qlik.dev/embed/capability-api/customize/dimensions-and-measures/dimension-limits

/* Sum(Amount) by Cust: a 40, b 30, c 20, d 10, of NULL 25. Within N: a 30, b 30, c 5; within S: d 10, c 15, a 10. */
const view = loadView([
  {
    name: 'Sales',
    fields: ['Region', 'Cust', 'Amount', 'Score'],
    rows: [
      ['N', 'a', 30, 1],
      ['N', 'b', 30, 9],
      ['N', 'c', 5, null],
      ['S', 'd', 10, 4],
      ['S', 'c', 15, null],
      ['S', 'a', 10, 2],
      ['S', null, 25, 8],
    ],
  },
  { name: 'Island', fields: ['Factor'], rows: [[2], [3]] },
])

const counted = { mode: 'counted', count: 2, from: 'largest', others: true } as const

function cubeOf(definition: CubeDefinition, states: TestStates = {}) {
  return computeCube(definition, environmentOf(view, states))
}

function textsOf(definition: CubeDefinition, states: TestStates = {}): string[] {
  const cube = cubeOf(definition, states)
  return cube
    .page(0, 0, cube.columns, cube.rows)
    .map((row) => row.map(({ text }) => text).join(' '))
}

/** Rows by customer. */
const byCust = (limit: DimensionLimit, measure = 'Sum(Amount)', suppressNull = true): string[] =>
  textsOf({
    dimensions: [{ definition: 'Cust', suppressNull, limit }],
    measures: [{ definition: measure }],
  })

describe('a counted limit', () => {
  test('keeps the largest or smallest values; others is the measure over the remaining records', () => {
    expect(byCust(counted)).toEqual(['a 40', 'b 30', 'Others 30'])
    expect(byCust({ ...counted, from: 'smallest' })).toEqual(['c 20', 'd 10', 'Others 70'])
    expect(byCust({ ...counted, others: false })).toEqual(['a 40', 'b 30'])
    expect(byCust({ ...counted, count: 1 }, 'Avg(Amount)')).toEqual(['b 30', 'Others 14'])
  })

  test('keeps exactly that many, also where they tie', () => {
    const within = { dimensions: [{ definition: 'Cust', limit: { ...counted, count: 1 } }] }
    const inNorth = { selections: { Region: ['N'] } }
    expect(textsOf({ ...within, measures: [{ definition: 'Sum(Amount)' }] }, inNorth)).toEqual([
      'a 30',
      'Others 35',
    ])
  })

  test('has no others when every value is kept, and nothing else when none is', () => {
    expect(byCust({ ...counted, count: 4 })).toEqual(['a 40', 'b 30', 'c 20', 'd 10'])
    expect(byCust({ ...counted, count: 0 })).toEqual(['Others 100'])
  })

  test('can count others', () => {
    expect(byCust({ ...counted, count: 3, countOthers: true })).toEqual([
      'a 40',
      'b 30',
      'Others 30',
    ])
    expect(byCust({ ...counted, count: 4, countOthers: true })).toHaveLength(4)
    expect(byCust({ ...counted, count: 1, countOthers: true })).toEqual(['Others 100'])
    expect(byCust({ ...counted, count: 3, countOthers: true, others: false })).toHaveLength(3)
  })

  test('can take the first by the order of the dimension', () => {
    const first = (numeric: 1 | -1, text: 1 | -1) =>
      textsOf({
        dimensions: [
          {
            definition: 'Cust',
            suppressNull: true,
            sort: { numeric, text },
            limit: { ...counted, from: 'first' },
          },
        ],
        measures: [{ definition: 'Sum(Amount)' }],
      })
    expect(first(1, 1)).toEqual(['a 40', 'b 30', 'Others 30'])
    expect(first(-1, -1)).toEqual(['d 10', 'c 20', 'Others 70'])
  })

  test('takes its count from an expression, rounded down', () => {
    const count = { ...counted, count: 'Count(DISTINCT Region) + 0.9' }
    expect(byCust(count)).toEqual(['a 40', 'b 30', 'Others 30'])
    expect(byCust({ ...counted, count: '=1+1' })).toEqual(['a 40', 'b 30', 'Others 30'])
    expect(
      textsOf(
        {
          dimensions: [{ definition: 'Cust', limit: count }],
          measures: [{ definition: 'Sum(Amount)' }],
        },
        { selections: { Region: ['N'] } },
      ),
    ).toEqual(['a 30', 'Others 35'])
  })
})

describe('limits by value', () => {
  test.each<[DimensionLimit, string[]]>([
    [
      { mode: 'exact', compare: '>=', value: 20, others: true },
      ['a 40', 'b 30', 'c 20', 'Others 10'],
    ],
    [{ mode: 'exact', compare: '>', value: 20, others: true }, ['a 40', 'b 30', 'Others 30']],
    [{ mode: 'exact', compare: '<=', value: 20, others: true }, ['c 20', 'd 10', 'Others 70']],
    [{ mode: 'exact', compare: '<', value: 20, others: false }, ['d 10']],
    [
      { mode: 'exact', compare: '>', value: 'Avg(Amount)', others: true },
      ['a 40', 'b 30', 'c 20', 'Others 10'],
    ],
    [{ mode: 'relative', compare: '>=', percent: 30, others: true }, ['a 40', 'b 30', 'Others 30']],
    [{ mode: 'relative', compare: '<', percent: '10+10', others: true }, ['d 10', 'Others 90']],
    [
      { mode: 'accumulated', compare: '>=', value: 70, from: 'largest', others: true },
      ['a 40', 'b 30', 'Others 30'],
    ],
    [
      { mode: 'accumulated', compare: '>', value: 70, from: 'largest', others: true },
      ['a 40', 'b 30', 'c 20', 'Others 10'],
    ],
    [
      { mode: 'accumulated', compare: '<=', value: 70, from: 'largest', others: true },
      ['a 40', 'b 30', 'Others 30'],
    ],
    [
      { mode: 'accumulated', compare: '<', value: 70, from: 'largest', others: true },
      ['a 40', 'Others 60'],
    ],
    [
      { mode: 'accumulated', compare: '<=', value: 30, from: 'smallest', others: true },
      ['c 20', 'd 10', 'Others 70'],
    ],
    [
      { mode: 'accumulated-relative', compare: '>=', percent: 80, from: 'largest', others: true },
      ['a 40', 'b 30', 'c 20', 'Others 10'],
    ],
    [
      { mode: 'accumulated-relative', compare: '<=', percent: 80, from: 'largest', others: true },
      ['a 40', 'b 30', 'Others 30'],
    ],
    [
      { mode: 'accumulated-relative', compare: '>=', percent: 100, from: 'smallest', others: true },
      ['a 40', 'b 30', 'c 20', 'd 10'],
    ],
  ])('%j', (limit, rows) => {
    expect(byCust(limit)).toEqual(rows)
  })
})

describe('several dimensions', () => {
  const nested = (limit: DimensionLimit, inner: Partial<CubeDefinition['dimensions'][0]> = {}) =>
    textsOf({
      dimensions: [
        { definition: 'Region' },
        { definition: 'Cust', suppressNull: true, limit, ...inner },
      ],
      measures: [{ definition: 'Sum(Amount)' }],
    })

  test('values are judged within each combination of the values before', () => {
    expect(nested({ ...counted, count: 1 })).toEqual([
      'N a 30',
      'N Others 35',
      'S c 15',
      'S Others 20',
    ])
    // 40 % of 65, of 35 without NULL.
    expect(nested({ mode: 'relative', compare: '>', percent: 40, others: false })).toEqual([
      'N a 30',
      'N b 30',
      'S c 15',
    ])
    expect(
      nested({ mode: 'accumulated', compare: '>=', value: 20, from: 'largest', others: true }),
    ).toEqual(['N a 30', 'N Others 35', 'S a 10', 'S c 15', 'S Others 10'])
  })

  test('or over all of them', () => {
    expect(nested({ ...counted, count: 1, within: 'all' })).toEqual([
      'N a 30',
      'N Others 35',
      'S a 10',
      'S Others 25',
    ])
  })

  test('others of one dimension have the values of the next, unless they are collapsed', () => {
    const inOthers = (collapseInner: boolean, inner: Partial<CubeDefinition['dimensions'][0]>) =>
      textsOf({
        dimensions: [
          {
            definition: 'Cust',
            suppressNull: true,
            limit: { ...counted, count: 1, collapseInner },
          },
          { definition: 'Region', ...inner },
        ],
        measures: [{ definition: 'Sum(Amount)' }],
      })
    const kept = ['a N 30', 'a S 10']
    expect(inOthers(false, {})).toEqual([...kept, 'Others N 35', 'Others S 25'])
    expect(inOthers(true, {})).toEqual([...kept, 'Others Others 60'])
    expect(inOthers(true, { suppressNull: true })).toEqual([...kept, 'Others Others 60'])
    const limit = { ...counted, count: 1 }
    expect(inOthers(true, { limit })).toEqual(['a N 30', 'a Others 10', 'Others Others 60'])
    expect(inOthers(true, { limit: { ...limit, others: false } })).toEqual([
      'a N 30',
      'Others - 60',
    ])
  })

  test('of tables that nothing links part nothing', () => {
    const limit = { ...counted, count: 1, collapseInner: true }
    const measures = [{ definition: 'Sum(Amount)' }]
    const factor = { definition: 'Factor' }
    const region = { definition: 'Region', limit }
    expect(textsOf({ dimensions: [factor, region], measures })).toEqual([
      '2 N 65',
      '2 Others 60',
      '3 N 65',
      '3 Others 60',
    ])
    expect(textsOf({ dimensions: [region, factor], measures })).toEqual([
      'N 2 65',
      'N 3 65',
      'Others 2 60',
      'Others 3 60',
    ])
  })

  test('values of a synthetic dimension are neither limited nor judged within', () => {
    const list = "=ValueList('x', 'y')"
    expect(
      textsOf({
        dimensions: [
          { definition: list, limit: { ...counted, count: 1 } },
          { definition: 'Cust', suppressNull: true, limit: { ...counted, count: 1 } },
        ],
        measures: [{ definition: 'Sum(Amount)' }],
      }),
    ).toEqual(['x a 40', 'x Others 60', 'y a 40', 'y Others 60'])
  })
})

describe('NULL', () => {
  test('as a value of the dimension is neither kept, folded nor counted in shares', () => {
    const withNull = (limit: DimensionLimit) => byCust(limit, 'Sum(Amount)', false)
    expect(withNull({ ...counted, count: 1 })).toEqual(['a 40', '- 25', 'Others 60'])
    expect(withNull({ mode: 'exact', compare: '>', value: 1000, others: true })).toEqual([
      '- 25',
      'Others 100',
    ])
    expect(withNull({ mode: 'relative', compare: '>=', percent: 40, others: true })).toEqual([
      'a 40',
      '- 25',
      'Others 60',
    ])
  })

  test('as a measure comes last and is kept where values compare, unless told otherwise', () => {
    // Max(Score) by Cust: a 2, b 9, c NULL, d 4.
    const measure = 'Max(Score)'
    expect(byCust({ ...counted, count: 3 }, measure)).toEqual(['a 2', 'b 9', 'd 4', 'Others -'])
    expect(byCust({ ...counted, count: 3, from: 'smallest' }, measure)).toEqual([
      'a 2',
      'b 9',
      'd 4',
      'Others -',
    ])
    const exact = { mode: 'exact', compare: '>', value: 3, others: true } as const
    expect(byCust(exact, measure)).toEqual(['b 9', 'c -', 'd 4', 'Others 2'])
    expect(byCust({ ...exact, keepNonNumbers: false }, measure)).toEqual(['b 9', 'd 4', 'Others 2'])
    const pareto = {
      mode: 'accumulated-relative',
      compare: '>=',
      percent: 60,
      from: 'largest',
      others: true,
    } as const
    expect(byCust(pareto, measure)).toEqual(['b 9', 'c -', 'Others 4'])
    expect(byCust({ ...pareto, keepNonNumbers: false }, measure)).toEqual(['b 9', 'Others 4'])
  })

  test('there are no shares of a sum of 0', () => {
    const relative = { mode: 'relative', compare: '>=', percent: 0, others: true } as const
    expect(byCust(relative, 'Sum(0)')).toHaveLength(4)
    expect(byCust({ ...relative, keepNonNumbers: false }, 'Sum(0)')).toEqual(['Others 0'])
  })
})

describe('what values are judged by', () => {
  const by = (text: string, first = 'Count(Amount)') => ({
    dimensions: [
      { definition: 'Cust', suppressNull: true, limit: { ...counted, count: 1, by: text } },
    ],
    measures: [{ definition: first }, { definition: 'Max(Score)', label: 'Best score' }],
  })

  test('is the first measure, another one by label or definition, or an expression', () => {
    const scored = ['b 1 9', 'Others 5 4']
    expect(textsOf(by('Best score'))).toEqual(scored)
    expect(textsOf(by('Max(Score)'))).toEqual(scored)
    expect(textsOf(by('-Sum(Amount)'))).toEqual(['d 1 4', 'Others 5 9'])
  })

  test('of a first measure in error is NULL; an expression in error is the error of the dimension', () => {
    const broken = cubeOf({
      dimensions: [{ definition: 'Cust', suppressNull: true, limit: { ...counted, count: 1 } }],
      measures: [{ definition: 'Sum(Amout)' }, { definition: 'Sum(Amount)' }],
    })
    expect(broken.page(0, 0, 3, 9).map((row) => row.map(({ text }) => text).join(' '))).toEqual([
      'a - 40',
      'Others - 60',
    ])
    expect(broken.measures[0]?.error?.message).toContain('Did you mean Amount?')
    const own = cubeOf(by('Sum(Amout)'))
    expect(own.dimensions[0]?.error?.code).toBe('field-not-found')
    expect(own.page(0, 0, 3, 9).map((row) => row.map(({ text }) => text).join(' '))).toEqual([
      '- 7 9',
    ])
  })
})

test('calculated dimensions have limits too', () => {
  const measures = [{ definition: 'Sum(Amount)' }]
  const limit = { ...counted, count: 1 }
  const dimensions = [{ definition: "=If(Match(Cust,'a','c'),'ac',Cust)", limit }]
  expect(textsOf({ dimensions, measures })).toEqual(['ac 60', '- 25', 'Others 40'])
  const sizes = { definition: '=Aggr(Sum(Amount),Cust)', suppressNull: true, limit }
  expect(textsOf({ dimensions: [{ definition: 'Region' }, sizes], measures })).toEqual([
    'N 40 30',
    'N Others 35',
    'S 25 25',
    'S Others 35',
  ])
  // The smallest customer of each size: 40 has a with 10 in S.
  const by = '-Min(Aggr(Sum(Amount),Cust,Region))'
  const bySmallest = { ...sizes, limit: { ...limit, by } }
  expect(textsOf({ dimensions: [bySmallest], measures })).toEqual(['20 20', 'Others 105'])
})

test('others have a label, which may be an expression', () => {
  expect(byCust({ ...counted, othersLabel: 'The rest' })[2]).toBe('The rest 30')
  expect(byCust({ ...counted, othersLabel: "='of ' & Count(DISTINCT Cust)" })[2]).toBe('of 4 30')
  const cube = cubeOf({
    dimensions: [{ definition: 'Cust', suppressNull: true, limit: counted }],
    measures: [{ definition: 'Sum(Amount)' }],
  })
  expect(cube.page(0, 2, 1, 1)).toEqual([
    [{ text: 'Others', number: Number.NaN, element: -3, isNull: false }],
  ])
  expect(cube.dimensions[0]?.hasOthers).toBe(true)
})
