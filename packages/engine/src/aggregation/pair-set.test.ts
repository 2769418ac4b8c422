import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PairSet } from './pair-set.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('a pair is new exactly once, while dense and when hashed', () => {
  const number = fc.oneof(fc.nat(40), fc.nat(5000), fc.nat(4_000_000))
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 60 }), (pairs) => {
      const set = new PairSet()
      const known = new Set<string>()
      for (const [first, second] of [...pairs, ...pairs]) {
        expect(set.add(first, second)).toBe(!known.has(`${first},${second}`))
        known.add(`${first},${second}`)
      }
    }),
    { seed, numRuns },
  )
})
