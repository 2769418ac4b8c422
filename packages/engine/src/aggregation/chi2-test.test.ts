import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../value/dual.ts'
import { measure, measureGroups } from './measure-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

/** A row of (column, row, count …) per cell of tables of the same shape. */
function cells(...tables: readonly (readonly (readonly Value[])[])[]): Value[][] {
  const [first = []] = tables
  return first.flatMap((line, row) =>
    line.map((_, column) => [
      `c${column}`,
      row,
      ...tables.map((table) => table[row]?.[column] ?? null),
    ]),
  )
}

const opinions = [
  [58, 35],
  [11, 25],
  [10, 23],
]
const expected = [
  [45.35, 47.65],
  [17.56, 18.44],
  [16.09, 16.91],
]

describe('chi² tests', () => {
  // Sample 3 of the help page is the example of https://support.microsoft.com/en-us/excel/chisq-test-function
  it('compare with expected counts', () => {
    expect(measure('Chi2Test_chi2', cells(opinions, expected))).toBeCloseTo(16.16957, 4)
    expect(measure('Chi2Test_df', cells(opinions, expected))).toBe(2)
    expect(measure('Chi2Test_p', cells(opinions, expected))).toBeCloseTo(0.000308, 6)
    // https://geogebra.github.io/docs/manual/de/commands/ChiQuadratTest
    const single = cells([[1, 2, 3, 4]], [[3, 2, 4, 2]])
    expect(measure('Chi2Test_chi2', single)).toBeCloseTo(3.58, 2)
    expect(measure('Chi2Test_df', single)).toBe(3)
    expect(measure('Chi2Test_p', single)).toBeCloseTo(0.31, 2)
  })

  // Samples 2 and 1 of the help page; with 2 degrees of freedom p is e^(-chi²/2).
  it('test columns and rows for independence', () => {
    expect(measure('Chi2Test_chi2', cells(opinions))).toBeCloseTo(16.164918, 6)
    expect(measure('Chi2Test_p', cells(opinions))).toBeCloseTo(Math.exp(-16.16491833 / 2), 10)
    const grades = cells([
      [15, 7, 9, 20, 26, 19],
      [10, 11, 7, 15, 21, 16],
    ])
    expect(measure('Chi2Test_df', grades)).toBe(5)
    expect(measure('Chi2Test_chi2', grades)).toBeCloseTo(2.2059176, 7)
  })

  it('agree with a full table however it is given', () => {
    const table = fc
      .tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom(3, 5))
      .chain(([columns, rows]) =>
        fc.array(
          fc.array(fc.integer({ min: 0, max: 30 }), { minLength: columns, maxLength: columns }),
          { minLength: rows, maxLength: rows },
        ),
      )
    fc.assert(
      fc.property(table, fc.boolean(), fc.infiniteStream(fc.nat()), (counts, sparse, random) => {
        const oracle = independence(counts)
        const rows = cells(counts)
          .filter((row) => !sparse || row[2] !== 0)
          .flatMap(([column = null, row = null, count]) => {
            const part = Math.floor(Number(count) / 3)
            return [
              [column, row, part],
              [column, row, Number(count) - part],
            ]
          })
        const shuffled = rows
          .map((row) => ({ row, at: random.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row)
        if (Number.isNaN(oracle.chi2)) {
          if (!sparse) expect(measure('Chi2Test_p', shuffled)).toBe(null)
          return
        }
        expect(measure('Chi2Test_chi2', shuffled)).toBeCloseTo(oracle.chi2, 9)
        expect(measure('Chi2Test_df', shuffled)).toBe(oracle.freedom)
        expect(measure('Chi2Test_p', shuffled)).toBeCloseTo(
          evenTail(oracle.chi2, oracle.freedom),
          9,
        )
      }),
      { seed, numRuns },
    )
  })

  it('keep groups apart', () => {
    const rows = [
      ...cells(opinions).map((row) => [1, ...row] as const),
      ...cells(opinions).map(
        ([column = null, row = null, n]) => [3, row, column, Number(n) * 2] as const,
      ),
    ]
    const chi2 = measureGroups('Chi2Test_chi2', rows, 5)
    expect(chi2.map((value) => value === null)).toEqual([true, false, true, false, true])
    expect(chi2[1]).toBeCloseTo(16.164918, 6)
    expect(chi2[3]).toBeCloseTo(2 * 16.164918, 5)
  })

  it('are NULL for counts that are no numbers, and where nothing can be expected', () => {
    for (const bad of [null, 'x', -1]) {
      const [, ...rest] = opinions
      expect(measure('Chi2Test_df', cells([[bad, 35], ...rest]))).toBe(null)
      expect(measure('Chi2Test_chi2', cells(opinions, [[bad, 47.65], ...expected.slice(1)]))).toBe(
        null,
      )
    }
    expect(measure('Chi2Test_p', cells([[0, 0], ...opinions]))).toBe(null)
    expect(measure('Chi2Test_p', cells([[0, 4]], [[0, 4]]))).toBe(null)
    expect(measure('Chi2Test_p', [])).toBe(null)
    expect(measure('Chi2Test_p', cells([[3, 4]]))).toBe(null)
    expect(measure('Chi2Test_chi2', cells([[3, 4]]))).toBe(0)
    const rows = [...cells(opinions), [null, 1, 7], ['c0', null, 'x']]
    expect(measure('Chi2Test_chi2', rows)).toBeCloseTo(16.164918, 6)
  })
})

function independence(counts: readonly (readonly number[])[]): { chi2: number; freedom: number } {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  const ofRows = counts.map(sum)
  const ofColumns = (counts[0] ?? []).map((_, column) => sum(counts.map((row) => row[column] ?? 0)))
  const total = sum(ofRows)
  const deviations = ofRows.flatMap((ofRow, row) =>
    ofColumns.map((ofColumn, column) => {
      const expected = (ofRow * ofColumn) / total
      return ((counts[row]?.[column] ?? 0) - expected) ** 2 / expected
    }),
  )
  return { chi2: sum(deviations), freedom: (ofRows.length - 1) * (ofColumns.length - 1) }
}

/** The tail of chi² for an even number of degrees of freedom is a sum of Poisson probabilities. */
function evenTail(chi2: number, freedom: number): number {
  let term = Math.exp(-chi2 / 2)
  let sum = term
  for (let k = 1; k < freedom / 2; k += 1) {
    term *= chi2 / 2 / k
    sum += term
  }
  return sum
}
