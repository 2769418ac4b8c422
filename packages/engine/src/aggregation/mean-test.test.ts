import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { Dual, type Value } from '../value/dual.ts'
import { measure, measureGroups } from './measure-for-tests.ts'
import { aggregations } from './registry.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

// https://help.qlik.com/en-US/sense/May2024/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/StatisticalTestFunctions/ttest/ttest_t_example.htm
const observation = [35, 40, 12, 15, 21, 14, 46, 10, 28, 48, 16, 30, 32, 48, 31, 22, 12, 39, 19, 25]
const comparison = [2, 27, 38, 31, 1, 19, 1, 34, 3, 1, 2, 3, 2, 1, 2, 1, 3, 29, 37, 2]
const report: readonly Value[][] = observation.flatMap((value, row) => [
  ['Observation', value],
  ['Comparison', comparison[row] ?? null],
])

// Student's sleep data; results as R prints them in the examples of t.test, which takes the second from the first.
const extra = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const extraOfSecond = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
const sleep: readonly Value[][] = [
  ...extra.map((value) => ['first', value]),
  ...extraOfSecond.map((value) => ['2nd', value]),
]

function rounded(value: Value, digits: number): number {
  return Number(Number(value).toFixed(digits))
}

function withOptions(rows: readonly Value[][], ...options: Value[]): Value[][] {
  return rows.map((row) => [...row, ...options])
}

describe('t-tests of two samples', () => {
  test.each<[string, Value[], number, number]>([
    ['TTest_t', [], 3.534, 3],
    ['TTest_df', [], 38, 12],
    ['TTest_sig', [], 0.001, 3],
    ['TTest_dif', [], 15.2, 12],
    ['TTest_sterr', [], 4.30101, 5],
    ['TTest_lower', [], 6.49306, 5],
    ['TTest_upper', [], 23.9069, 4],
    ['TTest_t', [0], 3.534, 3],
    ['TTest_df', [0], 37.116717335823, 12],
    ['TTest_lower', [0.025, 0], 6.48625, 5],
    ['TTest_upper', [0.025, 0], 23.9137, 4],
    ['TTest_lower', [0.025, 1], 6.49306, 5],
  ])('%s with %j as the report of the help pages has it', (name, options, expected, digits) => {
    expect(rounded(measure(name, withOptions(report, ...options)), digits)).toBe(expected)
  })

  test.each<[string, Value[], number, number]>([
    ['TTest_t', [0], -1.8608, 4],
    ['TTest_df', [0], 17.776, 3],
    ['TTest_sig', [0], 0.07939, 5],
    ['TTest_lower', [0.025, 0], -3.3654832, 7],
    ['TTest_upper', [0.025, 0], 0.2054832, 7],
    ['TTest_sig', [1], 0.07919, 5],
    ['TTest_lower', [], -3.363874, 6],
    ['TTest_upper', [], 0.203874, 6],
  ])('%s of the sleep data with %j', (name, options, expected, digits) => {
    expect(rounded(measure(name, withOptions(sleep, ...options)), digits)).toBe(expected)
  })

  it('needs exactly two samples of numbers', () => {
    expect(measure('TTest_dif', [])).toBe(null)
    expect(measure('TTest_df', [['a', 1]])).toBe(null)
    expect(measure('TTest_dif', withOptions([...report, ['Third', 1]]))).toBe(null)
    expect(measure('TTest_df', [...report, ['Observation', 'many']])).toBe(null)
    expect(measure('TTest_t', [...report, ['Comparison', null]])).toBe(null)
    expect(measure('TTest_t', [...report, [null, 'x']])).toBe(measure('TTest_t', report))
  })

  it('gives what few values leave defined', () => {
    const two = [
      ['a', 1],
      ['b', 3],
    ]
    expect(measure('TTest_dif', two)).toBe(2)
    expect(measure('TTest_df', two)).toBe(null)
    expect(measure('TTest_sterr', two)).toBe(null)
    const three = [...two, ['b', 5]]
    expect(measure('TTest_df', three)).toBe(1)
    expect(measure('TTest_df', withOptions(three, 0))).toBe(null)
  })

  it('has no t where nothing varies', () => {
    const same = withOptions(['a', 'b', 'a', 'b'].map((label) => [label, 0.1]))
    expect(measure('TTest_t', same)).toBe(null)
    expect(measure('TTest_sig', same)).toBe(null)
    expect(measure('TTest_sterr', same)).toBe(0)
  })
})

