import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collate } from '../value/collate.ts'
import { measure } from './measure-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/StringAggregationFunctions/concat.htm
describe('Concat', () => {
  test('orders what has equal weights by text, also where the weight is no number', () => {
    const teams = [
      ['Gamma', '-', 20_000],
      ['Alpha', '-', 25_000],
      ['Delta', '-', 14_000],
      ['Beta', '-', 20_000],
    ] as const
    expect(measure('Concat', teams)).toBe('Delta-Beta-Gamma-Alpha')
    const unweighted = [
      ['b', '', null],
      ['a', '', 'x'],
      ['c', '', -1],
    ] as const
    expect(measure('Concat', unweighted)).toBe('cab')
  })

  test('does not depend on the order of the rows', () => {
    const row = fc.tuple(
      fc.constantFrom('a', 'b', 'B', 'é', '10', '9'),
      fc.constant(','),
      fc.integer({ min: -1, max: 1 }),
    )
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        const expected = [-1, 0, 1].flatMap((weight) =>
          rows
            .filter(([, , each]) => each === weight)
            .map(([text]) => text)
            .sort(collate),
        )
        expect(measure('Concat', rows)).toBe(expected.join(','))
        expect(measure('Concat', [...rows].reverse())).toBe(expected.join(','))
      }),
      { seed, numRuns },
    )
  })
})
