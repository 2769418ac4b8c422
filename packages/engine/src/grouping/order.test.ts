import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstGroups, sortGroups } from './order.ts'
import { SortedGroups } from './sorted-groups.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 100)

const numbers = fc.constantFrom<readonly number[]>(
  [0, 1, 2, Number.NaN],
  [0, -0, 5, 4e9, 2 ** 31, Number.NaN],
  [-1.5, 2.25, 1e300, -1e-300, 0, -0, Number.POSITIVE_INFINITY, Number.NaN],
)
const keys = fc.array(
  fc.record({ from: numbers, direction: fc.constantFrom<1 | -1>(1, -1), step: fc.nat(1000) }),
  { maxLength: 3 },
)

test('digits, comparisons and the heap give the same order', () => {
  fc.assert(
    fc.property(keys, fc.constantFrom(0, 1, 7, 511, 700, 1500), fc.nat(2000), (shape, count, n) => {
      const built = shape.map(({ from, direction, step }) => ({
        direction,
        values: Array.from(
          { length: count },
          (_, id) => from[(((id + 1) * (step * 2 + 1)) >>> 3) % from.length] ?? 0,
        ),
      }))
      const ids = Uint32Array.from({ length: count }, (_, at) => (at * 11) % Math.max(1, count))
      const place = new Map([...ids].map((id, at) => [id, at]))
      const expected = [...ids].sort((a, b) => {
        for (const { values, direction } of built) {
          const left = values[a] ?? 0
          const right = values[b] ?? 0
          if (left === right || (Number.isNaN(left) && Number.isNaN(right))) continue
          if (Number.isNaN(left)) return 1
          if (Number.isNaN(right)) return -1
          return (left - right) * direction || (left < right ? -direction : direction)
        }
        return (place.get(a) ?? 0) - (place.get(b) ?? 0)
      })
      expect([...firstGroups(ids, built, n)]).toEqual(expected.slice(0, n))
      const lazy = new SortedGroups(ids, built)
      for (const asked of [n >> 4, n, count])
        expect([...lazy.first(asked).subarray(0, asked)]).toEqual(expected.slice(0, asked))
      expect([...sortGroups(ids.slice(), built)]).toEqual(expected)
    }),
    { seed, numRuns },
  )
})