describe('t-tests of one sample', () => {
  const differences = extra.map((value, row) => [value - (extraOfSecond[row] ?? 0)])
  test.each<[string, Value[], number, number]>([
    ['TTest1_t', [], -4.0621, 4],
    ['TTest1_df', [], 9, 12],
    ['TTest1_sig', [], 0.002833, 6],
    ['TTest1_dif', [], -1.58, 12],
    ['TTest1_lower', [], -2.4598858, 7],
    ['TTest1_upper', [], -0.7001142, 7],
  ])('%s of paired sleep data with %j', (name, options, expected, digits) => {
    expect(rounded(measure(name, withOptions(differences, ...options)), digits)).toBe(expected)
  })

  it('takes a level of significance, and no other', () => {
    // 3.2498 leaves out 0.5 % on either side of t with 9 degrees of freedom.
    const half = Number(measure('TTest1_conf', withOptions(differences, 0.005)))
    expect(half / Number(measure('TTest1_sterr', differences))).toBeCloseTo(3.2498355, 6)
    expect(measure('TTest1_conf', withOptions(differences, 0.5))).toBe(0)
    for (const level of [0, 0.6, -1, null, 'x'])
      expect(measure('TTest1_conf', withOptions(differences, level))).toBe(null)
  })
})

describe('z-tests', () => {
  const values = comparison.map((value) => [value])
  test.each<[string, Value[], number, number]>([
    ['ZTest_conf', [], 6.4, 2],
    ['ZTest_dif', [], 11.95, 12],
    ['ZTest_sterr', [], 3.27, 2],
    ['ZTest_z', [], 3.66, 2],
    // With a sigma of √20 the standard error is 1.
    ['ZTest_z', [Math.sqrt(20)], 11.95, 10],
    ['ZTest_conf', [Math.sqrt(20)], 1.959964, 6],
    ['ZTest_lower', [Math.sqrt(20)], 9.990036, 6],
    ['ZTest_upper', [Math.sqrt(20), 0.005], 14.525829, 6],
  ])('%s with %j', (name, options, expected, digits) => {
    expect(rounded(measure(name, withOptions(values, ...options)), digits)).toBe(expected)
  })

  it('is two-tailed', () => {
    const rows = [[1.6448536269514722], [1.6448536269514722]]
    expect(measure('ZTest_sig', withOptions(rows, Math.SQRT2))).toBeCloseTo(0.1, 10)
  })

  it('is NULL without a usable deviation', () => {
    expect(measure('ZTest_z', [[5]])).toBe(null)
    expect(measure('ZTest_z', [[5, 2]])).toBe(2.5)
    for (const sigma of [0, -1, null, 'x']) expect(measure('ZTest_z', [[5, sigma]])).toBe(null)
    expect(
      measure('ZTest_z', [
        [5, 2],
        ['x', 2],
      ]),
    ).toBe(null)
  })
})

describe('weights', () => {
  const names = aggregations.map(({ name }) => name).filter((name) => /^[TZ]Test1?_/.test(name))
  const row = fc.record({
    label: fc.constantFrom('a', 'b'),
    value: fc.integer({ min: -50, max: 50 }),
    weight: fc.integer({ min: 0, max: 4 }),
  })

  it('count a value several times, or not at all', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(row, { maxLength: 12 }), (name, rows) => {
        const sampleOf = ({ label, value }: (typeof rows)[number]): Value[] =>
          name.startsWith('TTest_') ? [label, value] : [value]
        const repeated = rows.flatMap((one) =>
          Array.from({ length: one.weight }, () => sampleOf(one)),
        )
        const weighted = rows.map((one) => [one.weight, ...sampleOf(one)])
        const expected = measure(name, repeated)
        const actual = measure(name.replace('_', 'w_'), weighted)
        if (expected === null) expect(actual).toBe(null)
        else expect(Number(actual)).toBeCloseTo(Number(expected), 8)
      }),
      { seed, numRuns: numRuns * 3 },
    )
  })

  it('leave out what has none', () => {
    const rows = [
      [2, 1],
      [1, 4],
      [0, 'x'],
      [-3, 100],
      [null, 100],
      ['x', 100],
    ]
    expect(measure('TTest1w_dif', rows)).toBe(2)
    expect(measure('TTest1w_df', rows)).toBe(2)
    expect(measure('TTest1w_dif', [...rows, [1, 'x']])).toBe(null)
    expect(
      measure('TTest1w_dif', [
        [0.25, 1],
        [0.75, 5],
      ]),
    ).toBe(4)
  })
})

