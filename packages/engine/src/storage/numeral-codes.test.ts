import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumeralCodes } from './numeral-codes.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('knows the code that was remembered or none, and all dense ones of the first decimals', () => {
  const numeral = fc.tuple(
    fc.oneof(fc.nat(40), fc.nat(9000), fc.nat(99_999_999)),
    fc.constantFrom(2, 2, 2, 0, 7),
  )
  fc.assert(
    fc.property(fc.array(numeral, { maxLength: 200 }), (numerals) => {
      const codes = new NumeralCodes()
      const expected = new Map<number, number>()
      const decimalsOfTable = numerals[0]?.[1]
      for (const [digits, decimals] of numerals) {
        const key = digits * 8 + decimals
        const found = codes.find(key)
        if (found !== 0) expect(found).toBe(expected.get(key))
        else {
          const dense = decimals === decimalsOfTable && digits < 4096
          expect(dense && expected.has(key)).toBe(false)
          if (!expected.has(key)) expected.set(key, expected.size + 1)
          codes.remember(key, expected.get(key)!)
        }
        expect(codes.find(key)).toBe(expected.get(key))
      }
    }),
    { seed, numRuns },
  )
})

test('the table follows values that grow', () => {
  const codes = new NumeralCodes()
  for (let digits = 0; digits < 100_000; digits++) codes.remember(digits * 8, digits + 1)
  for (let digits = 0; digits < 100_000; digits += 7)
    expect(codes.find(digits * 8)).toBe(digits + 1)
  expect(codes.find(100_001 * 8)).toBe(0)
  expect(codes.find(5 * 8 + 1)).toBe(0)
})
