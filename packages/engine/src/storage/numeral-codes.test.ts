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
      const decimalsOfTable = numerals.find(([digits]) => digits < 1 << 22)?.[1]
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

test('translating finds what find does, and stops at the first that is not known', () => {
  const numeral = fc.oneof(
    fc.nat(500),
    fc.nat(99_999_999 * 8 + 7),
    fc.integer({ min: -600, max: -1 }),
  )
  fc.assert(
    fc.property(
      fc.array(numeral, { maxLength: 100 }),
      fc.array(numeral, { maxLength: 100 }),
      (known, sought) => {
        const codes = new NumeralCodes()
        for (const [index, key] of known.entries())
          if (key >= 0 && codes.find(key) === 0) codes.remember(key, index + 1)
        const expected = sought.map((key) => (key < 0 ? 0 : codes.find(key)))
        const marks = Int32Array.from(sought, (key) => ~key)
        const out = new Uint32Array(sought.length)
        for (let at = 0; at < sought.length; at++) {
          const unknown = expected.indexOf(0, at)
          const end = unknown < 0 ? sought.length : unknown
          expect(codes.translate(marks, at, sought.length, out)).toBe(end)
          expect([...out.subarray(at, end)]).toEqual(expected.slice(at, end))
          at = end
        }
      },
    ),
    { seed, numRuns },
  )
})