describe('against formulas', () => {
  const sample = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 12 })
  const offset = fc.constantFrom(0, 1000, 1e9)

  it('two samples', () => {
    fc.assert(
      fc.property(sample, sample, offset, fc.boolean(), (first, second, shift, equal) => {
        const a = spread(first)
        const b = spread(second)
        fc.pre(a.variance > 0 && b.variance > 0)
        const rows = [
          ...first.map((value) => ['y', value + shift]),
          ...second.map((value) => ['x', value + shift]),
        ]
        const freedom = equal
          ? a.n + b.n - 2
          : (a.variance / a.n + b.variance / b.n) ** 2 /
            ((a.variance / a.n) ** 2 / (a.n - 1) + (b.variance / b.n) ** 2 / (b.n - 1))
        const pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / (a.n + b.n - 2)
        const error = Math.sqrt(
          equal ? pooled / a.n + pooled / b.n : a.variance / a.n + b.variance / b.n,
        )
        const statistic = (a.mean - b.mean) / error
        const flag = equal ? 1 : 0
        const level = Number(measure('TTest_conf', withOptions(rows, 0.05, flag))) / error
        expect(measure('TTest_df', withOptions(rows, flag))).toBeCloseTo(freedom, 6)
        expect(measure('TTest_sterr', withOptions(rows, flag))).toBeCloseTo(error, 8)
        expect(measure('TTest_t', withOptions(rows, flag))).toBeCloseTo(statistic, 5)
        expect(measure('TTest_sig', withOptions(rows, flag))).toBeCloseTo(
          bothTails(statistic, freedom),
          5,
        )
        expect(bothTails(level, freedom)).toBeCloseTo(0.1, 5)
      }),
      { seed, numRuns },
    )
  })

  it('one sample', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const { n, mean, variance } = spread(values)
        fc.pre(variance > 0)
        const rows = values.map((value) => [value])
        const error = Math.sqrt(variance / n)
        expect(measure('TTest1_t', rows)).toBeCloseTo(mean / error, 8)
        expect(measure('TTest1_sig', rows)).toBeCloseTo(bothTails(mean / error, n - 1), 6)
        expect(measure('ZTest_sig', rows)).toBeCloseTo(bothNormalTails(mean / error), 6)
        expect(
          Number(measure('TTest1_upper', rows)) - Number(measure('TTest1_lower', rows)),
        ).toBeCloseTo(2 * Number(measure('TTest1_conf', rows)), 8)
      }),
      { seed, numRuns },
    )
  })
})

it('keeps groups apart', () => {
  const rows = report.flatMap<[number, ...Value[]]>(([label = null, value = null], at) => [
    [at % 2, label, value],
    [3, label === 'Comparison' ? 'A' : 'B', Number(value) + at],
  ])
  const alone = [0, 1, 3].map((group) =>
    measure(
      'TTest_t',
      rows.filter(([of]) => of === group).map(([, ...args]) => args),
    ),
  )
  expect(measureGroups('TTest_t', rows, 5)).toEqual([alone[0], alone[1], null, alone[2], null])
  expect(alone[2]).not.toBe(null)
})

it('takes the sample of the lesser label from the other, in whatever order they come', () => {
  expect(measure('TTest_dif', [...report].reverse())).toBe(15.2)
  const pairs: readonly (readonly [Value, Value])[] = [
    [9, 10],
    [-1, 'a'],
    ['A', 'b'],
    ['01', '1'],
    [new Dual('z', 1), new Dual('a', 2)],
  ]
  for (const [lesser, greater] of pairs) {
    const rows = [
      [lesser, 5],
      [greater, 7],
    ]
    expect(measure('TTest_dif', rows)).toBe(2)
    expect(measure('TTest_dif', rows.reverse())).toBe(2)
  }
})

it('counts equal rows once with DISTINCT', () => {
  const rows = [2, 2, 4, 6, 6].map((value) => [0, value] as const)
  expect(measureGroups('TTest1_df', rows, 1, true)).toEqual([2])
  expect(measureGroups('TTest1_dif', rows, 1, true)).toEqual([4])
})

// Formulas of textbooks, and probabilities by the rule of Simpson: Student's density over arc tangents is a power of the cosine.
function spread(values: readonly number[]): { n: number; mean: number; variance: number } {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, variance: squares / (n - 1) }
}

function integral(of: (x: number) => number, from: number, to: number): number {
  const steps = 2000
  const step = (to - from) / steps
  let sum = of(from) + of(to)
  for (let at = 1; at < steps; at += 1) sum += (at % 2 === 1 ? 4 : 2) * of(from + at * step)
  return (sum * step) / 3
}

function bothTails(t: number, freedom: number): number {
  const density = (angle: number) => Math.abs(Math.cos(angle)) ** (freedom - 1)
  const angle = Math.atan(Math.abs(t) / Math.sqrt(freedom))
  return integral(density, angle, Math.PI / 2) / integral(density, 0, Math.PI / 2)
}

function bothNormalTails(z: number): number {
  const density = (x: number) => Math.exp((-x * x) / 2) * Math.sqrt(2 / Math.PI)
  return 1 - integral(density, 0, Math.min(Math.abs(z), 12))
}
