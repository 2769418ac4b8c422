import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeUtf8 } from '../base/utf8.ts'
import { ShortCells } from './short-cells.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('never takes one cell for another, and knows the last one', () => {
  const text = fc.stringMatching(/^[ab\0é]{1,8}$/).filter((each) => encodeUtf8(each).length <= 8)
  fc.assert(
    fc.property(fc.array(text, { maxLength: 300 }), (texts) => {
      const cells = new ShortCells()
      const expected = new Map<string, number>()
      for (const each of texts) {
        const bytes = encodeUtf8(`x${each}y`)
        const end = bytes.length - 1
        const found = cells.find(bytes, 1, end)
        if (found === 0) {
          if (!expected.has(each)) expected.set(each, expected.size + 1)
          cells.remember(end - 1, expected.get(each)!)
        } else expect(found).toBe(expected.get(each))
        expect(cells.find(bytes, 1, end)).toBe(expected.get(each))
      }
    }),
    { seed, numRuns },
  )
  expect([0, 1, 8, 9].map((length) => ShortCells.holds(length))).toEqual([false, true, true, false])
})

test('cells that differ in nothing but their length are told apart wherever they fall', () => {
  const cells = new ShortCells()
  for (let first = 0x21; first < 0x7f; first++)
    for (let second = 0x21; second < 0x7f; second++) {
      const bytes = Uint8Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? first : second))
      for (const length of [4, 6, 8]) {
        const known = cells.find(bytes, 0, length)
        expect(known === 0 || known === length).toBe(true)
        cells.remember(length, length)
      }
    }
})
