import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8, utf8Length } from './utf8.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('well-formed text is what TextEncoder makes of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)])
      expect(utf8Length(text)).toBe(encodeUtf8(text).length)
    }),
    { seed, numRuns },
  )
})

test('every string survives the round trip, lone surrogates included', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 })
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes)
      expect(decodeUtf8(encodeUtf8(text))).toBe(text)
    }),
    { seed, numRuns },
  )
  const long = 'añ😀'.repeat(5000)
  expect(decodeUtf8(encodeUtf8(long))).toBe(long)
})

test('bytes that are not UTF-8 read as U+FFFD one by one', () => {
  expect(decodeUtf8(Uint8Array.of(0x61, 0xff, 0x62))).toBe('a\ufffdb')
  expect(decodeUtf8(Uint8Array.of(0xe2, 0x82))).toBe('\ufffd\ufffd')
  expect(decodeUtf8(Uint8Array.of(0xc0, 0xaf))).toBe('\ufffd\ufffd')
})
