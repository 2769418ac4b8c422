import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomial, factorial } from './combinatorics.ts'
import { normalCumulative, normalInverse } from './distributions.ts'
import { sumOf } from './exact-sum.ts'
import { internalRate, netPresentValue } from './finance.ts'
import { levenshtein } from './levenshtein.ts'
import { modeOf, quantileOf } from './sample.ts'
import { sha256 } from './sha256.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

describe('math', () => {
  it('hashes like an independent SHA-256', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const expected = createHash('sha256').update(text, 'utf8').digest('hex')
        expect(Buffer.from(sha256(text)).toString('hex')).toBe(expected)
      }),
      { seed, numRuns },
    )
  })

  it('sums without losing small terms', () => {
    expect(sumOf([1e100, 1, -1e100])).toBe(1)
    expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1)
    expect(sumOf([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.POSITIVE_INFINITY)
  })

  it('finds quantiles and modes', () => {
    expect(quantileOf([1, 2, 4, 6], 0.5)).toBe(3)
    expect(quantileOf([], 0.5)).toBeNaN()
    expect(modeOf([1, 2, 2])).toBe(2)
    expect(modeOf([1, 1, 2, 2, 3, 3, 3])).toBe(3)
    expect(modeOf([1, 2])).toBeUndefined()
  })

  it('finds the rate that makes payments worth nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 }),
        (income) => {
          const payments = [-3000, ...income]
          const rate = internalRate(payments)
          if (Number.isNaN(rate)) return
          expect(Math.abs(netPresentValue(rate, payments))).toBeLessThan(1e-3)
        },
      ),
      { seed, numRuns },
    )
  })

  it('inverts the normal distribution', () => {
    for (const z of [-5, -1.96, 0, 0.5, 3])
      expect(normalInverse(normalCumulative(z))).toBeCloseTo(z, 6)
  })

  it('counts choices', () => {
    expect(binomial(35, 7)).toBe(6724520)
    expect(factorial(20)).toBe(2432902008176640000)
    expect(levenshtein('', 'abc')).toBe(3)
  })
})
