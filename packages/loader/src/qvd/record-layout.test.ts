import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsOf, layOut } from './record-layout.ts'
import { readCodes } from './records.ts'
import { putBits } from './write-records.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

test('bits of the largest value', () => {
  expect([-1, 0, 1, 2, 3, 4, 255, 256, 2 ** 32 - 1].map(bitsOf)).toEqual([
    0, 0, 1, 2, 2, 3, 8, 9, 32,
  ])
})

/** `offset:width` of each field. */
const layoutOf = (bits: readonly number[]): string => {
  const { places, recordBytes } = layOut(bits)
  return `${places.map(({ bitOffset, bitWidth }) => `${bitOffset}:${bitWidth}`).join(' ')} of ${recordBytes}`
}

test.each([
  ['nothing to place', [0, 0], '0:0 0:8 of 1'],
  // 10 + 6 + 9 + 7 are a word; the bits to spare bring the first field to a byte
  ['a word', [10, 6, 9, 7], '0:10 10:6 23:9 16:7 of 4'],
  // 7 + 5 + 6 + 7 + 7, of fields of one width the first ones, and the bit to spare
  ['narrow fields first', [7, 7, 7, 7, 6, 5], '0:8 19:7 26:7 33:7 13:6 8:5 of 5'],
  ['bits to spare go to the first that they bring to a byte', [6, 4], '0:8 8:8 of 2'],
  ['or to the last', [2, 2, 2], '0:2 2:2 4:4 of 1'],
  ['units of at most 64 bits spare on their own', [30, 20, 20], '0:32 32:24 56:24 of 10'],
])('%s', (_, bits, expected) => {
  expect(layoutOf(bits)).toBe(expected)
})

test('widths make up the record and no field is narrower than asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 1 }), (bits) => {
      const { places, recordBytes } = layOut(bits)
      const inOrder = places
        .map((place, field) => ({ ...place, least: bits[field]! }))
        .filter(({ bitWidth }) => bitWidth > 0)
        .sort((left, right) => left.bitOffset - right.bitOffset)
      let end = 0
      for (const { bitOffset, bitWidth, least } of inOrder) {
        expect(bitOffset).toBe(end)
        expect(bitWidth).toBeGreaterThanOrEqual(least)
        expect(bitWidth).toBeLessThanOrEqual(32)
        end += bitWidth
      }
      expect(end).toBe(recordBytes * 8)
    }),
    { seed, numRuns },
  )
})

test('bits anywhere in a record, up to five bytes of it, are what the reader finds', () => {
  const places = fc.record({
    offset: fc.integer({ min: 0, max: 40 }),
    bits: fc.integer({ min: 1, max: 32 }),
    rows: fc.array(fc.nat(2 ** 32 - 1), { minLength: 1, maxLength: 5 }),
  })
  fc.assert(
    fc.property(places, ({ offset, bits, rows }) => {
      const largest = 2 ** bits - 1
      const records = Uint32Array.from(rows, (each) => each % (largest + 1))
      const recordBytes = Math.ceil((offset + bits) / 8)
      const chunk = new Uint8Array(recordBytes * rows.length)
      putBits(Uint32Array.from(rows.keys()), rows.length, records, chunk, recordBytes, offset, bits)
      for (const [row, expected] of records.entries()) {
        const record = chunk.slice(row * recordBytes, (row + 1) * recordBytes).reverse()
        const whole = record.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
        expect(whole).toBe(BigInt(expected) << BigInt(offset))
      }
      const format = { type: 'UNKNOWN', pattern: '', decimal: '', thousand: '' }
      const field = { name: 'A', bitOffset: offset, bitWidth: bits, bias: 0, offset: 0, length: 0 }
      const codes = readCodes(
        chunk,
        rows.length,
        recordBytes,
        { ...field, symbols: 2 ** 32, format },
        'test',
      )
      expect([...codes]).toEqual([...records].map((each) => (each + 1) % 2 ** 32))
    }),
    { seed, numRuns },
  )
})
